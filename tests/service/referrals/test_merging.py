"""Two records of one family made one, and two again: what was chosen, what was written since, who was first, who may see it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import eventlet
import pytest

from chassis import clock
from chassis.auditing.contract import READ as READ_AUDIT
from chassis.auditing.contract import READ_FAMILY as READ_FAMILY_AUDIT
from chassis.caller import Caller
from chassis.database import open_work
from chassis.errors import Conflict, FamilyMerged, Forbidden, Invalid, NotFound, Restricted, Stale, StayPlayError
from chassis.ids import new_id
from services.referrals import contract
from services.referrals.repository import Work
from tests import factories
from tests.support.desk import Desk

READ_TRAIL = next(operation for operation in contract.OPERATIONS if operation.name == "read_audit")
BORN, TODDLER = date(1992, 4, 17), factories.toddler_birth_date(22)
Register = Callable[..., dict[str, Any]]


@pytest.fixture
def register(referrals: Desk, clinician: Caller) -> Register:
    """Refer and accept a family; return it."""

    def accepted(**details: Any) -> dict[str, Any]:
        received = refer(referrals, clinician, **details)
        referrals.ask(contract.ACCEPT, clinician, referral_id=received["id"], version=1, reason="Fits")
        return referrals.ask(contract.GET_FAMILY, clinician, family_id=received["family_id"])

    return accepted


def refer(desk: Desk, by: Caller, **details: Any) -> dict[str, Any]:
    phone, child = details.pop("phone", None), details.pop("child", "Yusuf")
    parent = factories.parent_details(
        given_name=details.pop("given", "Amina"), family_name="Begum", birth_date=BORN, phone=phone, email=None, relationship="MTH"
    )
    young = factories.child_details(given_name=child, family_name="Begum", birth_date=details.pop("child_born", TODDLER))
    return desk.ask(
        contract.REFER, by, **factories.referral_details(**{"parents": [parent], "children": [young], "address": None, **details})
    )


def get(desk: Desk, by: Caller, family_id: UUID) -> dict[str, Any]:
    return desk.ask(contract.GET_FAMILY, by, family_id=family_id)


def pairs(desk: Desk, by: Caller, into: UUID, other: UUID) -> list[dict[str, Any]]:
    people = desk.ask(contract.COMPARE_FAMILIES, by, into_id=into, merged_id=other)["people"]
    return [{"merged": one["id"], "into": one["into"]} for one in people]


def merge(desk: Desk, by: Caller, into: dict[str, Any], other: dict[str, Any], **changed: Any) -> dict[str, Any]:
    given = {
        "into_id": into["id"], "merged_id": other["id"], "into_version": into["version"], "merged_version": other["version"],
        "people": changed.pop("people", None) or pairs(desk, by, into["id"], other["id"]), "reason": "The mother said so", **changed,
    }  # fmt: skip
    return desk.ask(contract.MERGE_FAMILIES, by, **given)


def undo(desk: Desk, by: Caller, made: dict[str, Any]) -> dict[str, Any]:
    return desk.ask(contract.UNDO_MERGE, by, merge_id=made["id"], version=made["version"], reason="They are cousins")


def referrals_of(story: list[dict[str, Any]]) -> set[str]:
    return {entry["facts"]["referral_id"] for entry in story if "referral_id" in entry["facts"]}


def told(desk: Desk, borough_id: UUID) -> list[dict[str, Any]]:
    return [row for row in desk.told("referrals", borough_id) if row["type"] == "referrals.family.merged"]


# --- one record ------------------------------------------------------------------------------------------------------------


def test_two_records_become_one_with_everybody_in_it_once(referrals: Desk, register: Register, clinician: Caller) -> None:
    into, other = (
        register(phone="07700 900111"),
        register(given="Aminah", child="Maryam", child_born=factories.toddler_birth_date(9), phone="07700 900222"),
    )
    merge(referrals, clinician, into, other)
    record = get(referrals, clinician, into["id"])
    assert [(one["given_name"], one["phone"]) for one in record["parents"]] == [("Amina", "07700 900111")]
    assert [point["value"] for point in record["parents"][0]["contact_points"]] == ["07700 900111", "07700 900222"]
    assert [one["given_name"] for one in record["children"]] == ["Yusuf", "Maryam"]
    assert record["children"][1]["id"] == other["children"][0]["id"]
    assert record["version"] == into["version"] + 1


def test_what_differs_is_chosen_answer_by_answer(referrals: Desk, register: Register, clinician: Caller) -> None:
    into, other = register(language="English"), register(given="Aminah", language="Bengali")
    found = referrals.ask(contract.COMPARE_FAMILIES, clinician, into_id=into["id"], merged_id=other["id"])
    differing = {one["label"]: one for one in found["differences"]}
    assert (differing["First name"]["into"], differing["First name"]["merged"], differing["First name"]["chosen"]) == (
        "Amina",
        "Aminah",
        "into",
    )
    merge(referrals, clinician, into, other, take=[differing["First name"]["key"], "family.language"])
    record = get(referrals, clinician, into["id"])
    assert (record["parents"][0]["given_name"], record["language"], record["name"]) == ("Aminah", "Bengali", "Aminah Begum and Yusuf")


def test_what_only_one_says_is_kept_and_of_safe_contact_what_both_call_safe(referrals: Desk, register: Register, clinician: Caller) -> None:
    safe = [
        factories.safe_contact_details(channels=["text", "phone"], avoid="No voicemail"),
        factories.safe_contact_details(channels=["text", "visit"], avoid="Not on Fridays"),
    ]
    into = register(safe_contact=safe[0])
    other = register(safe_contact=safe[1], address=factories.address_details(line="12 Gloucester Grove", postcode="SE15 5LX"))
    merge(referrals, clinician, into, other, both=["family.safe_contact"])
    record = get(referrals, clinician, into["id"])
    assert record["safe_contact"]["channels"] == ["text"]
    assert record["safe_contact"]["avoid"] == "No voicemail\nNot on Fridays"
    assert record["address"]["postcode"] == "SE15 5LX"


def test_its_referrals_go_along_and_its_address_leads_to_the_record_that_goes_on(
    referrals: Desk, register: Register, clinician: Caller
) -> None:
    into, other = register(), register()
    merge(referrals, clinician, into, other)
    story = referrals.ask(contract.FAMILY_STORY, clinician, family_id=into["id"])["entries"]
    assert len(referrals_of(story)) == 2
    for operation in (contract.GET_FAMILY, contract.FAMILY_STORY, contract.FIND_MATCHES, contract.FAMILY_MERGES):
        with pytest.raises(FamilyMerged) as refused:
            referrals.ask(operation, clinician, family_id=other["id"])
        assert refused.value.facts["into"] == str(into["id"])
    assert other["id"] not in [one["id"] for one in referrals.ask(contract.LIST_FAMILIES, clinician)["items"]]
    assert referrals.ask(contract.FIND_MATCHES, clinician, family_id=into["id"])["matches"] == []


def test_the_others_are_told_who_was_on_both(referrals: Desk, register: Register, clinician: Caller, southwark: UUID) -> None:
    into, other = register(), register()
    made = merge(referrals, clinician, into, other)
    (event,) = told(referrals, southwark)
    assert (event["subject"], event["sequence"], event["data"]["undone"]) == (made["id"], 1, False)
    assert (event["data"]["family_id"], event["data"]["merged_id"]) == (str(into["id"]), str(other["id"]))
    expected = {
        (str(theirs["id"]), str(ours["id"]))
        for side in ("parents", "children")
        for theirs, ours in zip(other[side], into[side], strict=True)
    }
    assert {(one["merged"], one["into"]) for one in event["data"]["people"]} == expected


def test_a_family_that_was_only_referred_joins_a_record_and_can_be_accepted_there(
    referrals: Desk, register: Register, clinician: Caller
) -> None:
    into, referral = register(), refer(referrals, clinician, child="Maryam", child_born=factories.toddler_birth_date(9))
    merge(referrals, clinician, into, {"id": referral["family_id"], "version": 0})
    moved = referrals.ask(contract.GET_REFERRAL, clinician, referral_id=referral["id"])
    assert (moved["family_id"], moved["status"]) == (into["id"], "received")
    accepted = referrals.ask(contract.ACCEPT, clinician, referral_id=referral["id"], version=moved["version"], reason="Fits")
    assert accepted["status"] == "accepted"
    assert [one["given_name"] for one in get(referrals, clinician, into["id"])["children"]] == ["Yusuf", "Maryam"]


def test_marking_a_duplicate_makes_one_record_of_two(referrals: Desk, register: Register, clinician: Caller) -> None:
    first, later = register(), refer(referrals, clinician)
    story = referrals.ask(contract.FAMILY_STORY, clinician, family_id=first["id"])["entries"]
    (original,) = referrals_of(story)
    second = register()
    merge(referrals, clinician, second, {"id": later["family_id"], "version": 0})
    version = referrals.ask(contract.GET_REFERRAL, clinician, referral_id=later["id"])["version"]
    referrals.ask(contract.MARK_DUPLICATE, clinician, referral_id=later["id"], version=version, of=UUID(original), reason="Same children")
    with pytest.raises(FamilyMerged):
        get(referrals, clinician, second["id"])


# --- two again -------------------------------------------------------------------------------------------------------------


def test_undoing_puts_back_what_was_and_keeps_what_was_written_since(referrals: Desk, register: Register, clinician: Caller) -> None:
    into, other = (
        register(language="English", phone="07700 900111"),
        register(child="Maryam", child_born=factories.toddler_birth_date(9), language="Bengali"),
    )
    made = merge(referrals, clinician, into, other, take=["family.language"])
    now = get(referrals, clinician, into["id"])
    wanted = {name: now[name] for name in contract.ChangeFamilyRequest().fields if name in now}
    people = [now["children"][0], {**now["children"][1], "preferred_name": "Mimi"}]
    referrals.ask(
        contract.CHANGE_FAMILY, clinician, family_id=into["id"], **{**wanted, "interpreter": not now["interpreter"], "children": people}
    )
    undone = undo(referrals, clinician, made)
    assert (undone["can_be_undone"], undone["undone_by"]) == (False, "Ruth Osei")
    ours, theirs = get(referrals, clinician, into["id"]), get(referrals, clinician, other["id"])
    assert (ours["language"], ours["interpreter"]) == ("English", not into["interpreter"])
    assert [one["given_name"] for one in ours["children"]] == ["Yusuf"]
    assert [(one["given_name"], one["preferred_name"]) for one in theirs["children"]] == [("Maryam", "Mimi")]
    assert [one["id"] for one in theirs["parents"]] == [one["id"] for one in other["parents"]]


def test_undoing_gives_referrals_back_and_tells_the_others(referrals: Desk, register: Register, clinician: Caller, southwark: UUID) -> None:
    into, other = register(), register()
    made = merge(referrals, clinician, into, other)
    undo(referrals, clinician, made)
    for family in (into, other):
        story = referrals.ask(contract.FAMILY_STORY, clinician, family_id=family["id"])["entries"]
        assert len(referrals_of(story)) == 1
    assert [(row["sequence"], row["data"]["undone"]) for row in told(referrals, southwark)] == [(1, False), (2, True)]
    assert len(referrals.ask(contract.FIND_MATCHES, clinician, family_id=into["id"])["matches"]) == 1


def test_a_merge_is_undone_once_and_within_thirty_days(referrals: Desk, register: Register, clinician: Caller) -> None:
    made = merge(referrals, clinician, register(), register())
    late = replace(clinician, at=clock.now() + timedelta(days=31))
    with pytest.raises(Conflict, match="30 days"):
        undo(referrals, late, made)
    undo(referrals, clinician, made)
    with pytest.raises(Stale):
        undo(referrals, clinician, made)


def test_a_chain_is_undone_from_its_end(referrals: Desk, register: Register, clinician: Caller) -> None:
    one, two, three = register(), register(), register()
    first = merge(referrals, clinician, two, one)
    second = merge(referrals, clinician, three, get(referrals, clinician, two["id"]))
    with pytest.raises(FamilyMerged) as refused:
        get(referrals, clinician, one["id"])
    assert refused.value.facts["into"] == str(three["id"])
    with pytest.raises(Conflict, match="Undo that first"):
        undo(referrals, clinician, first)
    undo(referrals, clinician, second)
    undo(referrals, clinician, first)
    for family in (one, two, three):
        story = referrals.ask(contract.FAMILY_STORY, clinician, family_id=family["id"])["entries"]
        assert len(referrals_of(story)) == 1


def test_what_was_undone_can_be_merged_again_the_other_way_round(referrals: Desk, register: Register, clinician: Caller) -> None:
    into, other = register(), register()
    undo(referrals, clinician, merge(referrals, clinician, into, other))
    merge(referrals, clinician, get(referrals, clinician, other["id"]), get(referrals, clinician, into["id"]))
    with pytest.raises(FamilyMerged):
        get(referrals, clinician, into["id"])


def only_referred(desk: Desk, by: Caller) -> dict[str, Any]:
    """Return a family that nobody has decided on, with somebody whom no other record has."""
    received = refer(desk, by, given="Nadia", child="Zara", child_born=TODDLER - timedelta(days=400))
    return {"id": received["family_id"], "version": 0, "referral_id": received["id"]}


def test_what_was_only_referred_can_be_merged_again_after_that_was_undone(referrals: Desk, register: Register, clinician: Caller) -> None:
    into, other = register(), only_referred(referrals, clinician)
    undo(referrals, clinician, merge(referrals, clinician, into, other))
    merge(referrals, clinician, get(referrals, clinician, into["id"]), other)
    children = get(referrals, clinician, into["id"])["children"]
    assert [child["given_name"] for child in children] == ["Yusuf", "Zara"]


def test_what_was_only_referred_can_be_accepted_after_a_merge_of_it_was_undone(
    referrals: Desk, register: Register, clinician: Caller
) -> None:
    into, other = register(), only_referred(referrals, clinician)
    undo(referrals, clinician, merge(referrals, clinician, into, other))
    referrals.ask(contract.ACCEPT, clinician, referral_id=other["referral_id"], version=1, reason="Fits")
    assert [child["given_name"] for child in get(referrals, clinician, other["id"])["children"]] == ["Zara"]
    assert get(referrals, clinician, into["id"])["former"] == []


# --- what is refused -------------------------------------------------------------------------------------------------------


def test_of_two_people_who_merge_at_once_one_is_told_that_it_is_done(referrals: Desk, register: Register, clinician: Caller) -> None:
    into, other = register(), register()
    people = pairs(referrals, clinician, into["id"], other["id"])

    def attempt(first: dict[str, Any], second: dict[str, Any]) -> str:
        try:
            return str(merge(referrals, clinician, first, second, people=people)["merged_id"])
        except StayPlayError as refused:
            return refused.code

    there = eventlet.spawn(attempt, into, other)
    back = eventlet.spawn(attempt, into, other)
    outcomes = {there.wait(), back.wait()}
    assert str(other["id"]) in outcomes
    assert outcomes - {str(other["id"])} <= {"family_merged", "stale", "conflict"}
    assert len(referrals.ask(contract.FAMILY_MERGES, clinician, family_id=into["id"])["merges"]) == 1


def test_what_was_merged_is_not_merged_again(referrals: Desk, register: Register, clinician: Caller) -> None:
    into, other, third = register(), register(), register()
    people = pairs(referrals, clinician, third["id"], other["id"])
    merge(referrals, clinician, into, other)
    with pytest.raises(FamilyMerged):
        merge(referrals, clinician, third, other, people=people)


def test_who_saw_an_older_version_is_told_so(referrals: Desk, register: Register, clinician: Caller) -> None:
    into, other = register(), register()
    with pytest.raises(Stale):
        merge(referrals, clinician, {**into, "version": 7}, other)


@pytest.mark.parametrize("wrong", ["a stranger", "a child for a parent", "one for two"])
def test_who_is_who_must_make_sense(referrals: Desk, register: Register, clinician: Caller, wrong: str) -> None:
    into, other = register(), register()
    parent, child = other["parents"][0]["id"], other["children"][0]["id"]
    people = {
        "a stranger": [{"merged": parent, "into": new_id()}],
        "a child for a parent": [{"merged": parent, "into": into["children"][0]["id"]}],
        "one for two": [{"merged": one, "into": into["parents"][0]["id"]} for one in (parent, child)],
    }[wrong]
    with pytest.raises(Invalid):
        merge(referrals, clinician, into, other, people=people)


def test_a_record_that_was_only_referred_can_not_go_on(referrals: Desk, register: Register, clinician: Caller) -> None:
    known, referral = register(), refer(referrals, clinician)
    with pytest.raises(Conflict, match="only referred"):
        referrals.ask(contract.COMPARE_FAMILIES, clinician, into_id=referral["family_id"], merged_id=known["id"])


def test_a_record_is_not_merged_with_itself(referrals: Desk, register: Register, clinician: Caller) -> None:
    known = register()
    with pytest.raises(Conflict, match="Choose two"):
        referrals.ask(contract.COMPARE_FAMILIES, clinician, into_id=known["id"], merged_id=known["id"])
    with pytest.raises(Conflict, match="Choose two"):
        merge(referrals, clinician, known, known, people=[{"merged": known["parents"][0]["id"], "into": None}])


def test_other_boroughs_families_are_not_there(referrals: Desk, register: Register, clinician: Caller, neighbour: Caller) -> None:
    into, other = register(), register()
    people = pairs(referrals, clinician, into["id"], other["id"])
    made = merge(referrals, clinician, into, other)
    with pytest.raises(NotFound):
        merge(referrals, neighbour, into, other, people=people)
    with pytest.raises(NotFound):
        undo(referrals, neighbour, made)


def test_the_same_request_twice_merges_once(referrals: Desk, register: Register, clinician: Caller, southwark: UUID) -> None:
    into, other = register(), register()
    people = pairs(referrals, clinician, into["id"], other["id"])
    key = new_id().hex
    one, two = (
        referrals.ask(
            contract.MERGE_FAMILIES, clinician, key=key, into_id=into["id"], merged_id=other["id"], into_version=1, merged_version=1,
            people=people, reason="The mother said so",
        )
        for _ in range(2)
    )  # fmt: skip
    assert one == two
    assert len(told(referrals, southwark)) == 1


# --- who may see it --------------------------------------------------------------------------------------------------------


def restrict(desk: Desk, by: Caller, family: dict[str, Any], *people: Caller) -> None:
    named = [{"person_id": one.person_id, "name": one.person_name, "practitioner": True} for one in people]
    desk.ask(contract.RESTRICT_FAMILY, by, family_id=family["id"], reason="domestic_abuse", people=named)


def sees(desk: Desk, by: Caller, family_id: UUID) -> bool:
    try:
        get(desk, by, family_id)
    except (Restricted, NotFound):
        return False
    return True


@pytest.fixture
def colleague(southwark: UUID) -> Caller:
    """A clinician of the borough who is named on nothing unless a test does so."""
    return factories.caller(southwark, kind="adult_mental_health", name="Paul Lang")


def test_where_one_is_restricted_the_record_that_goes_on_is_too(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller, southwark: UUID
) -> None:
    into, other = register(), register()
    restrict(referrals, clinician, other)
    assert sees(referrals, colleague, into["id"])
    made = merge(referrals, clinician, into, other)
    assert not sees(referrals, colleague, into["id"])
    (event,) = told(referrals, southwark)
    assert event["data"]["restriction"]["in_force"]
    undo(referrals, clinician, made)
    assert sees(referrals, colleague, into["id"])
    assert not sees(referrals, colleague, other["id"])


def test_where_both_are_restricted_only_whom_both_name_see_it(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller
) -> None:
    into, other = register(), register()
    restrict(referrals, clinician, into, colleague)
    restrict(referrals, clinician, other)
    made = merge(referrals, clinician, into, other)
    assert not sees(referrals, colleague, into["id"])
    undo(referrals, clinician, made)
    assert sees(referrals, colleague, into["id"])


def test_who_broke_the_glass_can_not_merge(referrals: Desk, register: Register, clinician: Caller, colleague: Caller) -> None:
    into, other = register(), register()
    restrict(referrals, clinician, other)
    referrals.ask(contract.BREAK_GLASS, colleague, family_id=other["id"], reason="She is in A&E and asks for us")
    with pytest.raises(Forbidden):
        merge(referrals, colleague, into, other)


def test_who_may_not_see_one_of_them_can_not_undo(referrals: Desk, register: Register, clinician: Caller, colleague: Caller) -> None:
    into, other = register(), register()
    made = merge(referrals, clinician, into, other)
    restrict(referrals, clinician, into)
    with pytest.raises(NotFound):
        undo(referrals, colleague, made)


def reasons_of_undoing(desk: Desk, by: Caller, **wanted: Any) -> set[tuple[str | None, bool]]:
    reader = replace(by, permissions=by.permissions | {READ_AUDIT, READ_FAMILY_AUDIT})
    found = desk.ask(READ_TRAIL, reader, limit=100, **wanted)["items"]
    return {(entry["reason"], entry["reason_hidden"]) for entry in found if entry["operation"] == contract.UNDO_MERGE.full_name}


def test_why_a_restricted_familys_merge_was_undone_is_hidden_on_every_entry_of_it(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller
) -> None:
    into, other = register(), register()
    restrict(referrals, clinician, other)
    undo(referrals, clinician, merge(referrals, clinician, into, other))
    restrict(referrals, clinician, into)
    assert reasons_of_undoing(referrals, clinician) == {("They are cousins", False)}
    assert reasons_of_undoing(referrals, clinician, reason="cousins") == {("They are cousins", False)}
    assert reasons_of_undoing(referrals, colleague) == {(None, True)}
    assert reasons_of_undoing(referrals, colleague, reason="cousins") == set()


# --- what is kept of it ----------------------------------------------------------------------------------------------------


def test_after_thirty_days_nothing_is_kept_of_what_the_records_said(referrals: Desk, register: Register, clinician: Caller) -> None:
    into, other = register(language="English"), register(language="Bengali")
    made = merge(referrals, clinician, into, other, take=["family.language"])
    service = Caller.service("referrals", clinician.borough_id)
    with open_work(Work, referrals.databases["referrals"], service) as work:
        kept = work.merges.get(made["id"])
        assert kept.before["family"]["language"] == "English"
        assert work.merges.to_forget(clock.real_now()) == []
        (due,) = work.merges.to_forget(clock.real_now() + timedelta(days=31))
        due.forget()
    with pytest.raises(Conflict, match="30 days"):
        undo(referrals, clinician, {**made, "version": kept.version})
    (listed,) = referrals.ask(contract.FAMILY_MERGES, clinician, family_id=into["id"])["merges"]
    assert not listed["can_be_undone"]


def test_somebody_who_is_erased_leaves_the_merged_record_too(referrals: Desk, register: Register, clinician: Caller) -> None:
    into, other = register(), register()
    made = merge(referrals, clinician, into, other)
    service = Caller.service("referrals", clinician.borough_id)
    with open_work(Work, referrals.databases["referrals"], service) as work:
        assert work.merges.merged_into([into["id"]]) == [other["id"]]
        work.merges.forget_person(into["id"], into["parents"][0]["id"])
    with open_work(Work, referrals.databases["referrals"], service) as work:
        merged = work.families.get(other["id"])
        assert (merged.parents, len(merged.children)) == ([], 1)
        assert work.merges.get(made["id"]).before == {}
