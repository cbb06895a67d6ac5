"""Rules of referrals that belong to no one row."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from chassis.errors import Invalid


def folded(name: str) -> str:
    """Return ``name`` as it is searched and sorted: no capitals, no accents, single blanks."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    return " ".join(plain.casefold().split())


def search_words(people: Iterable[Mapping[str, Any]]) -> str:
    """Return every name of a family, folded, for a search by part of a name."""
    return folded(" ".join(f"{person['given_name']} {person['family_name']}" for person in people))


def check_ages(children: Sequence[Mapping[str, Any]], on: date, oldest_months: int, youngest_months: int = 0) -> None:
    """Refuse children who are not born, younger than ``youngest_months`` or older than ``oldest_months`` on the day of the referral.

    A child of exactly that age may still come: five years is 60 months up to and on the fifth birthday.

    Raises:
        Invalid: it names each child by their place in the list.
    """
    faults = {
        str(place): {"birth_date": [fault]}
        for place, child in enumerate(children)
        if (fault := _age_fault(child["birth_date"], on, oldest_months, youngest_months))
    }
    if faults:
        raise Invalid(faults={"children": faults})


def _age_fault(born: date, on: date, oldest_months: int, youngest_months: int) -> str:
    if born > on:
        return "Date of birth: this is after the date of the referral."
    if born + relativedelta(months=oldest_months) < on:
        return f"Date of birth: the groups of this borough are for children up to {_age(oldest_months)} old."
    if born + relativedelta(months=youngest_months) > on:
        return f"Date of birth: the groups of this borough are for children from {_age(youngest_months)} old."
    return ""


def _age(months: int) -> str:
    years, rest = divmod(months, 12)
    parts = [_counted(years, "year"), _counted(rest, "month")]
    return " ".join(filter(None, parts))


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}" if number else ""
