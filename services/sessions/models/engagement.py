"""Engagement: where a family is on its way, computed from the marks of closed registers, never typed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ATTENDED = frozenset({"here", "late"})
SETTLED_OUT_OF, SETTLED_FROM = 6, 4
BACK_FOR = 3


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How many sessions missed in a row mean what: the borough's policy.

    Attributes:
        outreach: missed in a row at which outreach opens, and a family that has come before is *drifting*.
        escalation: missed in a row at which outreach escalates, and such a family is *away*.
    """

    outreach: int = 2
    escalation: int = 4

    @classmethod
    def of(cls, policy: Mapping[str, Any]) -> "Thresholds":
        """Return the thresholds of a borough's policy; the usual ones where it names none."""
        named = {"outreach": policy.get("missed_before_outreach"), "escalation": policy.get("missed_before_escalation")}
        return cls(**{name: int(count) for name, count in named.items() if count is not None})


DEFAULTS = Thresholds()


def missed_in_a_row(marks: Sequence[str]) -> int:
    """Return how many sessions the family has missed since it last came; ``marks`` oldest first.

    *Did not come* counts. *Told us* neither counts nor sets the count back: a family that lets us know is in touch,
    which is no reason to worry; but it has not come, so a miss before and a miss after still follow each other.
    *We cancelled* says nothing of the family and never counts.
    """
    missed = 0
    for mark in reversed(marks):
        if mark in ATTENDED:
            break
        missed += mark == "did_not_come"
    return missed


def times_attended(marks: Sequence[str]) -> int:
    """Return how many sessions the family came to."""
    return sum(mark in ATTENDED for mark in marks)


def times_held(marks: Sequence[str]) -> int:
    """Return how many sessions were held for the family: all but those that we cancelled."""
    return sum(mark != "we_cancelled" for mark in marks)


def engagement(marks: Sequence[str], *, paused: bool = False, thresholds: Thresholds = DEFAULTS) -> str:
    """Return the code of where a family is on its way; ``marks`` oldest first, of one place.

    * *not_yet_attended*: it has come to nothing so far, whatever it missed.
    * *away*: it has come before, and takes a break, or has not come for ``escalation`` sessions, told us or not.
    * *drifting*: it has come before, and has missed ``outreach`` in a row.
    * *back*: one of the last three times that it came ended a time of drifting or away.
    * *settled*: it came to at least four of its last six sessions.
    * *trying*: it has come, and none of the above holds yet.
    """
    held = [mark for mark in marks if mark != "we_cancelled"]
    if not times_attended(held):
        return "not_yet_attended"
    if paused:
        return "away"
    return _gone(held, thresholds) or _returned(held, thresholds) or _usual(held)


def _gone(held: Sequence[str], thresholds: Thresholds) -> str:
    """Return away or drifting for marks that end in a long enough absence, else nothing."""
    absent = 0
    for mark in reversed(held):
        if mark in ATTENDED:
            break
        absent += 1
    if absent >= thresholds.escalation:
        return "away"
    return "drifting" if missed_in_a_row(held) >= thresholds.outreach else ""


def _returned(held: Sequence[str], thresholds: Thresholds) -> str:
    """Return back where one of the last attendances ended a time of drifting or away."""
    came = [place for place, mark in enumerate(held) if mark in ATTENDED][-BACK_FOR:]
    return "back" if any(times_attended(held[:place]) and _gone(held[:place], thresholds) for place in came) else ""


def _usual(held: Sequence[str]) -> str:
    return "settled" if times_attended(held[-SETTLED_OUT_OF:]) >= SETTLED_FROM else "trying"
