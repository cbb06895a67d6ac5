"""What a parent answered, in their words, for a last look before it is sent."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from flask_babel import format_date
from flask_babel import gettext as _

from gateway.pages.forms import Widget
from gateway.pages.join import steps


class Section(NamedTuple):
    """The answers of one step; ``lines`` are pairs of question and answer."""

    step: str
    title: str
    lines: list[tuple[str, str]]


def sections(answers: Mapping[str, Any]) -> list[Section]:
    """Return the answers of every step; a question that was left empty is left out."""
    return [Section(step, str(steps.TITLES[step]), list(_lines(step, answers))) for step in steps.STEPS]


def _lines(step: str, answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    filled = steps.filled_of(step, answers)
    for widget in steps.spoken(filled.widgets).values():
        asked = [item for group in widget.items for item in group.items] if widget.kind == "list" else [widget]
        for one in asked:
            if one.kind != "hidden" and (said := _answer(one)):
                yield one.label, said


def _answer(widget: Widget) -> str:
    if widget.kind == "date":
        return _day(widget)
    if widget.kind == "checkboxes":
        return ", ".join(widget.choices[code] for code in widget.values if code in widget.choices)
    if widget.kind == "yes_no":
        return str({"yes": _("Yes"), "no": _("No")}.get(widget.value, ""))
    return str(widget.choices.get(widget.value, "")) if widget.choices else widget.value


def _day(widget: Widget) -> str:
    day, month, year = (int(widget.parts[name]) for name in ("day", "month", "year"))
    return str(format_date(date(year, month, day), "d MMMM y"))
