"""Working days: Monday to Friday without the bank holidays of England and Wales. What is due in working days counts them."""

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


def load_holidays() -> None:
    """Load what `is_working_day` looks up: the first time in a process that takes a second, of which no request should know."""
    _holidays(clock.today().year)


@lru_cache(maxsize=32)
def _holidays(year: int) -> frozenset[date]:
    from holidays import country_holidays  # loads every country of the world: that takes too long to do at every import of ours

    return frozenset(country_holidays("GB", subdiv="ENG", years=year))
