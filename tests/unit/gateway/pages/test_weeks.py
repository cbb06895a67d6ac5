from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis import clock
from gateway.pages.family.weeks import LONGEST, used, weeks

MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def now() -> object:
    with clock.acting_at(datetime(2026, 11, 25, 12, tzinfo=UTC)):
        yield


def closed(on: date, mark: str) -> dict[str, Any]:
    return {"on": on, "mark": mark}


def visit(on: date, kind: str = "visit.done", **facts: str) -> dict[str, Any]:
    return {"kind": kind, "occurred_at": datetime(on.year, on.month, on.day, 14, tzinfo=UTC), "facts": facts}


def test_there_is_one_mark_for_each_week_since_the_referral() -> None:
    strip = weeks(MONDAY - timedelta(days=10), [], [])
    assert [week.monday for week in strip] == [MONDAY - timedelta(days=14), MONDAY - timedelta(days=7), MONDAY]
    assert {week.mark for week in strip} == {"none"}


def test_a_register_and_a_visit_show_in_their_week() -> None:
    strip = weeks(
        MONDAY - timedelta(days=21),
        [closed(MONDAY - timedelta(days=6), "here"), closed(MONDAY + timedelta(days=1), "did_not_come")],
        [visit(MONDAY - timedelta(days=12)), visit(MONDAY - timedelta(days=5))],
    )
    assert [week.mark for week in strip] == ["none", "visit", "here", "did_not_come"]


def test_a_visit_to_the_home_by_outreach_counts_when_somebody_was_in() -> None:
    reached = visit(MONDAY, "contact.made", channel="visit", outcome="reached")
    not_in = visit(MONDAY - timedelta(days=7), "contact.made", channel="visit", outcome="not_in")
    assert [week.mark for week in weeks(MONDAY - timedelta(days=7), [], [reached, not_in])] == ["none", "visit"]


def test_two_sessions_in_a_week_show_the_one_they_came_to() -> None:
    twice = [closed(MONDAY, "did_not_come"), closed(MONDAY + timedelta(days=2), "here")]
    assert [week.mark for week in weeks(MONDAY, twice, [])] == ["here"]


def test_a_week_is_said_in_words() -> None:
    (week,) = weeks(MONDAY, [closed(MONDAY, "told_us")], [])
    assert week.words == "Week of 23 November: told us"


def test_the_strip_ends_after_two_years_and_holds_a_referral_dated_ahead() -> None:
    assert len(weeks(date(2019, 1, 1), [], [])) == LONGEST
    assert len(weeks(MONDAY + timedelta(days=30), [], [])) == 1


def test_the_key_names_only_what_occurs() -> None:
    strip = weeks(MONDAY - timedelta(days=7), [closed(MONDAY, "late")], [])
    assert used(strip) == [("late", "Here, late"), ("none", "No session")]
