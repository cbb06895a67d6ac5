"""A corrected register changes the count of missed sessions, and the case follows the newest count."""

from typing import Any

import pytest

from services.outreach import contract
from tests.support.hall import Hall


def missing(hall: Hall, *weeks: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a group and a family of it that did not come in some weeks."""
    group = hall.group()
    family = hall.joined(group)
    for week in weeks:
        hall.week(week).close(group, {family["family_id"]: "did_not_come"})
    return group, family


def only(cases: list[dict[str, Any]]) -> dict[str, Any]:
    (case,) = cases
    return case


def test_a_family_that_came_after_all_is_not_to_be_reached(southwark: Hall) -> None:
    group, family = missing(southwark, 1, 2)
    assert only(southwark.cases())["missed"] == 2
    southwark.week(2).correct(group, {family["family_id"]: "here"})
    assert southwark.cases() == []
    assert only(southwark.cases("closed"))["closed_because"] == "back"


@pytest.mark.parametrize("mark", ["told_us", "we_cancelled"])
def test_a_family_that_had_told_us_or_whom_we_cancelled_is_not_to_be_reached(southwark: Hall, mark: str) -> None:
    group, family = missing(southwark, 1, 2)
    southwark.week(2).correct(group, {family["family_id"]: mark})
    assert southwark.cases() == []
    assert only(southwark.cases("closed"))["closed_because"] == "no_longer_needed"


@pytest.mark.parametrize("mark", ["here", "told_us"])
def test_a_case_that_still_has_enough_missed_sessions_goes_on_with_its_owner(southwark: Hall, mark: str) -> None:
    group, family = missing(southwark, 1, 2, 3)
    case = only(southwark.cases())
    southwark.ask(contract.TAKE_CASE, case_id=case["id"], version=case["version"])
    southwark.week(1).correct(group, {family["family_id"]: mark})
    now = only(southwark.cases())
    assert (now["id"], now["missed"], now["owner_name"]) == (case["id"], 2, "Amina Khan")


def test_a_family_that_was_not_there_after_all_is_to_be_reached(southwark: Hall) -> None:
    group, family = missing(southwark, 1)
    southwark.week(2).close(group, {family["family_id"]: "here"})
    assert southwark.cases() == []
    southwark.week(2).correct(group, {family["family_id"]: "did_not_come"})
    assert only(southwark.cases())["missed"] == 2


def test_a_week_that_was_told_us_after_all_joins_the_misses_around_it(southwark: Hall) -> None:
    group, family = missing(southwark, 1)
    southwark.week(2).close(group, {family["family_id"]: "here"})
    southwark.week(3).close(group, {family["family_id"]: "did_not_come"})
    assert southwark.cases() == []
    southwark.week(2).correct(group, {family["family_id"]: "told_us"})
    assert only(southwark.cases())["missed"] == 2


def test_closing_again_without_a_change_opens_nothing_that_a_person_closed(southwark: Hall) -> None:
    group, family = missing(southwark, 1, 2)
    case = only(southwark.cases())
    southwark.ask(contract.CLOSE_CASE, case_id=case["id"], version=case["version"], because="no_longer_needed", words=None)
    southwark.week(2).correct(group, {family["family_id"]: "did_not_come"})
    assert southwark.cases() == []
    southwark.week(3).close(group, {family["family_id"]: "did_not_come"})
    assert only(southwark.cases())["missed"] == 3


def test_another_family_on_the_corrected_register_stands_as_it_stood(southwark: Hall) -> None:
    group, family = missing(southwark)
    other = southwark.joined(group)
    for week in (1, 2):
        southwark.week(week).close(group, {family["family_id"]: "did_not_come", other["family_id"]: "did_not_come"})
    southwark.week(2).correct(group, {family["family_id"]: "here"})
    case = only(southwark.cases())
    assert (case["family_id"], case["missed"], case["due_on"]) == (
        other["family_id"],
        2,
        southwark.week(2).today + case["due_on"].resolution,
    )


def test_coming_back_told_again_leaves_a_family_that_was_accepted_since_to_be_reached(southwark: Hall) -> None:
    group, family = missing(southwark)
    southwark.week(1).close(group, {family["family_id"]: "here"})
    place = southwark.week(1).place(family)
    from services.sessions.contract import END_PLACE

    southwark.week(2).ask(END_PLACE, place_id=place["id"], version=place["version"], reason="They moved to Leeds")
    southwark.post.settle(southwark.borough_id)
    southwark.week(3).accept(family)
    southwark.week(1).correct(group, {family["family_id"]: "late"})
    assert only(southwark.cases())["reason"] == "before_joining"
