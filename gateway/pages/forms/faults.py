"""What is wrong with the answers, by the name of the field that a link in the summary leads to."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from marshmallow import Schema, fields

from gateway.pages.forms.names import joined, schema_of, widget_of
from gateway.pages.words import sentence

_MACHINE_WORDS = {
    "Missing data for required field.": "this is needed.",
    "Field may not be null.": "this is needed.",
    "Not a valid integer.": "enter a whole number.",
    "Not a valid number.": "enter a number.",
    "Not a valid boolean.": "choose yes or no.",
    "Not a valid UUID.": "choose one of the answers.",
    "Not a valid string.": "enter words.",
    "Not a valid list.": "choose from the answers.",
    "Not a valid aware datetime.": "enter a real date, and a time like 10:00.",
    "Not a valid datetime.": "enter a real date, and a time like 10:00.",
}


def flat(faults: Mapping[Any, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name of each faulty field with its first message, in the order given."""
    for key, found in faults.items():
        name = prefix if key == "_schema" else joined(prefix, key)
        if isinstance(found, Mapping):
            yield from flat(found, name)
        elif found:
            yield name, str(found[0] if isinstance(found, list) else found)


def by_name(schema: Schema, faults: Mapping[Any, Any], asked_first: Sequence[str] = ()) -> dict[str, str]:
    """Return one message a field, in words for a page, in the order of the page."""
    found: dict[str, str] = {}
    for name, message in flat(faults):
        found.setdefault(_question(schema, name), plain(_label(schema, name), message))
    order = [*asked_first, *(name for name in schema.fields if name not in asked_first)]
    return dict(sorted(found.items(), key=lambda item: _place(order, item[0])))


def _question(schema: Schema, name: str) -> str:
    """Return the name of the question that asks for ``name``: several answers to one question, such as ticked boxes, share it."""
    head, *rest = name.split("-")
    field = schema.fields.get(head)
    if field is None or not rest:
        return name
    if widget_of(field) not in {"group", "list"}:
        return head
    number = rest[:1] if isinstance(field, fields.List) else []
    inner = "-".join(rest[len(number) :])
    return "-".join([head, *number, _question(schema_of(field), inner)]) if inner else name


def plain(label: str, message: str) -> str:
    """Return a message as a page says it: a machine's words begin with what was asked."""
    words = _MACHINE_WORDS.get(message)
    if words:
        return f"{label}: {words}" if label else words.capitalize()
    question, asked, rest = message.partition("?: ")
    spoken = f"{question}? {sentence(rest)}" if asked else message
    return spoken.replace("for example 2024-07-16", "for example 16 7 2024")


def _label(schema: Schema, name: str) -> str:
    head, *rest = name.split("-")
    field = schema.fields.get(head)
    if field is None:
        return ""
    if widget_of(field) in {"group", "list"} and rest:
        return _label(schema_of(field), "-".join(rest[1:] if isinstance(field, fields.List) else rest))
    return str(field.metadata.get("label", ""))


def _place(order: list[str], name: str) -> int:
    head = name.split("-", 1)[0]
    return order.index(head) if head in order else len(order)
