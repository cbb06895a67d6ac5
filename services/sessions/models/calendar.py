"""The calendar: on which days a weekly group meets, and when that is.

A group meets by the clock on the wall in London: 10:00 stays 10:00 when the clocks change, so the moments that are
stored, in UTC, move by an hour. Bank holidays are those of England.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from dateutil.rrule import WEEKLY, rrule

from chassis import clock
from chassis.clock import LONDON

HORIZON = timedelta(weeks=8)
"""How far ahead sessions are laid out."""


def weekly(weekday: int, first: date, last: date) -> Iterator[date]:
    """Yield every such weekday (0 is Monday) from ``first`` to ``last``, both included."""
    if first > last:
        return
    days = rrule(WEEKLY, byweekday=weekday, dtstart=datetime.combine(first, time()), until=datetime.combine(last, time()))
    for day in days:
        yield day.date()


def at_wall_time(on: date, wall_time: time) -> datetime:
    """Return the moment, in UTC, at which clocks in London show ``wall_time`` on a day."""
    return datetime.combine(on, wall_time, tzinfo=LONDON).astimezone(UTC)


def bank_holiday(on: date) -> str | None:
    """Return the name of England's bank holiday on a day, or None."""
    return _of_year(on.year).get(on)


def load_holidays() -> None:
    """Load what `bank_holiday` looks up: the first time in a process that takes a second, of which no request should know."""
    bank_holiday(clock.today())


@lru_cache(maxsize=32)
def _of_year(year: int) -> dict[date, str]:
    from holidays import country_holidays  # loads every country of the world: that takes too long to do at every import of ours

    return dict(country_holidays("GB", subdiv="ENG", years=year).items())
