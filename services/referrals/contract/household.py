"""What must hold between the people of one family."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from dateutil.relativedelta import relativedelta

from services.referrals.contract.codes import BIRTH_PARENTS

YOUNGEST_PARENT: Final = 10
"""Years by which a birth parent is at least older than a child: less is a slip of the pen."""

Faults = dict[str, dict[int, dict[str, list[str]]]]
People = Sequence[Mapping[str, Any]]

_NO_PLACE: Final = -1
_TOO_YOUNG = "Date of birth: a parent is at least ten years older than their child. Check both dates."
_TWO_WITH_ONE = "NHS number: two people of this family have this number. Nobody shares one: check both."


def household_faults(parents: People, children: People) -> Faults:
    """Return what is wrong between people of a family, by side and place; {} where nothing is.

    ``parents`` may tell ``relations``, by the ``child``'s place or their ``child_id``; a parent without is to each child
    what their ``relationship`` says.
    """
    faults: Faults = {}
    for place, parent in enumerate(parents):
        if any(_too_young(parent, number, child) for number, child in enumerate(children)):
            _add(faults, "parents", place, "birth_date", _TOO_YOUNG)
    for side, place in _shared_numbers(parents, children):
        _add(faults, side, place, "nhs_number", _TWO_WITH_ONE)
    return faults


def person_faults(side: str, person: Mapping[str, Any], parents: People, children: People) -> dict[str, list[str]]:
    """Return what is wrong between one person and the others of their family, by field; ``side``: "parents" or "children"."""
    faults: dict[str, list[str]] = {}
    pairs = [(person, child) for child in children] if side == "parents" else [(parent, person) for parent in parents]
    if any(_too_young(parent, _NO_PLACE, child) for parent, child in pairs):
        faults["birth_date"] = [_TOO_YOUNG]
    if person.get("nhs_number") and any(other.get("nhs_number") == person["nhs_number"] for other in (*parents, *children)):
        faults["nhs_number"] = [_TWO_WITH_ONE]
    return faults


def relation_to(parent: Mapping[str, Any], place: int, child: Mapping[str, Any]) -> str:
    """Return what an adult is to the child at ``place``."""
    named = (each for each in parent.get("relations") or () if _means(each, place, child))
    return str(next((each["relation"] for each in named), parent.get("relationship") or ""))


def _means(relation: Mapping[str, Any], place: int, child: Mapping[str, Any]) -> bool:
    if "child_id" in relation:
        return child.get("id") is not None and str(relation["child_id"]) == str(child["id"])
    return relation.get("child") == place


def _too_young(parent: Mapping[str, Any], place: int, child: Mapping[str, Any]) -> bool:
    born: date | None = parent.get("birth_date")
    arrived: date | None = child.get("birth_date") or child.get("expected_date")
    if not born or not arrived or relation_to(parent, place, child) not in BIRTH_PARENTS:
        return False
    return born + relativedelta(years=YOUNGEST_PARENT) > arrived


def _shared_numbers(parents: People, children: People) -> Iterator[tuple[str, int]]:
    """Yield where an NHS number stands that somebody before has already."""
    seen: set[str] = set()
    for side, people in (("parents", parents), ("children", children)):
        for place, person in enumerate(people):
            number = person.get("nhs_number")
            if number and number in seen:
                yield side, place
            seen.add(number or "")


def _add(faults: Faults, side: str, place: int, field: str, words: str) -> None:
    faults.setdefault(side, {}).setdefault(place, {}).setdefault(field, []).append(words)
