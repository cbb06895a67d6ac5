"""A family's record changed a part at a time, by several people at once, told to the others in part."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis import clock
from chassis.caller import Caller
from chassis.contract import Operation
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Restricted, Stale
from chassis.ids import new_id
from services.referrals import contract
from tests import factories
from tests.support.desk import Desk

NUMBER = "9990000018"
POINTS = [
    {"kind": "phone", "value": "07700 900123", "safe": True, "note": "Texts only"},
    {"kind": "phone", "value": "020 7946 0001", "safe": False, "note": "He answers it"},
]
BARRED = {"name": "Dean Marsh", "relation": "Finn's father", "may_not": ["collect", "be_told"], "why": "A court order"}
HOME = {"line": "14 Rye Lane", "postcode": "se155by", "from_on": clock.today() - timedelta(days=30), "until_on": None}
Register = Callable[..., dict[str, Any]]


@pytest.fixture
def register(referrals: Desk, clinician: Caller) -> Register:
    """Refer and accept a family; return it."""

    def accepted(**changed: Any) -> dict[str, Any]:
        received = referrals.ask(contract.REFER, clinician, **factories.referral_details(**changed))
        referrals.ask(contract.ACCEPT, clinician, referral_id=received["id"], version=1, reason="Fits")
        return referrals.ask(contract.GET_FAMILY, clinician, family_id=received["family_id"])

    return accepted


@pytest.fixture
def colleague(southwark: UUID) -> Caller:
    """Another clinician of the borough."""
    return factories.caller(southwark, kind="adult_mental_health", name="Paul Lang")


def part(operation: Operation, family: dict[str, Any]) -> dict[str, Any]:
    """Return a request that changes one part of a family's record."""
    parent, child = family["parents"][0], family["children"][0]
    asked: dict[Operation, dict[str, Any]] = {
        contract.SAVE_PARENT: {
            "person_id": parent["id"], "given_name": "Sinead", "family_name": "Doyle", "preferred_name": "Nell",
            "nhs_number": "999 000 0018",
            "relations": [{"child_id": child["id"], "relation": "MTH", "parental_responsibility": "yes"}],
        },
        contract.SAVE_CHILD: {"given_name": "", "expected_date": clock.today() + timedelta(days=60)},
        contract.TAKE_OUT_PERSON: {"person_id": family["parents"][-1]["id"], "why": "They parted."},
        contract.CHANGE_CONTACT: {
            "safe_contact": {"channels": ["text"], "times": None, "avoid": None},
            "people": [{"person_id": parent["id"], "contact_points": POINTS}],
        },
        contract.CHANGE_ADDRESSES: {"addresses": [HOME]},
        contract.CHANGE_NEEDS: {
            "language": "Spanish", "interpreter": True, "people": [{"person_id": child["id"], "access_needs": "A quiet corner"}],
        },
        contract.CHANGE_SAFETY: {"not_allowed": [BARRED], "risks_to_visitors": "A large dog"},
    }  # fmt: skip
    return {"family_id": family["id"], "version": family["version"], **asked[operation]}


every_part = pytest.mark.parametrize("operation", contract.parts.OPERATIONS, ids=lambda operation: operation.name)


def two_adults() -> dict[str, Any]:
    return {"parents": [factories.parent_details(given_name="Sinead"), factories.parent_details(given_name="Alex", relationship="FTH")]}


@every_part
def test_a_part_is_saved_told_and_read_again(
    referrals: Desk, register: Register, clinician: Caller, southwark: UUID, operation: Operation
) -> None:
    family = register(**two_adults())
    saved = referrals.ask(operation, clinician, **part(operation, family))
    assert saved["version"] == 2
    assert referrals.ask(contract.GET_FAMILY, clinician, family_id=family["id"]) == saved
    event = referrals.told("referrals", southwark)[-1]
    assert (event["type"], event["subject"], event["sequence"]) == ("referrals.family.changed", family["id"], 2)
    assert not any(secret in str(event["data"]) for secret in (NUMBER, "court order", "020 7946 0001", "He answers"))


