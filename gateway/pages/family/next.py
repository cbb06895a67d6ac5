"""What comes next for a family, as term and words."""

from collections.abc import Iterator, Mapping
from typing import Any

from gateway.pages.words import clock_time, due, near_day, sentence

Reply = Mapping[str, Any] | None


def next_steps(attendance: Reply, outreach: Reply) -> list[tuple[str, str]]:
    """Return the next contact, the next session, and who is in charge."""
    return [*_contact(outreach), *_session(attendance)]


def _contact(outreach: Reply) -> Iterator[tuple[str, str]]:
    for case in outreach["open_cases"] if outreach else ():
        yield "Contact", sentence(due(case["due_on"]))
        yield "Owner", case["owner_name"] or "Nobody yet"


def _session(attendance: Reply) -> Iterator[tuple[str, str]]:
    session = attendance["next_session"] if attendance else None
    if session:
        when = f"{sentence(near_day(session['on']))}, {clock_time(session['starts_at'])}"
        yield "Session", when + (", to be collected" if session["collection"] == "arranged" else "")
