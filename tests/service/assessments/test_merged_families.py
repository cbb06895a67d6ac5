"""Families that became one, from the decision in referrals to what assessments holds of them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from chassis.caller import Caller
from services.assessments import contract
from services.referrals import contract as referrals
from tests import factories
from tests.support.desk import Desk, until

Open = Callable[..., dict[str, Any]]


def merge(desk: Desk, by: Caller, into: UUID, other: UUID) -> dict[str, Any]:
    found = desk.ask(referrals.COMPARE_FAMILIES, by, into_id=into, merged_id=other)
    people = [{"merged": one["id"], "into": one["into"]} for one in found["people"]]
    versions = {"into_version": found["into"]["version"], "merged_version": found["merged"]["version"]}
    return desk.ask(referrals.MERGE_FAMILIES, by, into_id=into, merged_id=other, **versions, people=people, reason="The mother said so")


def undo(desk: Desk, by: Caller, made: dict[str, Any]) -> None:
    desk.ask(referrals.UNDO_MERGE, by, merge_id=made["id"], version=made["version"], reason="They are cousins")


def standing(desk: Desk, by: Caller, family_id: UUID) -> list[tuple[UUID, str]]:
    items = desk.ask(contract.LIST_ASSESSMENTS, by, family_id=family_id)["items"]
    return sorted((item["id"], item["status"]) for item in items)


def both_of(desk: Desk, by: Caller, into: UUID, other: UUID) -> tuple[list[tuple[UUID, str]], list[tuple[UUID, str]]]:
    return standing(desk, by, into), standing(desk, by, other)


def test_an_assessment_and_its_visit_go_along_and_back(both: Desk, ruth: Caller, visited: Open, opened: Open) -> None:
    written, blank = visited(), opened()
    into, other = blank["family_id"], written["family_id"]
    before = both_of(both, ruth, into, other)
    made = merge(both, ruth, into, other)
    until(lambda: standing(both, ruth, other) == [])
    assert sorted(standing(both, ruth, into)) == sorted([(written["id"], "visited"), (blank["id"], "closed")])
    undo(both, ruth, made)
    until(lambda: both_of(both, ruth, into, other) == before)


def test_of_two_blank_assessments_one_goes_on(both: Desk, ruth: Caller, opened: Open) -> None:
    one, two = opened(), opened()
    made = merge(both, ruth, one["family_id"], two["family_id"])
    until(lambda: standing(both, ruth, two["family_id"]) == [])
    assert sorted(status for _, status in standing(both, ruth, one["family_id"])) == ["closed", "waiting"]
    undo(both, ruth, made)
    until(lambda: both_of(both, ruth, one["family_id"], two["family_id"]) == ([(one["id"], "waiting")], [(two["id"], "waiting")]))


def test_two_assessments_that_somebody_wrote_in_both_stay(both: Desk, ruth: Caller, visited: Open) -> None:
    one, two = visited(), visited()
    merge(both, ruth, one["family_id"], two["family_id"])
    until(lambda: standing(both, ruth, two["family_id"]) == [])
    assert [status for _, status in standing(both, ruth, one["family_id"])] == ["visited", "visited"]


def test_what_was_written_in_an_assessment_since_stays_when_the_merge_is_undone(
    both: Desk, ruth: Caller, paul: Caller, visited: Open, opened: Open
) -> None:
    written, blank = visited(), opened()
    made = merge(both, ruth, blank["family_id"], written["family_id"])
    until(lambda: standing(both, ruth, written["family_id"]) == [])
    both.ask(contract.EDIT, paul, assessment_id=written["id"], version=1, **factories.halves_details())
    undo(both, ruth, made)
    until(lambda: standing(both, ruth, written["family_id"]))
    assert both.ask(contract.GET_ASSESSMENT, ruth, assessment_id=written["id"])["version"] == 2


def test_a_family_that_is_accepted_while_it_is_merged_is_assessed_under_the_record_that_goes_on(
    both: Desk, ruth: Caller, opened: Open
) -> None:
    known = opened()
    referral = both.ask(referrals.REFER, ruth, **factories.referral_details())
    made = both.ask(
        referrals.MERGE_FAMILIES, ruth, into_id=known["family_id"], merged_id=referral["family_id"], into_version=1, merged_version=0,
        people=[], reason="Same mother",
    )  # fmt: skip
    version = both.ask(referrals.GET_REFERRAL, ruth, referral_id=referral["id"])["version"]
    both.ask(referrals.ACCEPT, ruth, referral_id=referral["id"], version=version, reason="Fits")
    until(lambda: len(standing(both, ruth, known["family_id"])) == 2)
    undo(both, ruth, made)
    story = both.ask(referrals.FAMILY_STORY, ruth, family_id=known["family_id"])["entries"]
    assert str(referral["id"]) in {entry["facts"].get("referral_id") for entry in story}
