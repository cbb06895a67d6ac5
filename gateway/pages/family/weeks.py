"""The strip of every week since the referral: one mark a week."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from chassis import clock
from gateway.pages.words import day

LONGEST = 104
_ORDER = ("here", "late", "did_not_come", "told_us", "we_cancelled")
WORDS = {
    "visit": "Visit",
    "here": "Here",
    "late": "Here, late",
    "told_us": "Told us",
    "did_not_come": "Missed",
    "we_cancelled": "We cancelled",
    "none": "No session",
}


class Week(NamedTuple):
    """One week: its Monday, what it is marked as, and the words for it."""

    monday: date
    mark: str

    @property
    def words(self) -> str:
        """Return for example ``Week of 23 November: here``."""
        return f"Week of {day(self.monday)}: {WORDS[self.mark].lower()}"


def weeks(began: date, days: Iterable[Mapping[str, Any]], entries: Iterable[Mapping[str, Any]]) -> list[Week]:
    """Return the weeks from the one the family was referred in to this one, the last two years at most.

    Args:
        began: the day of the referral.
        days: closed registers, each with ``on`` and ``mark``.
        entries: of the story, for the visits.
    """
    marks = _by_week((one["on"], one["mark"]) for one in days)
    visited = {_monday(clock.london(entry["occurred_at"]).date()) for entry in entries if _is_visit(entry)}
    last = _monday(clock.today())
    number = min((last - _monday(began)).days // 7, LONGEST - 1)
    every = [last - timedelta(weeks=back) for back in range(max(0, number), -1, -1)]
    return [Week(monday, marks.get(monday) or ("visit" if monday in visited else "none")) for monday in every]


def used(every: Iterable[Week]) -> list[tuple[str, str]]:
    """Return the marks that occur, with their words, for the key."""
    there = {week.mark for week in every}
    return [(mark, words) for mark, words in WORDS.items() if mark in there]


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def _by_week(marks: Iterable[tuple[date, str]]) -> dict[date, str]:
    found: dict[date, str] = {}
    for on, mark in marks:
        monday = _monday(on)
        known = found.get(monday)
        if known is None or _ORDER.index(mark) < _ORDER.index(known):
            found[monday] = mark
    return found


def _is_visit(entry: Mapping[str, Any]) -> bool:
    facts = entry["facts"]
    return entry["kind"] == "visit.done" or (facts.get("channel"), facts.get("outcome")) == ("visit", "reached")
