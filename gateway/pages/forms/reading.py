"""From what a browser posted to the values that a schema loads, and back: nothing is judged here.

A wrong answer stays as it was typed, so that the schema refuses it and the form shows it again.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict

from chassis import clock
from gateway.pages.forms.names import asked, joined, schema_of, widget_of

Posted = MultiDict[str, str]
Values = dict[str, Any]

_TIME = re.compile(r"(\d{1,2})[:. ]?(\d{2})")
_WHOLE = re.compile(r"-?\d{1,10}")


def read(schema: Schema, posted: Posted, leave_out: frozenset[str] = frozenset(), prefix: str = "") -> Values:
    """Return the answers by field; one that was left empty is absent."""
    values: Values = {}
    for name, field in asked(schema, leave_out, prefix).items():
        value = _answer(field, posted, leave_out, joined(prefix, name))
        if value not in (None, "") and (value != {} or field.required):
            values[name] = value
    return values


def _answer(field: fields.Field[Any], posted: Posted, leave_out: frozenset[str], name: str) -> Any:
    kind = widget_of(field)
    if kind == "group":
        return read(schema_of(field), posted, leave_out, name)
    if kind == "list":
        return _list(field, [read(schema_of(field), posted, leave_out, joined(name, index)) for index in shown(field, posted, name)])
    if kind in _COMPOSED:
        return _COMPOSED[kind](posted, name)
    return _plain(field, posted.get(name, "").strip())


def _list(field: fields.Field[Any], items: list[Values]) -> list[Values]:
    """Return the items of a list; of one that may be empty, without the boxes at its end that nobody filled in."""
    if not any((getattr(rule, "min", 0) or 0) > 0 for rule in field.validators):
        while items and not items[-1]:
            items = items[:-1]
    return items


def _plain(field: fields.Field[Any], typed: str) -> Any:
    if isinstance(field, fields.Time):
        return time_from(typed)
    if isinstance(field, fields.Integer) and _WHOLE.fullmatch(typed):
        return int(typed)
    return typed


def indexes(posted: Mapping[str, str], name: str) -> list[int]:
    """Return the numbers of the items of a list that were sent, in order."""
    start = f"{name}-"
    numbers = {key[len(start) :].split("-", 1)[0] for key in posted if key.startswith(start)}
    return sorted(int(number) for number in numbers if number.isdigit() and len(number) < 4)


def shown(field: fields.Field[Any], posted: Mapping[str, str], name: str) -> list[int]:
    """Return the numbers of the items that are judged and shown again: of more than may be, one more than that, which says enough."""
    most = max((rule.max or 0 for rule in field.validators if isinstance(rule, validate.Length)), default=0)
    return indexes(posted, name)[: most + 1] if most else indexes(posted, name)


def renumber(posted: Posted, name: str) -> None:
    """Number the items of a list 0, 1, 2 again after one was taken away."""
    for new, old in enumerate(indexes(posted, name)):
        for key in [key for key in posted if new != old and key.startswith(f"{name}-{old}-")]:
            posted.setlist(f"{name}-{new}-" + key.removeprefix(f"{name}-{old}-"), posted.poplist(key))


def day_from(posted: Mapping[str, str], name: str) -> str:
    """Return the day as ISO 8601 where three numbers were typed, else the words that were typed."""
    typed = [posted.get(f"{name}-{part}", "").strip() for part in ("year", "month", "day")]
    if not any(typed):
        return ""
    if all(part.isdecimal() for part in typed) and len(typed[0]) == 4:
        return f"{typed[0]}-{int(typed[1]):02}-{int(typed[2]):02}"
    return "/".join(reversed(typed))


def time_from(typed: str) -> str:
    """Return "09:05" for "9.05", "905" or "9:05"; else what was typed."""
    found = _TIME.fullmatch(typed)
    return f"{int(found[1]):02}:{found[2]}" if found else typed


def moment_from(posted: Mapping[str, str], name: str) -> str:
    """Return the moment that a day and a time on the wall in London make, ISO 8601; else what was typed."""
    on, at = day_from(posted, name), time_from(posted.get(f"{name}-time", "").strip())
    if not on and not at:
        return ""
    try:
        return datetime.combine(date.fromisoformat(on), time.fromisoformat(at), clock.LONDON).isoformat()
    except ValueError:
        return f"{on} {at}".strip()


_COMPOSED: dict[str, Callable[[Posted, str], Any]] = {
    "checkboxes": lambda posted, name: posted.getlist(name),
    "date": day_from,
    "moment": moment_from,
    "yes_no": lambda posted, name: {"yes": True, "no": False}.get(posted.get(name, "")),
}


def written(schema: Schema, values: Mapping[str, Any], leave_out: frozenset[str] = frozenset(), prefix: str = "") -> Posted:
    """Return what a browser would post for ``values``: how a form is filled from a record."""
    posted: Posted = MultiDict()
    for name, field in asked(schema, leave_out, prefix).items():
        if values.get(name) is not None:
            _write(posted, field, joined(prefix, name), values[name])
    return posted


def _write(posted: Posted, field: fields.Field[Any], name: str, value: Any) -> None:
    match widget_of(field):
        case "group":
            posted.update(written(schema_of(field), value, prefix=name))
        case "list":
            for index, item in enumerate(value):
                posted.update({joined(joined(name, index), ""): ""})
                posted.update(written(schema_of(field), item, prefix=joined(name, index)))
        case "checkboxes":
            posted.setlist(name, [str(code) for code in value])
        case "date":
            _write_day(posted, name, value)
        case "moment":
            _write_day(posted, name, clock.london(value).date())
            posted[f"{name}-time"] = f"{clock.london(value):%H:%M}"
        case "yes_no":
            posted[name] = "yes" if value else "no"
        case _:
            posted[name] = f"{value:%H:%M}" if isinstance(value, time) else str(value)


def _write_day(posted: Posted, name: str, on: date) -> None:
    for part in ("day", "month", "year"):
        posted[f"{name}-{part}"] = str(getattr(on, part))
