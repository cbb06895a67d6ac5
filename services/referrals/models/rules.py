"""Rules of referrals that belong to no one row."""

import unicodedata
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from chassis.errors import Invalid


def folded(name: str) -> str:
    """Return ``name`` as it is searched and sorted: no capitals, no accents, single blanks."""
    plain = name if name.isascii() else "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
    return " ".join(plain.casefold().split())


def check_ages(children: Sequence[Mapping[str, Any]], on: date, oldest_months: int, youngest_months: int = 0) -> None:
    """Refuse children who are not born, younger than ``youngest_months`` or older than ``oldest_months`` on the day of the referral.

    A child of exactly that age may still come: five years is 60 months up to and on the fifth birthday. So may a baby that is expected.

    Raises:
        Invalid: it names each child by their place in the list.
    """
    faults = {
        str(place): {"birth_date": [fault]}
        for place, child in enumerate(children)
        if child["birth_date"] and (fault := _age_fault(child["birth_date"], on, oldest_months, youngest_months))
    }
    if faults:
        raise Invalid(faults={"children": faults})


def _age_fault(born: date, on: date, oldest_months: int, youngest_months: int) -> str:
    if born > on:
        return "Date of birth: this is after the date of the referral."
    if months_after(born, oldest_months) < on:
        return f"Date of birth: the groups of this borough are for children up to {age_words(oldest_months)} old."
    if months_after(born, youngest_months) > on:
        return f"Date of birth: the groups of this borough are for children from {age_words(youngest_months)} old."
    return ""


def months_after(day: date, months: int) -> date:
    """Return the day so many months after a day; where that month is too short, its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(day: date, later: date) -> int:
    """Return how many whole months have passed from a day to a ``later`` one."""
    months = (later.year - day.year) * 12 + later.month - day.month
    return months - (months_after(day, months) > later)


def age_on(born: date, today: date) -> str:
    """Return a child's age as the pages tell it: "6 weeks", "18 months", "2 years 4 months"."""
    months = months_between(born, today)
    if months < 2:
        weeks = (today - born).days // 7
        return _counted(weeks, "week") or "less than a week old"
    return _counted(months, "month") if months < 24 else age_words(months)


def age_words(months: int) -> str:
    """Return a number of months as an age in words, such as "2 years 4 months"."""
    years, rest = divmod(months, 12)
    parts = [_counted(years, "year"), _counted(rest, "month")]
    return " ".join(filter(None, parts))


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}" if number else ""
