"""Entries of the audit trail as lines of a page."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from gateway.access.audit.files import acting_as
from gateway.access.audit.words import words_of
from gateway.pages.words import clock_time, day

_HOW = {"read": "Looked at", "change": "Changed", "security": "Access"}
_IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_CODE = re.compile(r"[a-z]+(_[a-z]+)+")
_DATED = re.compile(r"\d{4}-\d\d-\d\d")
_TONES = {"change": "told", "security": "good"}


@dataclass(frozen=True, slots=True)
class Field:
    """A field that changed; empty words where nothing was there."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in one row."""

    what: str
    fields: tuple[Field, ...]
    shown: bool


@dataclass(frozen=True, slots=True)
class Family:
    """A family, with the reference that stands for it where its name is not shown."""

    id: Any
    reference: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing done in one request, whatever number of entries it left.

    Attributes:
        who, agency, role, address: who it was, of which agency, acting as what, from where; `person_id` to narrow down by.
        done, how, tone: what was done; read or change, with its colour.
        families: which families it was about.
        why: the reason, or that one was given.
        asked: for a list: what was asked for.
    """

    at: datetime
    who: str
    agency: str
    role: str
    address: str
    done: str
    how: str
    tone: str
    person_id: Any
    families: tuple[Family, ...]
    why: str
    asked: str
    changes: tuple[Change, ...]
    erased: bool


def lines_of(entries: Iterable[Mapping[str, Any]]) -> list[Line]:
    """Return the entries of a page as lines: what one request did to several families, or in several services, is one."""
    lines: dict[tuple[str, ...], Line] = {}
    for entry in entries:
        line = told(entry)
        key = (entry["correlation_id"], line.done, line.how, line.why, str(line.person_id))
        lines[key] = _joined(lines[key], line) if key in lines else line
    return list(lines.values())


def _joined(line: Line, other: Line) -> Line:
    return replace(
        line,
        families=tuple(dict.fromkeys((*line.families, *other.families))),
        asked=", ".join(dict.fromkeys(filter(None, (line.asked, other.asked)))),
        changes=(*line.changes, *other.changes),
        erased=line.erased or other.erased,
    )


def told(entry: Mapping[str, Any]) -> Line:
    """Return an entry as a line."""
    return Line(
        at=entry["at"],
        who=entry["person_name"],
        agency=entry["agency"] or "",
        role=acting_as(entry),
        address=entry["address"] or "",
        done=words_of(entry["operation"]),
        how=_HOW[entry["kind"]],
        tone=_TONES.get(entry["kind"], ""),
        person_id=entry["person_id"],
        families=(Family(entry["family_id"], reference(entry["family_id"])),) if entry["family_id"] else (),
        why="A reason was given, which is not shown here" if entry["reason_hidden"] else entry["reason"] or "",
        asked=_asked(entry),
        changes=tuple(_change(change) for change in entry["changes"]),
        erased=entry["erased"],
    )


def reference(identity: object) -> str:
    """Return what stands for a family or a thing where its name is not shown: the end of its identifier."""
    return str(identity)[-8:] if identity else ""


def _asked(entry: Mapping[str, Any]) -> str:
    facts = entry["facts"]
    query = {**facts.get("query", {}), **(entry["asked"] or {})}
    words = [f"{_plain(name)}: {_value(value)}" for name, value in query.items()]
    if entry["asked_hidden"]:
        words.append("words that are not shown here")
    return ", ".join([*words, *_counted(facts)])


def _counted(facts: Mapping[str, Any]) -> list[str]:
    """Return how many there were on the page of a list, and in all where that was counted and there were more."""
    if "count" not in facts:
        return []
    more = f" of {facts['total']}" if facts.get("total", 0) > facts["count"] else ""
    return [f"{facts['count']}{more} on the page"]


def _change(change: Mapping[str, Any]) -> Change:
    if change["rows"] is not None:
        return Change(f"{_plain(change['table'])}: {change['rows']} at once", (), shown=True)
    before, after = change["before"] or {}, change["after"] or {}
    fields = tuple(Field(_plain(name), _value(before.get(name)), _value(after.get(name))) for name in change["columns"])
    return Change(_plain(change["table"]), fields, shown=change["shown"])


def _value(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        if value.keys() == {"characters"}:
            return f"{value['characters']:,} characters"
        return "; ".join(f"{_plain(name)}: {_value(inner)}" for name, inner in value.items())
    return ", ".join(map(_value, value)) if isinstance(value, list) else _text(str(value))


def _text(value: str) -> str:
    """Return a text as it is, a code without its lines, a moment and a day as people say them, and the end of an identifier."""
    if _IDENTIFIER.fullmatch(value):
        return reference(value)
    if not _DATED.match(value):
        return value.replace("_", " ") if _CODE.fullmatch(value) else value
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    return f"{day(at)} {clock_time(at)}" if at.tzinfo else day(at.date())


def _plain(name: str) -> str:
    return name.removesuffix("_id").replace("_", " ")
