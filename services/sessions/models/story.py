"""What happened to a family here, for its page: the steps of its places and the marks of closed registers."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from services.sessions.models.engagement import ATTENDED, missed_in_a_row
from services.sessions.models.places import Step

KINDS = {"told_us": "family.told_us", "did_not_come": "family.missed", "we_cancelled": "session.cancelled"}


class Day(NamedTuple):
    """What a closed register says of the family."""

    mark_id: UUID
    session_id: UUID
    place_id: UUID
    on: date
    starts_at: datetime
    group_name: str
    mark: str
    people: list[UUID]


class Told(NamedTuple):
    """A day with what it meant: sessions missed in a row before it and with it, and whether it was the first time."""

    day: Day
    missed_before: int
    missed: int
    first: bool


def told(days: Sequence[Day]) -> Iterator[Told]:
    """Yield the days, oldest first, with what they meant; each place counts by itself."""
    marks: dict[UUID, list[str]] = {}
    for day in days:
        history = marks.setdefault(day.place_id, [])
        before = missed_in_a_row(history)
        first = day.mark in ATTENDED and not ATTENDED & set(history)
        history.append(day.mark)
        yield Told(day, before, missed_in_a_row(history), first)


def entries(steps: Sequence[Step], days: Sequence[Told]) -> list[dict[str, object]]:
    """Return the story, newest first."""
    lines = [*map(_of_step, steps), *map(_of_day, days)]
    return sorted(lines, key=lambda line: (line["occurred_at"], line["id"]), reverse=True)


def _of_step(step: Step) -> dict[str, object]:
    return {"id": step.id, "occurred_at": step.at, "kind": step.kind, "facts": dict(step.facts)}


def _of_day(one: Told) -> dict[str, object]:
    day = one.day
    facts = {
        "group_name": day.group_name,
        "on": day.on.isoformat(),
        "mark": day.mark,
        "missed": one.missed,
        "missed_before": one.missed_before,
        "first": one.first,
        "people": len(day.people),
    }
    kind = "family.attended" if day.mark in ATTENDED else KINDS[day.mark]
    return {"id": day.mark_id, "occurred_at": day.starts_at, "kind": kind, "facts": facts}