@every_part
def test_a_part_that_is_sent_twice_is_saved_once(referrals: Desk, register: Register, clinician: Caller, operation: Operation) -> None:
    family, key = register(**two_adults()), uuid4().hex
    first = referrals.ask(operation, clinician, key=key, **part(operation, family))
    assert referrals.ask(operation, clinician, key=key, **part(operation, family)) == first
    assert referrals.ask(contract.GET_FAMILY, clinician, family_id=family["id"])["version"] == 2


@every_part
def test_who_may_not_change_a_record_changes_no_part_of_it(
    referrals: Desk, register: Register, facilitator: Caller, operation: Operation
) -> None:
    with pytest.raises(Forbidden):
        referrals.ask(operation, facilitator, **part(operation, register(**two_adults())))


@every_part
def test_a_part_of_a_family_of_another_borough_is_as_unknown_as_any(
    referrals: Desk, register: Register, neighbour: Caller, operation: Operation
) -> None:
    family = register(**two_adults())
    answers = []
    for family_id in (family["id"], new_id()):
        with pytest.raises(NotFound) as refused:
            referrals.ask(operation, neighbour, **{**part(operation, family), "family_id": family_id})
        answers.append(refused.value.to_wire())
    assert answers[0] == answers[1]


@every_part
def test_a_family_that_was_restricted_while_it_was_being_changed_is_not(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller, operation: Operation
) -> None:
    family = register(**two_adults())
    people = [{"person_id": colleague.person_id, "name": colleague.person_name, "practitioner": True}]
    referrals.ask(contract.RESTRICT_FAMILY, colleague, family_id=family["id"], reason="other", words=None, people=people, without_me=False)
    with pytest.raises(Restricted):
        referrals.ask(operation, clinician, **part(operation, family))


def test_two_parts_are_saved_at_once_and_one_part_once(referrals: Desk, register: Register, clinician: Caller, colleague: Caller) -> None:
    family = register(language="English")
    referrals.ask(contract.CHANGE_NEEDS, clinician, **part(contract.CHANGE_NEEDS, family))
    saved = referrals.ask(contract.CHANGE_SAFETY, colleague, **part(contract.CHANGE_SAFETY, family))
    assert (saved["version"], saved["language"], saved["risks_to_visitors"]) == (3, "Spanish", "A large dog")
    with pytest.raises(Stale) as refused:
        referrals.ask(contract.CHANGE_NEEDS, colleague, **{**part(contract.CHANGE_NEEDS, family), "language": "Welsh"})
    assert (refused.value.facts["yours"]["language"], refused.value.facts["theirs"]["language"]) == ("Welsh", "Spanish")


def test_a_facilitator_reads_what_a_group_needs_and_no_numbers(
    referrals: Desk, register: Register, clinician: Caller, facilitator: Caller
) -> None:
    family = register(parents=[factories.parent_details(nhs_number=NUMBER, ethnicity="N", gp="Lister", preferred_name="Nell")])
    read = referrals.ask(contract.GET_FAMILY, facilitator, family_id=family["id"])["parents"][0]
    assert (read["nhs_number"], read["ethnicity"], read["gp"], read["preferred_name"]) == (None, None, None, "Nell")
    whole = referrals.ask(contract.GET_FAMILY, clinician, family_id=family["id"])["parents"][0]
    assert (whole["nhs_number"], whole["ethnicity"], whole["gp"]) == (NUMBER, "N", "Lister")


def test_a_referral_brings_the_whole_record_into_the_registry(referrals: Desk, register: Register) -> None:
    children = [factories.child_details(given_name="Finn"), factories.child_details(given_name="Aoife")]
    relations = [{"child": 1, "relation": "STPMTH", "parental_responsibility": "no"}]
    parent = factories.parent_details(relationship="MTH", contact_points=POINTS, phone=None, email=None, relations=relations)
    family = register(parents=[parent], children=children, not_allowed=[BARRED], addresses=[HOME], address=None)
    finn, aoife = family["children"]
    assert [(one["child_id"], one["relation"], one["parental_responsibility"]) for one in family["parents"][0]["relations"]] == [
        (finn["id"], "MTH", "not_known"),
        (aoife["id"], "STPMTH", "no"),
    ]
    assert family["parents"][0]["phone"] == "07700 900123"
    assert (family["address"], family["not_allowed"]) == ({"line": "14 Rye Lane", "postcode": "SE15 5BY"}, [BARRED])
    assert family["risks_to_visitors"] == factories.referral_details()["risks_to_visitors"]


