"""How near two birthdays are: the same, written the other way round, or wrong by one digit."""

from datetime import date

from services.referrals.matching.weights import DUE_WITHIN_DAYS


def nearness(one: date | None, other: date | None) -> str:
    """Return how near they are: ``same``, ``new_year``, ``swapped``, ``slip``, ``different``; empty where one is not known."""
    if one is None or other is None:
        return ""
    if one == other:
        return "new_year" if (one.day, one.month) == (1, 1) else "same"
    if one.year == other.year and (one.day, one.month) == (other.month, other.day):
        return "swapped"
    return "slip" if _digits_apart(one, other) == 1 else "different"


def due(born: date | None, expected: date | None, within: int = DUE_WITHIN_DAYS) -> str:
    """Return whether a child was born about when one was expected: ``due`` or ``different``; empty where one is not known."""
    if born is None or expected is None:
        return ""
    return "due" if abs((born - expected).days) <= within else "different"


def years_apart(one: date | None, other: date | None) -> int:
    """Return how many whole years lie between them; 0 where one is not known."""
    return abs((one - other).days) // 365 if one and other else 0


def _digits_apart(one: date, other: date) -> int:
    return sum(first != second for first, second in zip(one.isoformat(), other.isoformat(), strict=True))
