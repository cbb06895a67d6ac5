"""The time: kept in UTC, told in Europe/London."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from chassis import context

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """Return the moment, aware, in UTC; the acting moment where a practice borough sets one."""
    return context.current().acting_at or datetime.now(UTC)


def real_now() -> datetime:
    """Return the real moment, in UTC: security never goes by the acting time of a practice borough."""
    return datetime.now(UTC)


def london(moment: datetime) -> datetime:
    """Return ``moment`` as people in the borough read it on the wall."""
    return moment.astimezone(LONDON)


def today() -> date:
    """Return the day in London."""
    return london(now()).date()


@contextmanager
def acting_at(moment: datetime | None) -> Iterator[None]:
    """Date the work of a ``with`` block at ``moment``; None leaves the real time."""
    with context.changed(acting_at=moment):
        yield
