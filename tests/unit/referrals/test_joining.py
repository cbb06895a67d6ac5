"""What a parent who wants to join is asked, and the referral that is made of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from marshmallow import ValidationError

from chassis import clock
from services.referrals import contract
from services.referrals.contract import joining
from services.referrals.models.joining import due_days, request_of_parent

TODAY = clock.today()
BORN = TODAY - timedelta(days=500)
LEAST: dict[str, Any] = {
    "given_name": "Ana",
    "family_name": "Lopes",
    "relationship": "MTH",
    "channels": ["text"],
    "phone": "07700 900123",
    "children": [{"given_name": "Rui", "born_or_due": BORN.isoformat()}],
}


def loaded(**answers: Any) -> dict[str, Any]:
    """Return the least that somebody may answer, changed, as it is loaded."""
    found: dict[str, Any] = contract.JoinRequest().load({**LEAST, **answers})
    return found


def faults(**answers: Any) -> Any:
    with pytest.raises(ValidationError) as wrong:
        loaded(**answers)
    return wrong.value.messages_dict


def test_every_question_stands_in_one_step_and_every_step_in_the_whole() -> None:
    asked = [field for fields in contract.JOIN_STEPS.values() for field in fields]
    assert len(asked) == len(set(asked))
    assert set(asked) == set(contract.JoinRequest().fields)


def test_what_a_parent_may_say_they_are_is_a_code_that_the_team_knows() -> None:
    assert joining.ADULTS.keys() <= contract.RELATIONSHIPS.keys()
    assert joining.WAYS.keys() <= contract.CHANNELS.keys()


def test_the_least_that_must_be_said_is_who_how_and_for_whom() -> None:
    needed = {name for name, field in contract.JoinRequest().fields.items() if field.required}
    assert needed == {"given_name", "family_name", "relationship", "channels", "children"}


def test_no_question_is_about_health() -> None:
    for field in contract.JoinRequest().fields.values():
        words = set(f"{field.metadata.get('label')} {field.metadata.get('hint', '')}".casefold().replace("?", "").split())
        assert not words & {"health", "ill", "illness", "doctor", "mood", "feel", "medicine"}


@pytest.mark.parametrize(
    ("channels", "field", "said"),
    [
        (["phone"], "phone", joining.NEEDS_PHONE),
        (["text", "letter"], "phone", joining.NEEDS_PHONE),
        (["email"], "email", joining.NEEDS_EMAIL),
        (["someone"], "someone", joining.NEEDS_SOMEONE),
    ],
)  # fmt: skip
def test_a_way_that_was_chosen_needs_what_it_goes_by(channels: list[str], field: str, said: str) -> None:
    assert faults(channels=channels, phone=None)[field] == [said]


def test_letters_need_to_know_where_once_it_was_asked() -> None:
    step = contract.step_schema("self", "contact")
    assert step.load({"channels": ["letter"]})["channels"] == ["letter"]
    assert faults(channels=["letter"], phone=None) == {"line": [joining.NEEDS_ADDRESS]}
    assert loaded(channels=["letter"], line="1 Rye Lane", postcode="SE15 5LX")


@pytest.mark.parametrize(
    ("child", "field", "said"),
    [
        ({"born_or_due": BORN.isoformat()}, "given_name", joining.NEEDS_NAME),
        ({"born_or_due": (TODAY + timedelta(days=301)).isoformat()}, "born_or_due", joining.BAD_DAY),
        ({"born_or_due": "1899-12-31", "given_name": "Rui"}, "born_or_due", None),
    ],
)  # fmt: skip
def test_a_child_has_a_name_once_born_and_a_day_that_can_be(child: dict[str, str], field: str, said: str | None) -> None:
    found = faults(children=[child])["children"][0][field]
    assert said is None or found == [said]


def test_no_more_children_than_a_family_has() -> None:
    one = {"given_name": "Rui", "born_or_due": BORN.isoformat()}
    assert loaded(children=[one] * 8)
    assert "children" in faults(children=[one] * 9)
    assert "children" in faults(children=[])


def test_a_referral_is_made_of_the_least() -> None:
    request = request_of_parent(loaded())
    assert request["referrer"] == {"name": "Ana Lopes", "service": "The parent", "source": "B1", "may_be_told": "status"}
    assert (request["why_now"], request["concern"], request["secondary_care"], request["parental_need"]) == (
        "",
        "",
        "not_known",
        "not_known",
    )
    assert (request["language"], request["interpreter"], request["not_allowed"]) == ("English", False, [])
    assert request["agreement"]["agrees"] == "yes"


def test_nobody_is_mailed_as_a_referrer_who_asked_for_themselves() -> None:
    request = request_of_parent(loaded(channels=["email"], email="ana@example.org"))
    assert "email" not in request["referrer"]


def test_a_number_is_safe_only_by_a_way_that_was_chosen() -> None:
    request = request_of_parent(loaded(channels=["email"], email="ana@example.org", phone="07700 900123"))
    points = {one["kind"]: one["safe"] for one in request["parents"][0]["contact_points"]}
    assert points == {"phone": False, "email": True}


def test_a_child_of_today_is_born_and_one_of_tomorrow_is_expected() -> None:
    tomorrow = TODAY + timedelta(days=1)
    children = [{"given_name": "Rui", "born_or_due": TODAY.isoformat()}, {"born_or_due": tomorrow.isoformat()}]
    request = request_of_parent(loaded(children=children))
    assert [(one["birth_date"], one["expected_date"]) for one in request["children"]] == [(TODAY, None), (None, tomorrow)]
    assert [one["family_name"] for one in request["children"]] == ["Lopes", "Lopes"]


def test_who_must_not_know_is_written_where_the_team_looks_for_it() -> None:
    request = request_of_parent(loaded(must_not_know="My brother", avoid="Do not ring the bell", someone="Bea"))
    assert [(one["name"], one["may_not"]) for one in request["not_allowed"]] == [("My brother", ["be_told"])]
    assert (request["safe_contact"]["avoid"], request["safe_contact"]["through"]) == ("Do not ring the bell", "Bea")


@pytest.mark.parametrize(
    ("policy", "first_contact", "first_visit"),
    [
        ({}, date(2027, 1, 4), date(2027, 1, 25)),
        ({"first_contact_days": 1, "assessment_days": 10}, date(2026, 12, 24), date(2027, 1, 11)),
    ],
)  # fmt: skip
def test_what_is_promised_counts_working_days_over_christmas(policy: dict[str, int], first_contact: date, first_visit: date) -> None:
    assert due_days(policy, date(2026, 12, 23)) == {"first_contact": first_contact, "first_visit": first_visit}