def test_a_family_may_be_referred_for_a_baby_that_is_expected(referrals: Desk, register: Register) -> None:
    family = register(children=[{"expected_date": clock.today() + timedelta(days=60)}])
    assert family["name"].endswith(" and expected baby")
    assert (family["children"][0]["birth_date"], family["children"][0]["given_name"]) == (None, "")


def test_who_is_taken_out_is_told_apart_and_their_moving_stands_in_the_story(
    referrals: Desk, register: Register, clinician: Caller
) -> None:
    family = register(**two_adults())
    saved = referrals.ask(contract.TAKE_OUT_PERSON, clinician, **part(contract.TAKE_OUT_PERSON, family))
    (gone,) = saved["former"]
    assert (gone["name"].split()[0], gone["kind"], gone["left_on"], gone["why"]) == ("Alex", "parent", clock.today(), "They parted.")
    assert [one["given_name"] for one in saved["parents"]] == ["Sinead"]
    kinds = [entry["kind"] for entry in referrals.ask(contract.FAMILY_STORY, clinician, family_id=family["id"])["entries"]]
    assert "record.left" in kinds
    with pytest.raises(Conflict, match="keeps at least one parent"):
        last = {"family_id": family["id"], "version": saved["version"], "person_id": saved["parents"][0]["id"], "why": "Gone"}
        referrals.ask(contract.TAKE_OUT_PERSON, clinician, **last)


def test_a_family_that_moved_lives_at_the_new_address_and_its_story_says_so(referrals: Desk, register: Register, clinician: Caller) -> None:
    family = register()
    old = {**family["addresses"][0]}
    home = {**HOME, "from_on": clock.today()}
    old["until_on"] = clock.today()
    request = {"family_id": family["id"], "version": 1, "addresses": [old, home]}
    saved = referrals.ask(contract.CHANGE_ADDRESSES, clinician, **request)
    assert [one["line"] for one in saved["addresses"]] == ["14 Rye Lane", old["line"]]
    assert saved["address"] == {"line": "14 Rye Lane", "postcode": "SE15 5BY"}
    story = referrals.ask(contract.FAMILY_STORY, clinician, family_id=family["id"])["entries"]
    (moved,) = [entry for entry in story if entry["kind"] == "record.moved"]
    assert clock.london(moved["occurred_at"]).date() == clock.today()
    assert "Rye" not in str(story)


def test_what_does_not_fit_together_is_refused_at_its_field(referrals: Desk, register: Register, clinician: Caller) -> None:
    family = register(children=[factories.child_details(nhs_number=NUMBER)])
    with pytest.raises(Invalid) as refused:
        referrals.ask(contract.SAVE_PARENT, clinician, **part(contract.SAVE_PARENT, family))
    assert list(refused.value.faults) == ["nhs_number"]
    assert referrals.ask(contract.GET_FAMILY, clinician, family_id=family["id"])["version"] == 1


def test_why_somebody_may_not_collect_is_read_by_who_keeps_the_record(
    referrals: Desk, register: Register, clinician: Caller, facilitator: Caller
) -> None:
    family = register(not_allowed=[BARRED])
    assert referrals.ask(contract.GET_FAMILY, clinician, family_id=family["id"])["not_allowed"][0]["why"] == "A court order"
    assert referrals.ask(contract.GET_FAMILY, facilitator, family_id=family["id"])["not_allowed"] == [{**BARRED, "why": None}]


def test_a_move_from_before_the_referral_is_in_the_history_and_not_in_the_story(
    referrals: Desk, register: Register, clinician: Caller
) -> None:
    old = {"line": "3 Harper Road", "from_on": None, "until_on": HOME["from_on"]}
    family = register(addresses=[HOME, old], address=None)
    assert len(family["addresses"]) == 2
    kinds = [entry["kind"] for entry in referrals.ask(contract.FAMILY_STORY, clinician, family_id=family["id"])["entries"]]
    assert "record.moved" not in kinds


def test_two_families_may_share_a_number_for_that_is_a_sign_of_a_duplicate(referrals: Desk, register: Register, clinician: Caller) -> None:
    for family in (register(), register()):
        referrals.ask(contract.SAVE_PARENT, clinician, **part(contract.SAVE_PARENT, family))
