"""The pages of a family's record: what is shown of it, and each part's own form."""

from datetime import date, timedelta
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from chassis import clock
from gateway.pages.family import views as families
from gateway.pages.forms import Filled, Form
from gateway.pages.record import parts, views
from gateway.pages.record.parts import Part
from tests.support.families import a_family
from tests.support.pages import Looking, Seen, seen

NUMBER = "9990000018"
BARRED = {"name": "Dean Marsh", "relation": "Finn's father", "may_not": ["collect", "be_told"], "why": "A court order"}
UNSAFE = {"kind": "phone", "value": "020 7946 0001", "safe": False, "note": "He answers it"}


def known(**changed: Any) -> dict[str, Any]:
    """Return a family of which everything is known."""
    family = a_family(not_allowed=[BARRED], risks_to_visitors="A large dog", **changed)
    family["parents"][0] |= {
        "title": "Dr", "middle_names": "Mary", "preferred_name": "Nell", "nhs_number": NUMBER, "ethnicity": "B", "gp": "Lister",
        "language": "Irish",
        "access_needs": "Step-free access", "contact_points": [*family["parents"][0]["contact_points"], UNSAFE],
    }  # fmt: skip
    old = {"line": "3 Harper Road", "postcode": "SE1 6AD", "from_on": date(2021, 5, 1), "until_on": date(2024, 2, 1)}
    family["addresses"].append({**old, "safe_for_letters": False, "safe_for_visits": True})
    family["former"] = [{"id": family["id"], "kind": "parent", "name": "Alex Doyle", "left_on": date(2025, 3, 4), "why": "They parted"}]
    return family


def replies() -> list[Any]:
    attendance: dict[str, Any] = {
        "entries": [],
        "days": [],
        "place": None,
        "attended": 0,
        "of": 0,
        "next_session": None,
        "engagement": "trying",
    }
    return [{"entries": []}, {"entries": []}, attendance, {"entries": [], "open_cases": []}]


def details(looking: Looking, family: dict[str, Any], *roles: str, part: str = "details") -> Seen:
    with looking(*roles or ("practitioner",), path=f"/southwark/families/{family['id']}?part={part}"):
        return seen(families.whole(family, replies(), part))


def asked(looking: Looking, one: Part, family: dict[str, Any], filled: Filled | None = None) -> Seen:
    form = Form(one.schema, "family_id", *one.given, labels=one.labels(family), order=one.order)
    with looking("practitioner", path=f"/southwark/families/{family['id']}/record/needs"):
        return seen(views.asked(one, family, filled or form.blank(**one.values(family)), family["version"]))


def test_people_and_safe_ways_to_reach_them_stand_on_top(looking: Looking) -> None:
    page = details(looking, known(), part="story")
    top = page.one(".family-top").text
    assert "Dr Sinead Mary Doyle, called Nell" in top
    assert "07700 900123" in top
    assert "020 7946 0001" not in top
    assert "Rye Lane" not in top
    headings = [one.text.strip() for one in page.all("h1, h2, .family-top")]
    assert headings.index("Before you make contact") == 1


def test_who_may_not_collect_and_what_to_beware_of_can_not_be_passed_over(looking: Looking) -> None:
    page = details(looking, known(), part="story")
    assert "Dean Marsh, Finn's father, may not collect and must not be told anything" in page.one(".heed").text
    assert "A large dog" in page.one(".heed").text


def test_everything_that_is_kept_is_shown_to_who_keeps_it(looking: Looking) -> None:
    page = details(looking, known())
    for words in (
        "999 000 0018",
        "White Irish",
        "Lister",
        "Irish",
        "Step-free access",
        "has parental responsibility",
        "Alex Doyle",
        "They parted",
    ):
        assert words in page.text, words
    assert "020 7946 0001 (not safe to use): He answers it" in page.words
    assert "Until 1 February 2024" in page.text or "until 1 February 2024" in page.text
    assert len(page.all("a[href*='/record/']")) >= 8


def test_who_may_not_change_a_record_sees_no_way_to(looking: Looking) -> None:
    assert details(looking, a_family(), "facilitator").all("a[href*='/record/']") == []


def test_an_empty_record_says_kindly_what_is_not_known(looking: Looking) -> None:
    page = details(looking, a_family(addresses=[], address=None))
    assert "No address is known." in page.text
    assert "Nobody, as far as we know." in page.text


def test_the_last_of_a_side_can_not_be_taken_out_from_the_page(looking: Looking) -> None:
    assert details(looking, a_family()).all("a[href*='take-out']") == []


