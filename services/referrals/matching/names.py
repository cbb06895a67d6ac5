"""How near two names are: by letters (trigrams), by sound, and by what people do to names."""

from functools import lru_cache
from itertools import product

import jellyfish

CLOSE_TRIGRAMS = 0.4
"""Trigrams in common, of all that either has, from which on two names are close."""
SHORTENED = 3
"""Letters that a shortened name has at least: Sam of Samuel, Seun of Oluwaseun."""
ORDER = ("same", "alike", "part", "close", "different")
"""Nearest first."""


@lru_cache(maxsize=4096)
def trigrams(name: str) -> frozenset[str]:
    """Return the runs of three letters in a folded name, with its beginning and its end, as PostgreSQL's pg_trgm has them."""
    padded = f"  {name} "
    return frozenset(padded[place : place + 3] for place in range(len(padded) - 2))


def trigram_similarity(one: str, other: str) -> float:
    """Return how many of their trigrams two names have in common: 0 for none, 1 for all."""
    ones, others = trigrams(one), trigrams(other)
    return len(ones & others) / len(ones | others)


@lru_cache(maxsize=4096)
def _sounds(name: str) -> tuple[str, str]:
    return jellyfish.metaphone(name), f"{jellyfish.nysiis(name)} {jellyfish.soundex(name)}"


def sound_alike(one: str, other: str) -> bool:
    """Tell whether two names sound alike in English: by Metaphone, or by NYSIIS and Soundex both (Sean and Shaun, not James and Jane)."""
    if not (one.isascii() and other.isascii() and one.isalpha() and other.isalpha()):
        return False
    (first, second), (third, fourth) = _sounds(one), _sounds(other)
    return (first == third and len(first) > 1) or second == fourth


@lru_cache(maxsize=16384)
def nearness(one: str, other: str) -> str:
    """Return how near two folded names are, one of `ORDER` but ``part``; the same whichever comes first."""
    if one == other:
        return "same"
    if sound_alike(one, other):
        return "alike"
    return "close" if _shortened(one, other) or trigram_similarity(one, other) >= CLOSE_TRIGRAMS else "different"


def nearest(ones: frozenset[str], others: frozenset[str]) -> str:
    """Return how near the nearest two of them are."""
    return min((nearness(one, other) for one, other in product(ones, others)), key=ORDER.index, default="different")


@lru_cache(maxsize=16384)
def family_nearness(one: str, other: str) -> str:
    """Return how near two last names are; ``part``: they share one of several, as Doyle-Khan and Khan do."""
    whole = nearness(one, other)
    if whole in {"same", "alike"}:
        return whole
    ones, others = _parts(one), _parts(other)
    return "part" if len(ones) + len(others) > 2 and nearest(ones, others) in {"same", "alike"} else whole


def _parts(name: str) -> frozenset[str]:
    return frozenset(part for part in name.replace("-", " ").split() if len(part) > 2)


def _shortened(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=lambda name: (len(name), name))
    return len(short) >= SHORTENED and (long.startswith(short) or (len(short) > SHORTENED and long.endswith(short)))
