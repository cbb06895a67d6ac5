"""Two versions of one record: what was typed here, and what somebody else saved meanwhile."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gateway.pages.answers import answer
from gateway.pages.forms import Filled, Widget


class Difference(NamedTuple):
    """One answer that differs, in words."""

    label: str
    yours: str
    theirs: str


def differences(yours: Filled, theirs: Filled) -> list[Difference]:
    """Return every answer in which the two differ, in the order of the form."""
    mine, saved = dict(_flat(yours.widgets.values())), dict(_flat(theirs.widgets.values()))
    return [
        Difference(label, mine.get(label, ""), saved.get(label, ""))
        for label in dict.fromkeys([*mine, *saved])
        if mine.get(label, "") != saved.get(label, "")
    ]


def _flat(widgets: Iterable[Widget], within: str = "") -> Iterator[tuple[str, str]]:
    for widget in widgets:
        label = f"{within}, {widget.label.lower()}" if within and widget.label else within or widget.label
        if widget.kind == "list":
            for place, item in enumerate(widget.items, 1):
                yield from _flat(item.items, f"{widget.label} {place}")
        elif widget.kind == "group":
            yield from _flat(widget.items, widget.label)
        elif widget.kind != "hidden":
            yield label, answer(widget)
