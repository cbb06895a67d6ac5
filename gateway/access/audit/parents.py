"""The list of who read or changed a family's record, as the family itself is given it: plain words, no clinical one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from chassis import clock
from gateway.contract.plain_words import clinical_words

HEADINGS: Final = ("Day", "From", "To", "Who", "Organisation", "What they did")
HOW: Final[Mapping[str, str]] = {"read": "Looked at your record", "change": "Changed your record"}


@dataclass(slots=True)
class Line:
    """What one person did with a family's record on one day."""

    on: date
    who: str
    agency: str
    how: str
    first: time
    last: time


def lines_of(entries: Iterable[Mapping[str, Any]], programme: str) -> list[Line]:
    """Return a line for each day, person and way, newest first; what a computer did by itself counts where it changed something."""
    lines: dict[tuple[date, str, str], Line] = {}
    for entry in entries:
        if entry["kind"] not in HOW or (_is_automatic(entry) and entry["kind"] == "read"):
            continue
        at = clock.london(entry["at"])
        who, agency = _who(entry, programme)
        line = lines.setdefault((at.date(), who, entry["kind"]), Line(at.date(), who, agency, HOW[entry["kind"]], at.time(), at.time()))
        line.first, line.last = min(line.first, at.time()), max(line.last, at.time())
    return list(lines.values())


def rows_of(lines: Iterable[Line]) -> list[list[object]]:
    """Return the lines as rows of a file."""
    return [[line.on.isoformat(), f"{line.first:%H:%M}", f"{line.last:%H:%M}", line.who, line.agency, line.how] for line in lines]


def _who(entry: Mapping[str, Any], programme: str) -> tuple[str, str]:
    """Return who it was and of which organisation; an organisation is not named by a clinical word, a system not at all."""
    if _is_automatic(entry):
        return f"{programme}'s computer system", programme
    if "system" in entry["roles"]:
        return "Another organisation's computer system", f"A partner of {programme}"
    if "public" in entry["roles"]:
        return entry["person_name"], "Nobody's"
    agency = entry["agency"]
    return entry["person_name"], f"A partner of {programme}" if not agency or clinical_words(agency) else agency


def _is_automatic(entry: Mapping[str, Any]) -> bool:
    return "service" in entry["roles"]
