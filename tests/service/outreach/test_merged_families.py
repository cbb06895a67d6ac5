"""Families that became one, in outreach: a run stops once at their home, one case goes on, and an undone merge puts all back."""

from datetime import time
from typing import Any
from uuid import UUID

from services.outreach import contract
from tests.service.outreach.test_collections import arrange, complete
from tests.support.hall import FIRST, Hall
from tests.support.merging_news import merging


def stops(hall: Hall, run: dict[str, Any]) -> list[tuple[UUID, str]]:
    """Return whom a run fetches and when, as it stands."""
    (found,) = [one for one in hall.ask(contract.LIST_RUNS, on=FIRST)["items"] if one["id"] == run["id"]]
    return [(stop["family_id"], f"{stop['pick_up_at']:%H:%M}") for stop in found["stops"]]


def last_told(hall: Hall) -> tuple[str, list[UUID]]:
    """Return the last news of a run: what it is, and whom it names."""
    told = [event for event in hall.desk.told("outreach", hall.borough_id) if event["type"].startswith("outreach.run.")]
    return told[-1]["type"], sorted(UUID(str(stop["family_id"])) for stop in told[-1]["data"]["stops"])


def test_a_stop_goes_along_and_goes_back_and_the_registers_are_told(southwark: Hall, nowhere: UUID) -> None:
    into, other = southwark.family(), southwark.family()
    run = arrange(southwark, nowhere, other)
    merge = merging(southwark, into, other)
    merge.told()
    assert stops(southwark, run) == [(into["family_id"], "09:35")]
    assert last_told(southwark) == ("outreach.run.arranged", [into["family_id"]])
    merge.told(undone=True)
    assert stops(southwark, run) == [(other["family_id"], "09:35")]
    assert last_told(southwark) == ("outreach.run.arranged", [other["family_id"]])


def test_on_one_run_the_stop_of_the_record_that_goes_on_counts_and_the_other_comes_back(southwark: Hall, nowhere: UUID) -> None:
    into, other = southwark.family(), southwark.family()
    run = arrange(southwark, nowhere, into, pick_up_at=time(9, 15))
    arrange(southwark, nowhere, other, pick_up_at=time(9, 40), pick_up_from="The library", people=3, children=1)
    merge = merging(southwark, into, other)
    merge.told()
    assert stops(southwark, run) == [(into["family_id"], "09:15")]
    merge.told(undone=True)
    assert stops(southwark, run) == [(into["family_id"], "09:15"), (other["family_id"], "09:40")]
    (found,) = southwark.ask(contract.LIST_RUNS, on=FIRST)["items"]
    back = found["stops"][-1]
    assert (back["pick_up_from"], back["people"], back["children"]) == ("The library", 3, 1)
    assert last_told(southwark) == ("outreach.run.arranged", sorted([into["family_id"], other["family_id"]]))


def test_twice_is_once(southwark: Hall, nowhere: UUID) -> None:
    into, other = southwark.family(), southwark.family()
    run = arrange(southwark, nowhere, into, pick_up_at=time(9, 15))
    arrange(southwark, nowhere, other, pick_up_at=time(9, 40))
    merge = merging(southwark, into, other)
    for _ in range(2):
        merge.told()
    assert stops(southwark, run) == [(into["family_id"], "09:15")]
    for _ in range(2):
        merge.told(undone=True)
    assert stops(southwark, run) == [(into["family_id"], "09:15"), (other["family_id"], "09:40")]


def test_a_run_that_is_done_says_what_it_said(southwark: Hall, nowhere: UUID) -> None:
    into, other = southwark.family(), southwark.family()
    arrange(southwark, nowhere, into, pick_up_at=time(9, 15))
    run = arrange(southwark, nowhere, other, pick_up_at=time(9, 40))
    complete(southwark, run)
    before = stops(southwark, run)
    merge = merging(southwark, into, other)
    merge.told()
    assert stops(southwark, run) == before, "two seats were taken, whoever sat on them"
    merge.told(undone=True)
    assert stops(southwark, run) == before


def test_a_stop_that_went_does_not_come_back_on_a_run_that_was_made_meanwhile(southwark: Hall, nowhere: UUID) -> None:
    into, other = southwark.family(), southwark.family()
    arrange(southwark, nowhere, into, pick_up_at=time(9, 15))
    run = arrange(southwark, nowhere, other, pick_up_at=time(9, 40))
    merge = merging(southwark, into, other)
    merge.told()
    (made,) = southwark.ask(contract.LIST_RUNS, on=FIRST)["items"]
    complete(southwark, made)
    merge.told(undone=True)
    assert stops(southwark, run) == [(into["family_id"], "09:15")]


def test_a_stop_of_the_merged_record_that_moved_goes_back_with_what_came_of_it(southwark: Hall, nowhere: UUID) -> None:
    into, other = southwark.family(), southwark.family()
    run = arrange(southwark, nowhere, other)
    merge = merging(southwark, into, other)
    merge.told()
    (found,) = southwark.ask(contract.LIST_RUNS, on=FIRST)["items"]
    complete(southwark, found, outcome="not_in")
    merge.told(undone=True)
    assert last_told(southwark) == ("outreach.run.completed", [other["family_id"]])
    (after,) = southwark.ask(contract.LIST_RUNS, on=FIRST)["items"]
    assert [(stop["family_id"], stop["state"]) for stop in after["stops"]] == [(other["family_id"], "not_in")]
    assert stops(southwark, run) == [(other["family_id"], "09:35")]


def test_who_is_put_on_a_run_while_they_are_one_stays_there_when_they_are_two_again(southwark: Hall, nowhere: UUID) -> None:
    into, other = southwark.family(), southwark.family()
    merge = merging(southwark, into, other)
    merge.told()
    run = arrange(southwark, nowhere, into)
    merge.told(undone=True)
    assert stops(southwark, run) == [(into["family_id"], "09:35")]


def test_of_two_cases_of_a_kind_one_goes_on_and_knows_what_both_knew(southwark: Hall) -> None:
    into, other = southwark.family(), southwark.family()
    for family in (into, other):
        southwark.accept(family)
        southwark.ask(contract.LOG_CONTACT, family_id=family["family_id"], channel="text", outcome="reached", note=family["name"])
    merge = merging(southwark, into, other)
    merge.told()
    (case,) = southwark.cases()
    assert (case["family_id"], case["contacts"]) == (into["family_id"], 2)
    merge.told(undone=True)
    assert sorted((case["family_id"], case["contacts"]) for case in southwark.cases()) == sorted(
        (family["family_id"], 1) for family in (into, other)
    )


def test_another_boroughs_run_is_left_alone(southwark: Hall, lambeth: Hall, nowhere: UUID) -> None:
    into, other = southwark.family(), southwark.family()
    theirs = lambeth.family(family_id=other["family_id"])
    run = arrange(lambeth, nowhere, theirs)
    merging(southwark, into, other).told()
    assert stops(lambeth, run) == [(other["family_id"], "09:35")]
