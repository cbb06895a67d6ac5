"""Working days: Monday to Friday without the bank holidays of England and Wales. What is due in working days counts them."""

from bisect import bisect_right
from datetime import date, timedelta
from functools import lru_cache

from chassis import clock

FRIDAY = 4


def is_working_day(day: date) -> bool:
    """Tell whether the team works on a day."""
    return day.weekday() <= FRIDAY and day not in _holidays(day.year)


def working_days_after(day: date, count: int) -> date:
    """Return the day that is ``count`` working days after a day."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_before(day: date, count: int) -> date:
    """Return the working day that is ``count`` working days before a day."""
    while count:
        day -= timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_between(day: date, later: date) -> int:
    """Return how many working days have come since a day, up to and with the ``later`` one; 0 where that is not later.

    Reckoned, not counted day by day: a list of what waits asks for each of its rows.
    """
    if later <= day:
        return 0
    off = sum(bisect_right(days, later) - bisect_right(days, day) for days in map(_days_off, range(day.year, later.year + 1)))
    return _weekdays_until(later) - _weekdays_until(day) - off


def load_holidays() -> None:
    """Load what `is_working_day` looks up: the first time in a process that takes a second, of which no request should know."""
    _holidays(clock.today().year)


def _weekdays_until(day: date) -> int:
    """Return the Mondays to Fridays from the first day of the calendar, a Monday, up to and with a day."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * (FRIDAY + 1) + min(rest, FRIDAY + 1)


@lru_cache(maxsize=32)
def _days_off(year: int) -> tuple[date, ...]:
    """Return the bank holidays of a year that are no Saturday or Sunday, in order."""
    return tuple(sorted(day for day in _holidays(year) if day.year == year and day.weekday() <= FRIDAY))


@lru_cache(maxsize=32)
def _holidays(year: int) -> frozenset[date]:
    from holidays import country_holidays  # loads every country of the world: that takes too long to do at every import of ours

    return frozenset(country_holidays("GB", subdiv="ENG", years=year))
