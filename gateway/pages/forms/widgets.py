"""What a template needs to show one question: words, the answer so far, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema, fields, missing, validate

from gateway.pages.forms.names import asked, joined, schema_of, widget_of
from gateway.pages.forms.reading import Posted, shown

_SHORT = {"accent": 10, "code": 20, "postcode": 10, "phone": 20, "times": 30}


@dataclass(frozen=True, slots=True)
class Widget:
    """One question, or a group of questions.

    Attributes:
        kind: input, textarea, radios, select, checkboxes, yes_no, date, moment, time, number, email, hidden, group or list.
        name: its name in the form.
        id: where a link in the summary leads; unique in the page.
        required: whether an answer is needed; where it is not, the label says so.
        value: the answer as typed; ``values`` for several.
        items: the questions within a group; for a list one group each.
        at_most: how many items a list may have; longest text of an input.
    """

    kind: str
    name: str
    label: str
    id: str = ""
    hint: str = ""
    required: bool = True
    value: str = ""
    values: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    items: tuple["Widget", ...] = ()
    at_least: int = 0
    at_most: int = 0
    width: int = 0

    @property
    def inner(self) -> dict[str, "Widget"]:
        """The questions of a group by their own name."""
        return {item.name.rsplit("-", 1)[-1]: item for item in self.items}

    def without(self, *names: str) -> tuple["Widget", ...]:
        """Return the questions of a group but for these."""
        return tuple(item for name, item in self.inner.items() if name not in names)


@dataclass(frozen=True, slots=True)
class Shown:
    """What widgets are made from: the answers, the faults, choices that depend on the moment, other words, and the start of every id."""

    posted: Posted
    faults: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]
    labels: Mapping[str, str]
    leave_out: frozenset[str] = frozenset()
    within: str = ""

    def widgets(self, schema: Schema, prefix: str = "") -> tuple[Widget, ...]:
        """Return the questions of a schema in its order."""
        found = asked(schema, self.leave_out, prefix)
        return tuple(self._one(field, joined(prefix, name)) for name, field in found.items())

    def _one(self, field: fields.Field[Any], name: str) -> Widget:
        kind = "select" if name in self.choices and widget_of(field) == "hidden" else widget_of(field)
        about = field.metadata
        return Widget(
            kind=kind,
            name=name,
            id=joined(self.within, name),
            label=self.labels.get(name) or str(about.get("label", "")),
            hint=str(about.get("hint", "")),
            required=bool(field.required) or field.load_default not in (None, missing),
            value=self.posted.get(name, ""),
            values=tuple(self.posted.getlist(name)),
            parts={part: self.posted.get(f"{name}-{part}", "") for part in ("day", "month", "year", "time")},
            choices=self.choices.get(name) or about.get("choices") or {},
            error=self.faults.get(name, ""),
            items=self._inside(kind, field, name),
            at_least=_bound(field, "min"),
            at_most=_bound(field, "max"),
            width=_width(field, name),
        )

    def _inside(self, kind: str, field: fields.Field[Any], name: str) -> tuple[Widget, ...]:
        if kind == "group":
            return self.widgets(schema_of(field), prefix=name)
        if kind != "list":
            return ()
        return tuple(self._item(field, joined(name, place)) for place in shown(field, self.posted, name) or [0])

    def _item(self, field: fields.Field[Any], name: str) -> Widget:
        return Widget("group", name, "", joined(self.within, name), items=self.widgets(schema_of(field), prefix=name))


def _bound(field: fields.Field[Any], which: str) -> int:
    return max((getattr(rule, which) or 0 for rule in field.validators if isinstance(rule, validate.Length)), default=0)


def _width(field: fields.Field[Any], name: str) -> int:
    if widget_of(field) in {"time", "number"}:
        return 5
    return _SHORT.get(name.rsplit("-", 1)[-1], 0)
