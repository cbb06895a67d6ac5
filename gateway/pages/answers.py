"""The answers of a form in words, for a last look before they are sent."""

from collections.abc import Iterator
from datetime import date

from gateway.pages.forms import Filled, Widget
from gateway.pages.words import day, listed, lower_first, sentence

Line = tuple[str, str]
Section = tuple[str, str, list[Line]]

_ONE = {"parents": "Parent or carer", "children": "Child"}


def sections(filled: Filled) -> list[Section]:
    """Return title, the field to change it at, and lines of term and words."""
    widgets = filled.widgets
    plain = [widget for widget in widgets.values() if widget.kind not in {"group", "list"}]
    groups = [section for widget in widgets.values() if widget.kind in {"group", "list"} for section in _groups(widget)]
    return [*groups, ("The referral", plain[0].name, list(_lines(plain)))]


def _groups(widget: Widget) -> Iterator[Section]:
    if widget.kind == "group":
        yield widget.label, widget.items[0].name, list(_lines(widget.items))
        return
    several = len(widget.items) > 1
    for place, item in enumerate(widget.items, 1):
        title = _ONE.get(widget.name, widget.label) + (f" {place}" if several else "")
        yield title, item.items[0].name, list(_lines(item.items))


def _lines(widgets: list[Widget] | tuple[Widget, ...]) -> Iterator[Line]:
    for widget in widgets:
        yield widget.label, answer(widget) or "Not given"


def answer(widget: Widget) -> str:
    """Return an answer in words."""
    if widget.kind == "date":
        return _day(widget)
    if widget.kind == "checkboxes":
        return sentence(listed(lower_first(widget.choices[code]) for code in widget.values if code in widget.choices))
    if widget.kind == "yes_no":
        return {"yes": "Yes", "no": "No"}.get(widget.value, "")
    return str(widget.choices.get(widget.value, "")) if widget.choices else widget.value


def _day(widget: Widget) -> str:
    try:
        return day(date(*(int(widget.parts[name]) for name in ("year", "month", "day"))))
    except ValueError:
        return ""
