"""Families that became one, in sessions and outreach: everything goes along, fits into one, and goes back where it was."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from chassis.caller import Caller
from chassis.database import open_work
from chassis.errors import FamilyMerged, NotFound
from services.outreach import contract as outreach
from services.sessions import contract
from services.sessions.models import FamilyMerge
from services.sessions.repository import Work
from tests.support.hall import Hall
from tests.support.merging_news import merging


def place(hall: Hall, family: dict[str, Any]) -> tuple[str, UUID] | None:
    found = hall.place(family)
    return (found["status"], found["id"]) if found else None


def expected(hall: Hall, group: dict[str, Any]) -> set[UUID]:
    return {line["family_id"] for line in hall.register(group)["lines"]}


def cases(hall: Hall, family: dict[str, Any]) -> list[str]:
    story = hall.ask(outreach.OUTREACH_STORY, family_id=family["family_id"])
    return [case["reason"] for case in story["open_cases"]]


def test_a_place_goes_along_and_goes_back(southwark: Hall) -> None:
    group, into = southwark.group(), southwark.family()
    other = southwark.joined(group)
    before = place(southwark, other)
    merge = merging(southwark, into, other)
    merge.told()
    assert (place(southwark, into), place(southwark, other)) == (before, None)
    assert expected(southwark, group) == {into["family_id"]}
    merge.told(undone=True)
    assert (place(southwark, into), place(southwark, other)) == (None, before)
    assert expected(southwark, group) == {other["family_id"]}


@pytest.mark.parametrize("further", ["into", "other"])
def test_of_two_places_the_one_that_is_further_on_goes_on(southwark: Hall, further: str) -> None:
    group = southwark.group()
    active, waiting = southwark.joined(group), southwark.family()
    southwark.agree(waiting)
    into, other = (active, waiting) if further == "into" else (waiting, active)
    was = place(southwark, active), place(southwark, waiting)
    merge = merging(southwark, into, other)
    merge.told()
    assert place(southwark, into) == was[0]
    assert expected(southwark, group) == {into["family_id"]}
    merge.told(undone=True)
    assert (place(southwark, active), place(southwark, waiting)) == was


def test_both_with_a_place_in_one_group_stand_once_on_its_register_from_then_on(southwark: Hall) -> None:
    group = southwark.group()
    into, other = southwark.joined(group), southwark.joined(group)
    merge = merging(southwark, into, other)
    merge.told()
    assert expected(southwark, group) == {into["family_id"]}
    merge.told(undone=True)
    assert expected(southwark, group) == {into["family_id"], other["family_id"]}


def test_in_a_register_that_names_both_the_mark_that_says_more_counts(southwark: Hall) -> None:
    group = southwark.group()
    into, other = southwark.joined(group), southwark.joined(group)
    southwark.close(group, {into["family_id"]: "did_not_come", other["family_id"]: "here"})
    before = [southwark.attendance(family) for family in (into, other)]
    merge = merging(southwark, into, other)
    merge.told()
    assert [day["mark"] for day in southwark.attendance(into)["days"]] == ["here"]
    assert southwark.attendance(other)["days"] == [] or southwark.attendance(other)["days"][0]["mark"] == "did_not_come"
    merge.told(undone=True)
    assert [southwark.attendance(family)["days"] for family in (into, other)] == [one["days"] for one in before]


def test_twice_is_once(southwark: Hall) -> None:
    group, into = southwark.group(), southwark.family()
    other = southwark.joined(group)
    merge = merging(southwark, into, other)
    southwark.post.again(merge.told())
    merge.told()
    assert expected(southwark, group) == {into["family_id"]}


def test_an_end_that_comes_before_its_merge_leaves_everything_where_it_is(southwark: Hall) -> None:
    group, into = southwark.group(), southwark.family()
    other = southwark.joined(group)
    merge = merging(southwark, into, other)
    merge.told(undone=True)
    merge.told()
    assert expected(southwark, group) == {other["family_id"]}


def test_what_comes_late_for_a_merged_family_goes_on_and_goes_back_with_the_rest(southwark: Hall) -> None:
    group, into, other = southwark.group(), southwark.family(), southwark.family()
    merge = merging(southwark, into, other)
    merge.told()
    southwark.agree(other, group)
    offered = place(southwark, into)
    assert offered
    assert offered[0] == "offered"
    merge.told(undone=True)
    assert (place(southwark, into), place(southwark, other)) == (None, offered)


def test_what_was_written_since_stays_with_the_record_that_went_on(southwark: Hall) -> None:
    group, into, other = southwark.group(), southwark.family(), southwark.family()
    merge = merging(southwark, into, other)
    merge.told()
    southwark.agree(into, group)
    offered = place(southwark, into)
    merge.told(undone=True)
    assert (place(southwark, into), place(southwark, other)) == (offered, None)


@pytest.mark.parametrize("order", ["first first", "last first"])
def test_a_chain_ends_in_one_and_is_undone_in_any_order(southwark: Hall, order: str) -> None:
    group, two, three = southwark.group(), southwark.family(), southwark.family()
    one = southwark.joined(group)
    first, second = merging(southwark, two, one), merging(southwark, three, two)
    for merge in (first, second) if order == "first first" else (second, first):
        merge.told()
    assert expected(southwark, group) == {three["family_id"]}
    for merge in (second, first) if order == "first first" else (first, second):
        merge.told(undone=True)
    assert expected(southwark, group) == {one["family_id"]}


def test_merged_again_the_other_way_round_before_the_end_of_the_first_has_come(southwark: Hall) -> None:
    group, into = southwark.group(), southwark.family()
    other = southwark.joined(group)
    first, second = merging(southwark, into, other), merging(southwark, other, into)
    first.told()
    second.told()
    assert expected(southwark, group) == {other["family_id"]}
    first.told(undone=True)
    assert expected(southwark, group) == {other["family_id"]}
    second.told(undone=True)
    assert expected(southwark, group) == {other["family_id"]}


def test_cases_contacts_and_what_was_heard_go_along_and_back(southwark: Hall) -> None:
    into, other = southwark.family(), southwark.family()
    for family in (into, other):
        southwark.accept(family)
    southwark.ask(outreach.LOG_CONTACT, family_id=other["family_id"], channel="phone", direction="out", outcome="reached")
    merge = merging(southwark, into, other)
    merge.told()
    assert cases(southwark, into) == ["before_joining"]
    (case,) = southwark.cases()
    assert (case["family_id"], case["contacts"]) == (into["family_id"], 1)
    merge.told(undone=True)
    assert (cases(southwark, into), cases(southwark, other)) == (["before_joining"], ["before_joining"])
    assert sorted(one["contacts"] for one in southwark.cases()) == [0, 1]


def test_nobody_works_with_a_merged_record_by_mistake(southwark: Hall) -> None:
    into, other = southwark.family(), southwark.family()
    merging(southwark, into, other).told()
    with pytest.raises(FamilyMerged) as refused:
        southwark.ask(outreach.OPEN_CASE, family_id=other["family_id"], reason="referrers_concern", words="She phoned")
    assert refused.value.facts["into"] == str(into["family_id"])
    with pytest.raises(FamilyMerged):
        southwark.ask(outreach.LOG_CONTACT, family_id=other["family_id"], channel="phone", direction="in", outcome="reached")
    with pytest.raises(FamilyMerged):
        southwark.ask(contract.ADD_PLACE, family_id=other["family_id"])


def test_the_stricter_restriction_holds_with_the_merge_itself(southwark: Hall) -> None:
    into, other = southwark.family(), southwark.family()
    southwark.accept(other)
    access = [{"person_id": southwark.person("Ruth Osei").person_id, "until": None, "reason": None}]
    merging(southwark, into, other).told(restriction={"version": 1, "in_force": True, "access": access})
    assert [case["family_id"] for case in southwark.cases(by="Ruth Osei")] == [into["family_id"]]
    with pytest.raises(NotFound):
        southwark.ask(outreach.OPEN_CASE, family_id=into["family_id"], reason="referrers_concern", words="She phoned")


def test_another_boroughs_families_stay_where_they_are(southwark: Hall, lambeth: Hall) -> None:
    group, into = lambeth.group(), lambeth.family()
    other = lambeth.joined(group)
    merging(Hall(southwark.desk, southwark.post, southwark.borough_id), into, other).told()
    assert expected(lambeth, group) == {other["family_id"]}


def test_what_was_moved_is_remembered_by_ids_alone(southwark: Hall) -> None:
    group, into = southwark.group(), southwark.family()
    other = southwark.joined(group)
    merge = merging(southwark, into, other)
    merge.told()
    service = Caller.service("sessions", southwark.borough_id)
    with open_work(Work, southwark.desk.databases["sessions"], service) as work:
        kept = work.session.scalars(select(FamilyMerge).where(FamilyMerge.id == merge.id)).one()
        assert {table: len(ids) for table, ids in kept.moved.items()} == {"places": 1, "spells": 1, "steps": 3}
