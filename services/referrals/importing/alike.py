"""Which rows of a file, and which families that are known, seem to be the same; with the reasons."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, Final, NamedTuple
from uuid import UUID

from services.referrals.matching import Household, Match, compared
from services.referrals.models.keys import Key

CANDIDATE_KINDS: Final = frozenset({"nhs", "phone", "email", "born", "sounds"})
"""Kinds of keys by which somebody is looked for: each is shared by few families, and one family shares some of them with itself."""
COMMON: Final = 25
"""A key that more rows or families have than this tells nothing: a clinic's phone, a birthday that nobody knew."""
MOST_FOUND: Final = 5


class Found(NamedTuple):
    """A family that seems to be the same."""

    family_id: UUID
    likely: bool
    reasons: list[str]

    def kept(self) -> dict[str, Any]:
        """Return it as a row keeps it."""
        return {"family_id": str(self.family_id), "likely": self.likely, "reasons": self.reasons}


def candidate_keys(keys: Iterable[Key]) -> list[str]:
    """Return the keys by which a family is looked for, as a row keeps them."""
    return sorted({f"{key.kind} {key.key}" for key in keys if key.kind in CANDIDATE_KINDS})


def rows_alike(keys: Mapping[int, Sequence[str]], households: Mapping[int, Household]) -> dict[int, list[int]]:
    """Return, for each row, the numbers of those that seem to be the same family.

    Args:
        keys: by the row's number.
        households: what each row says; a row without one can't be read and is like none.
    """
    sharing: defaultdict[str, list[int]] = defaultdict(list)
    for number, row_keys in keys.items():
        for key in row_keys:
            sharing[key].append(number)
    pairs = {pair for numbers in sharing.values() if len(numbers) <= COMMON for pair in combinations(sorted(set(numbers)), 2)}
    found: defaultdict[int, list[int]] = defaultdict(list)
    phones = Counter(phone for each in households.values() for phone in each.phones)
    for one, other in sorted(pairs):
        if one in households and other in households and _seems(compared(households[one], households[other], phones)):
            found[one].append(other)
            found[other].append(one)
    return dict(found)


def households_alike(row: Household, candidates: Iterable[Household]) -> list[Found]:
    """Return the families that a row seems to be, the likeliest first."""
    judged = [(match, candidate.id) for candidate in candidates if _seems(match := compared(row, candidate))]
    best = sorted(judged, key=lambda one: (-one[0].score, str(one[1])))[:MOST_FOUND]
    return [Found(family_id, match.level == "likely", _speaking_for(match)) for match, family_id in best]


def _speaking_for(match: Match) -> list[str]:
    return list(dict.fromkeys(reason.code for reason in match.reasons if reason.points > 0))


def _seems(match: Match) -> bool:
    return match.level in {"likely", "possible"}
