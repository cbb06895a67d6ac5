"""Two families compared: the evidence for and against their being one, added up, with its reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log2
from uuid import UUID

from services.referrals.matching.household import Household, Person
from services.referrals.matching.pairing import best
from services.referrals.matching.people import Likeness, Reason, likeness
from services.referrals.matching.weights import ADDRESS, EMAIL, INSTITUTION, LIKELY, PHONE, POSSIBLE

__all__ = ["LIKELY", "POSSIBLE", "Match", "Reason", "Sharing", "compared"]

Sharing = Mapping[str, int]
"""How many families of the borough have a phone, a mail address or a postcode, as `Household` writes it; 2 where it is not in here."""
_NOTES = frozenset({"twins", "generations", "nhs_names_apart", "nhs_different"})
"""Reasons that are told even where they are of two people who are not taken for one."""


@dataclass(frozen=True, slots=True)
class Match:
    """How two families compare.

    Attributes:
        score: tenths of a bit; see `weights`.
        level: ``likely``, ``possible`` or ``unlikely``.
        caution: something contradicts the rest: never to be taken for granted.
        reasons: heaviest first.
        people: who is probably whom, by identifier: of the first family and of the second.
    """

    score: int
    level: str
    caution: bool
    reasons: tuple[Reason, ...]
    people: tuple[tuple[UUID, UUID], ...]


def compared(one: Household, other: Household, sharing: Sharing | None = None) -> Match:
    """Return how two families compare; which comes first makes no difference to the score."""
    found = [pair for side in ("parent", "child") for pair in _people(one.side(side), other.side(side))]
    matched = [pair for pair in found if pair.matched]
    home = [*_home(one, other, sharing or {}), *_reached(one, other, sharing or {})]
    score = sum(pair.points for pair in matched) + sum(reason.points for reason in home)
    caution = any(pair.caution for pair in matched)
    reasons = [*home, *(reason for pair in found for reason in pair.told())]
    ordered = tuple(sorted(reasons, key=lambda reason: -reason.points))
    return Match(score, _level(score, sure=bool(matched) and not caution), caution, ordered, tuple(pair.ids for pair in matched))


@dataclass(frozen=True, slots=True)
class _Pair:
    one: Person
    other: Person
    likeness: Likeness
    matched: bool

    @property
    def points(self) -> int:
        return self.likeness.points

    @property
    def caution(self) -> bool:
        return self.likeness.caution

    @property
    def ids(self) -> tuple[UUID, UUID]:
        return self.one.id, self.other.id

    def told(self) -> Iterable[Reason]:
        return (reason for reason in self.likeness.reasons if self.matched or reason.code in _NOTES)


def _people(ones: list[Person], others: list[Person]) -> list[_Pair]:
    """Return every two people of one side, with who is taken for whom: nobody for two, and none that more speaks against than for."""
    alike = [[likeness(one, other) for other in others] for one in ones]
    chosen = best([[16 * like.points - like.caution for like in row] for row in alike])  # of two ways that weigh the same, the surer one
    return [
        _Pair(one, other, alike[row][column], (row, column) in chosen)
        for row, one in enumerate(ones)
        for column, other in enumerate(others)
    ]


def _level(score: int, *, sure: bool) -> str:
    if score >= LIKELY and sure:
        return "likely"
    return "possible" if score >= POSSIBLE else "unlikely"


def _home(one: Household, other: Household, sharing: Sharing) -> list[Reason]:
    """Weigh where they live: little where many share it."""
    if not one.postcode or one.postcode != other.postcode:
        return []
    kind = "postcode"
    if one.line and one.line == other.line:
        kind = "home"
    elif one.building and one.building == other.building:
        kind = "building"
    points = _shared(ADDRESS[kind], sharing.get(one.postcode, 2))
    if one.is_institution or other.is_institution:
        return [Reason("address.institution", min(points, INSTITUTION))]
    return [Reason(f"address.{kind}", points)]


def _reached(one: Household, other: Household, sharing: Sharing) -> list[Reason]:
    """Weigh phones and mail addresses that both have: each kind once, by the one that fewest share."""
    reasons = []
    for code, weight, common in (("phone", PHONE, one.phones & other.phones), ("email", EMAIL, one.emails & other.emails)):
        if common:
            reasons.append(Reason(code, max(_shared(weight, sharing.get(each, 2)) for each in common)))
    return reasons


def _shared(weight: int, families: int) -> int:
    """Return what is left of a weight where so many families have it: a bit less each time that their number doubles."""
    return max(0, weight - round(10 * log2(max(families, 2) / 2)))
