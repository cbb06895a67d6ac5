"""Two versions of one record: what was typed here, and what somebody else saved meanwhile."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from flask import Response

from gateway.pages.answers import answer
from gateway.pages.forms import Filled, Widget
from gateway.pages.show import page


class Difference(NamedTuple):
    """One answer that differs, in words."""

    label: str
    yours: str
    theirs: str


def both_versions(
    yours: Filled, theirs: Filled, *, version: int, leave: tuple[str, Mapping[str, Any]], by: str = "", at: datetime | None = None
) -> Response:
    """Return the page that shows what somebody else saved beside what was typed here, to choose from.

    Args:
        yours, theirs: the same form, as it was sent and as it was saved.
        version: of what was saved: choosing one's own replaces that.
        leave: page to go to for who keeps theirs: its endpoint with its values.
        by, at: who saved it and when, where that may be told.
    """
    found = differences(yours, theirs)
    values: dict[str, Any] = {"filled": yours, "found": found, "by": by, "at": at, "version": version, "leave": leave}
    return page("shared/conflict.html", title="Somebody else changed this first", status=409, **values)


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
