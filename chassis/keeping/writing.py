"""Records as lines that anybody can read: labels from the contract, codes in words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from chassis import clock
from chassis.keeping.contract import LONGEST_WORDS


def item(
    heading: str, title: str, about: str, lines: Sequence[Mapping[str, Any]], *, person_id: UUID | None = None, at: datetime | None = None
) -> dict[str, Any]:
    """Return one record, as `HeldItem` has it."""
    return {"heading": heading, "title": title, "about": about, "lines": list(lines), "person_id": person_id, "at": at}


def lines_of(schema: Schema, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a line for each value that is there, labelled as the schema labels it; what it does not name has its own name."""
    return [
        {"label": _label(schema.fields.get(name), name), "words": _words(schema.fields.get(name), value)[:LONGEST_WORDS]}
        for name, value in values.items()
        if value not in (None, "", [], {})
    ]


def _label(field: fields.Field[Any] | None, name: str) -> str:
    return str(field.metadata.get("label") if field is not None and field.metadata.get("label") else name.replace("_", " ").capitalize())


def _words(field: fields.Field[Any] | None, value: Any) -> str:
    choices: Mapping[str, str] = (field.metadata.get("choices") if field is not None else None) or {}
    if isinstance(value, Mapping):
        return "; ".join(_answered(**line) for line in lines_of(_schema_of(field), value))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "\n".join(_words(_one_of(field), one) for one in value)
    return choices.get(value, value) if isinstance(value, str) else _plain(value)


def _answered(label: str, words: str) -> str:
    """Return a label and what was said on one line; a question needs no colon."""
    return f"{label} {words}" if label.endswith("?") else f"{label}: {words}"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return f"{clock.london(value):%-d %B %Y, %H:%M}"
    return f"{value:%-d %B %Y}" if isinstance(value, date) else str(value)


def _one_of(field: fields.Field[Any] | None) -> fields.Field[Any] | None:
    """Return the field of one of a list; it has the list's choices."""
    if not isinstance(field, fields.List):
        return None
    return field if isinstance(field.inner, fields.String) else field.inner


def _schema_of(field: fields.Field[Any] | None) -> Schema:
    return field.schema if isinstance(field, fields.Nested) else Schema()
