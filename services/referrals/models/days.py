"""Dates as people type them: ``16/7/2024``, ``16.07.24``, ``16 July 2024``, ``July 2024``, ``2024``."""

import re
from collections.abc import Callable
from datetime import date
from typing import Final, NamedTuple

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY: Final = r"(?P<day>\d{1,2})"
_DAY_SAID: Final = _DAY + r"(?:st|nd|rd|th)?"
_MONTH: Final = r"(?P<month>\d{1,2})"
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_ANY_YEAR: Final = r"(?P<year>(?:19|20)\d\d|'?\d\d)"


class Written(NamedTuple):
    """A date in a text: where it stands, how it is written, and as ``2024-07-16``, ``2024-07`` or ``2024``; empty: no such day."""

    span: tuple[int, int]
    typed: str
    start: str


def written(text: str, today: date) -> list[Written]:
    """Return each date in a text, in its order.

    The day comes first, as it does here; where that can't be, the month does. A year of two digits is the latest one that is not after next
    year: expected babies have a date too.
    """
    found: list[Written] = []
    for pattern, read, sure in _FORMS:
        for match in pattern.finditer(text):
            apart = all(match.end() <= one.span[0] or one.span[1] <= match.start() for one in found)
            if apart and ((start := read(match, today)) or sure):
                found.append(Written(match.span(), match[0], start))
    return sorted(found)


def _whole(match: re.Match[str], today: date) -> str:
    year, month, day = _year(match["year"], today), _month(match["month"]), int(match["day"])
    return _iso(year, month, day) or _iso(year, day, month)


def _of_month(match: re.Match[str], _today: date) -> str:
    return f"{match['year']}-{_month(match['month']):02}"


def _of_year(match: re.Match[str], today: date) -> str:
    """A year on its own; not one that is a part of a phone number: ``020 7946 2019``."""
    beside = re.search(r"\d\s*\Z", match.string[: match.start()]) or re.match(r"\s*\d", match.string[match.end() :])
    return "" if beside or int(match["year"]) > today.year + 1 else match["year"]


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w./-]){pattern}(?![\w/-])", re.IGNORECASE)


_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], str], bool], ...]] = (
    (_form(rf"{_YEAR}(?P<between>[-/.]){_MONTH}(?P=between){_DAY}"), _whole, True),
    (_form(rf"{_DAY}\s*(?P<between>[-/.])\s*{_MONTH}\s*(?P=between)\s*{_ANY_YEAR}"), _whole, True),
    (_form(rf"{_DAY}\s+{_MONTH}\s+{_YEAR}"), _whole, False),
    (_form(rf"(?P<day>\d\d)(?P<month>\d\d){_YEAR}"), _whole, False),
    (_form(rf"{_DAY_SAID}(?:\s+of)?[\s-]*{_NAMED},?[\s-]*{_ANY_YEAR}"), _whole, True),
    (_form(rf"{_NAMED}\s+{_DAY_SAID},?\s+{_YEAR}"), _whole, True),
    (_form(rf"{_NAMED}\s+{_YEAR}"), _of_month, False),
    (_form(_YEAR), _of_year, False),
)
"""Each way to write a date, how it is read, and whether nothing else can be meant by it."""


def _year(typed: str, today: date) -> int:
    year = int(typed.lstrip("'"))
    if year > 99:
        return year
    return year + (2000 if year + 2000 <= today.year + 1 else 1900)


def _month(typed: str) -> int:
    return int(typed) if typed.isdigit() else _MONTHS.index(typed[:3].casefold()) + 1


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