def test_an_expected_baby_is_one_wherever_the_family_stands(looking: Looking) -> None:
    family = a_family()
    baby = {
        **family["children"][0],
        "given_name": "",
        "family_name": "",
        "birth_date": None,
        "expected_date": clock.today() + timedelta(days=40),
    }
    page = details(looking, {**family, "children": [baby]}, part="story")
    assert "Expected baby" in page.one(".family-top").text
    assert "expected baby is due" in page.text


@pytest.mark.parametrize(
    ("one", "name", "value"),
    [
        (parts.CONTACT, "people-0-contact_points-1-value", "020 7946 0001"),
        (parts.ADDRESSES, "addresses-1-line", "3 Harper Road"),
        (parts.NEEDS, "language", "English"),
        (parts.SAFETY, "not_allowed-0-name", "Dean Marsh"),
    ],
)
def test_a_part_is_filled_in_with_what_is_kept(looking: Looking, one: Part, name: str, value: str) -> None:
    page = asked(looking, one, known())
    assert page.one(f"[name={name}]")["value"] == value
    assert page.one("[name=version]")["value"] == "4"


def test_a_person_is_asked_for_by_name_and_child(looking: Looking) -> None:
    family = known()
    page = asked(looking, parts.parent(family["parents"][0]), family)
    assert page.one("#nhs_number")["value"] == NUMBER
    assert page.one("#ethnicity option[selected]").text == "White Irish"
    assert "What they are to Finn" in page.text
    assert "Do they have parental responsibility for Finn?" in page.text
    assert page.one("[name=relations-0-child_id]")["value"] == str(family["children"][0]["id"])
    assert page.one("h1").text == "Change the details of Nell"


def test_whether_to_say_an_ethnic_group_is_theirs_to_decide(looking: Looking) -> None:
    family = a_family()
    options = [one.text for one in asked(looking, parts.child(family["children"][0]), family).all("#ethnicity option")]
    assert options[-2:] == ["They would rather not say", "Not asked yet"]


def test_somebody_new_is_asked_what_they_are_to_each_child(looking: Looking) -> None:
    page = asked(looking, parts.parent(None), a_family())
    assert page.one("#given_name")["value"] == ""
    assert len(page.all("[name=relations-0-relation] option")) > 20


def test_a_box_that_nobody_filled_in_is_no_number() -> None:
    form = Form(parts.CONTACT.schema, "family_id")
    posted = form.blank(**parts.CONTACT.values(a_family())).posted
    posted["people-0-contact_points-1-"] = ""
    posted["people-0-contact_points-1-kind"] = ""
    checked = form.sent(posted).checked(family_id=str(a_family()["id"]), version=4)
    assert checked is not None
    assert [point["value"] for point in checked["people"][0]["contact_points"]] == ["07700 900123"]


def test_what_is_wrong_is_said_at_its_box(looking: Looking) -> None:
    family = known()
    form = Form(parts.ADDRESSES.schema, "family_id")
    posted = form.blank(**parts.ADDRESSES.values(family)).posted
    for name in ("day", "month", "year"):
        posted.pop(f"addresses-1-until_on-{name}")
    filled = form.sent(MultiDict(posted))
    assert filled.checked(family_id=str(family["id"]), version=4) is None
    page = asked(looking, parts.ADDRESSES, family, filled)
    assert "they live at one address now" in page.one(".govuk-error-summary").text
    assert page.one(".govuk-error-summary a")["href"] == "#addresses-1-until_on"
    assert page.one("#addresses-1-until_on")["name"] == "addresses-1-until_on-day"


def test_both_versions_of_a_part_stand_beside_each_other(looking: Looking) -> None:
    family = a_family()
    filled = Form(parts.NEEDS.schema, "family_id").blank(**{**parts.NEEDS.values(family), "language": "Irish"})
    with looking("practitioner", path=f"/southwark/families/{family['id']}/record/needs"):
        response = views.both(parts.NEEDS, {**family, "version": 5}, filled)
        page = seen(response)
    assert response.status_code == 409
    assert page.one(".version--yours").text.endswith("Irish")
    assert page.one(".version:not(.version--yours)").text.endswith("English")
    assert page.one("[name=version]")["value"] == "5"


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "\U0001f469\u200d\U0001f467 Nell", "\u0641\u0627\u0637\u0645\u0629", " ".join(["Maria"] * 40)]
)
def test_any_name_is_shown_as_it_is_and_never_as_markup(looking: Looking, name: str) -> None:
    family = known()
    family["parents"][0] |= {"given_name": name, "preferred_name": None}
    page = details(looking, family)
    assert name in page.text
    assert page.all("main script") == []
