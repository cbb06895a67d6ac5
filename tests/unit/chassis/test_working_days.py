"""Working days between two days: reckoned, and the same as counted on the fingers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.working_days import is_working_day, load_holidays, working_days_after, working_days_before, working_days_between


@pytest.fixture(autouse=True, scope="module")
def loaded() -> None:
    """The first look loads the holidays of the world: that is nobody's deadline."""
    load_holidays()


def counted(day: date, later: date) -> int:
    return sum(is_working_day(day + timedelta(days=each)) for each in range(1, (later - day).days + 1))


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)), st.integers(-30, 400))
def test_they_are_as_many_as_one_counts_day_by_day(day: date, days: int) -> None:
    later = day + timedelta(days=days)
    assert working_days_between(day, later) == counted(day, later)


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)), st.integers(0, 60))
def test_so_many_working_days_later_so_many_have_come(day: date, count: int) -> None:
    assert working_days_between(day, working_days_after(day, count)) == count


@pytest.mark.parametrize(
    ("day", "later", "came"),
    [
        (date(2026, 11, 20), date(2026, 11, 20), 0),  # the day itself is not counted
        (date(2026, 11, 20), date(2026, 11, 23), 1),  # Friday to Monday
        (date(2026, 11, 21), date(2026, 11, 22), 0),  # a weekend
        (date(2026, 12, 24), date(2026, 12, 29), 1),  # Christmas; Boxing Day is a Saturday, kept on Monday the 28th
        (date(2025, 12, 31), date(2026, 1, 2), 1),  # New Year's Day lies in another year than the first day
        (date(2026, 11, 23), date(2026, 11, 20), 0),  # never fewer than none
    ],
)
def test_weekends_and_bank_holidays_are_no_working_days(day: date, later: date, came: int) -> None:
    assert working_days_between(day, later) == came


def test_a_day_before_is_a_working_day() -> None:
    assert working_days_before(date(2026, 12, 29), 1) == date(2026, 12, 24)
