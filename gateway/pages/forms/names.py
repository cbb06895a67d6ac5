"""What a field is called in a form: parts of its path joined by a hyphen, for example ``parents-0-given_name``."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

ADD = "add"
REMOVE = "remove"
KEY = "form_key"
NOT_ANSWERS = frozenset({"csrf_token", KEY, ADD, REMOVE, "step"})

Metadata = Mapping[str, Any]


def joined(prefix: str, name: object) -> str:
    """Return the name of ``name`` within ``prefix``."""
    return f"{prefix}-{name}" if prefix else str(name)


def widget_of(field: fields.Field[Any]) -> str:
    """Return how a field is asked."""
    return str(field.metadata.get("widget", "input"))


def asked(schema: Schema, leave_out: frozenset[str], prefix: str = "") -> dict[str, fields.Field[Any]]:
    """Return the fields of a schema that a person answers: not the version, nor what is left out (by full name)."""
    return {
        name: field
        for name, field in schema.fields.items()
        if joined(prefix, name) not in leave_out and name != "version" and not field.dump_only
    }


def schema_of(field: fields.Field[Any]) -> Schema:
    """Return the schema within a nested field or a list of nested ones.

    Raises:
        TypeError: the field holds no schema.
    """
    inner = field.inner if isinstance(field, fields.List) else field
    if not isinstance(inner, fields.Nested):
        raise TypeError(f"{field!r} holds no schema")
    return inner.schema
