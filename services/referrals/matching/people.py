"""Two people compared: names, birthdays, NHS numbers."""

from dataclasses import dataclass

from services.referrals.matching import dates, names
from services.referrals.matching.household import Person
from services.referrals.matching.weights import (
    BORN,
    DUE_DATES_WITHIN_DAYS,
    FAMILY,
    GENERATION_YEARS,
    GENERATIONS,
    GIVEN,
    NHS,
    SWAPPED_NAMES,
    UNANCHORED,
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence.

    Attributes:
        code: what it is, for example ``child.born.same``; `contract.REASONS` has the words.
        points: tenths of a bit for (or, below 0, against) their being one.
        one, other: whom it is about, as they are called in each family; empty where it is about the whole family.
    """

    code: str
    points: int
    one: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How two people compare; with ``caution``, something contradicts the rest."""

    reasons: tuple[Reason, ...]
    caution: bool = False

    @property
    def points(self) -> int:
        """The evidence added up."""
        return sum(reason.points for reason in self.reasons)


def likeness(one: Person, other: Person) -> Likeness:
    """Return how two parents, or two children, compare; never a parent with a child."""
    ids = (str(one.id), str(other.id))
    named, given = _named(one, other)
    born = _born(one, other)
    found = {**named, **_weighed(f"{one.side}.born", BORN[one.side], born), **_numbered(one, other)}
    if f"{one.side}.family.different" in found and "nhs.same" not in found and born in {"", "different"}:
        found[f"{one.side}.family.different"] = UNANCHORED
    caution = "nhs.same" in found and given == "different"
    if caution:
        found["nhs_names_apart"] = 0
    found.update(_notes(one, other, given, born))
    return Likeness(tuple(Reason(code, points, *ids) for code, points in found.items()), caution)


def _named(one: Person, other: Person) -> tuple[dict[str, int], str]:
    """Return what the names weigh, and how near the first names are; nothing where one has no first name yet."""
    if one.family in other.given and other.family in one.given and one.family != other.family:
        return {f"{one.side}.names_swapped": SWAPPED_NAMES}, "same"
    family = names.family_nearness(one.family, other.family) if one.family and other.family else ""
    given = names.nearest(one.given, other.given) if one.given and other.given else ""
    return {
        **_weighed(f"{one.side}.given", GIVEN[one.side], given),
        **_weighed(f"{one.side}.family", FAMILY[one.side], family),
    }, given


def _born(one: Person, other: Person) -> str:
    both = dates.nearness(one.born, other.born)
    if both or one.side == "parent":
        return both
    if one.expected and other.expected:
        return dates.due(one.expected, other.expected, DUE_DATES_WITHIN_DAYS)
    return dates.due(one.born or other.born, one.expected or other.expected)


def _numbered(one: Person, other: Person) -> dict[str, int]:
    if not one.nhs or not other.nhs:
        return {}
    return _weighed("nhs", NHS, "same" if one.nhs == other.nhs else "different")


def _notes(one: Person, other: Person, given: str, born: str) -> dict[str, int]:
    """Return what people know of families: twins are two, and so are a father and a son of one name."""
    if one.side == "child" and given == "different" and born == "same" and one.family == other.family:
        return {"twins": 0}
    if one.side == "parent" and given == "same" and dates.years_apart(one.born, other.born) >= GENERATION_YEARS:
        return {"generations": GENERATIONS}
    return {}


def _weighed(code: str, weights: dict[str, int], found: str) -> dict[str, int]:
    return {f"{code}.{found}": weights[found]} if found else {}
