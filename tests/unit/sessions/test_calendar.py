"""The calendar: weekly by the clock on the wall in London, stored in UTC, without England's bank holidays."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.clock import london
from services.sessions.models import calendar
from tests.support.groups import TUESDAY, a_group

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def test_a_group_at_ten_meets_at_ten_when_the_clocks_go_forward() -> None:
    before, after = calendar.at_wall_time(date(2025, 3, 25), time(10)), calendar.at_wall_time(date(2025, 4, 1), time(10))
    assert before == datetime(2025, 3, 25, 10, tzinfo=UTC)
    assert after == datetime(2025, 4, 1, 9, tzinfo=UTC)


def test_a_group_at_ten_meets_at_ten_when_the_clocks_go_back() -> None:
    before, after = calendar.at_wall_time(date(2025, 10, 21), time(10)), calendar.at_wall_time(date(2025, 10, 28), time(10))
    assert before == datetime(2025, 10, 21, 9, tzinfo=UTC)
    assert after == datetime(2025, 10, 28, 10, tzinfo=UTC)


@given(DAYS, st.times(time(4), time(22)))
def test_what_is_stored_reads_as_the_time_on_the_wall_on_any_day(on: date, wall_time: time) -> None:
    stored = calendar.at_wall_time(on, wall_time)
    assert stored.tzinfo is UTC
    assert london(stored).replace(tzinfo=None) == datetime.combine(on, wall_time)


@given(st.integers(0, 6), DAYS, st.integers(-10, 400))
def test_weekly_is_every_such_weekday_between_two_days_and_no_other(weekday: int, first: date, days: int) -> None:
    last = first + timedelta(days=days)
    wanted = [first + timedelta(days=day) for day in range(days + 1) if (first + timedelta(days=day)).weekday() == weekday]
    assert list(calendar.weekly(weekday, first, last)) == wanted


@pytest.mark.parametrize(
    ("on", "name"),
    [
        (date(2025, 12, 25), "Christmas Day"), (date(2026, 4, 6), "Easter Monday"), (date(2026, 12, 28), "Boxing Day (observed)"),
        (date(2026, 8, 31), "Late Summer Bank Holiday"), (date(2026, 11, 30), None), (date(2026, 3, 17), None),
    ],
)  # fmt: skip
def test_bank_holidays_are_those_of_england(on: date, name: str | None) -> None:
    assert calendar.bank_holiday(on) == name


def test_sessions_are_laid_out_from_the_first_such_weekday_to_eight_weeks_ahead() -> None:
    group = a_group(starts_on=TUESDAY - timedelta(days=1))
    days = [session.on for session in group.lay_out(TUESDAY)]
    assert days == [TUESDAY + timedelta(weeks=week) for week in range(9)]


def test_sessions_are_laid_out_once() -> None:
    group = a_group()
    assert group.lay_out(TUESDAY)
    assert group.lay_out(TUESDAY) == []


@given(st.lists(st.integers(0, 30), max_size=8))
def test_however_often_they_are_laid_out_there_is_one_a_week_without_gaps(pauses: list[int]) -> None:
    group, today, days = a_group(meets_on_bank_holidays=True), TUESDAY, [session.on for session in a_group().lay_out(TUESDAY)][:0]
    for pause in [0, *pauses]:
        today += timedelta(days=pause)
        days += [session.on for session in group.lay_out(today)]
    assert days == list(calendar.weekly(1, TUESDAY, today + calendar.HORIZON))


def test_a_session_starts_and_ends_by_the_wall_on_both_sides_of_the_clock_change() -> None:
    sessions = {session.on: session for session in a_group().lay_out(TUESDAY)}
    winter, summer = sessions[date(2025, 3, 25)], sessions[date(2025, 4, 1)]
    assert (winter.starts_at.hour, winter.ends_at.hour) == (10, 11)
    assert (summer.starts_at.hour, summer.ends_at.hour) == (9, 10)
    assert summer.ends_at - summer.starts_at == timedelta(minutes=90)


def test_a_group_does_not_meet_on_a_bank_holiday_and_says_which_it_leaves_out() -> None:
    group = a_group(weekday="0", starts_on=date(2026, 8, 1), today=date(2026, 7, 1))
    days = [session.on for session in group.lay_out(date(2026, 8, 1))]
    assert date(2026, 8, 31) not in days
    assert date(2026, 8, 24) in days
    assert list(group.skipped(date(2026, 8, 1), date(2026, 9, 30))) == [(date(2026, 8, 31), "Late Summer Bank Holiday")]


def test_a_group_that_meets_on_bank_holidays_has_them_flagged() -> None:
    group = a_group(weekday="0", starts_on=date(2026, 8, 1), today=date(2026, 7, 1), meets_on_bank_holidays=True)
    flagged = {session.on: session.bank_holiday for session in group.lay_out(date(2026, 8, 1)) if session.bank_holiday}
    assert flagged == {date(2026, 8, 31): "Late Summer Bank Holiday"}
    assert list(group.skipped(date(2026, 8, 1), date(2026, 9, 30))) == []
