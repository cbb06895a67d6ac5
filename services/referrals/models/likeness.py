"""How a word that was typed is like a word of somebody's name: part of it, a short form, alike in sound, or nearly so in spelling."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import jellyfish

from services.referrals.models.spelling import sound_of
from services.referrals.models.typed import Term, Wanted, exactly

FEWEST_LETTERS: Final = 3
"""Letters from which on a part within a word is looked for, and from which on words may sound alike."""
ONE_SLIP: Final = 4
"""Letters from which on one letter may be wrong, missing, too many or swapped."""
TWO_SLIPS: Final = 8
"""Letters from which on two may."""
MOST_WORDS: Final = 200
"""Words of the vocabulary that one typed word may stand for; the closest ones are taken."""
_ALIKE: Final = 0.65
"""Jaro-Winkler likeness below which words that sound alike in Metaphone's ears are none: ``doyle`` and ``tola``."""
_NO_WILDCARDS: Final = str.maketrans({sign: f"\\{sign}" for sign in "%_\\"})
_SHORT: Final = Path(__file__).parent.parent / "data" / "short_names.json"


def _forms() -> Mapping[str, frozenset[str]]:
    """Return every form of each name that has several."""
    forms: defaultdict[str, set[str]] = defaultdict(set)
    for line in json.loads(_SHORT.read_text(encoding="utf-8"))["names"]:
        for name in line.split():
            forms[name] |= set(line.split()) - {name}
    return {name: frozenset(others) for name, others in forms.items()}


SHORT_FORMS: Final = _forms()
"""The other forms of a name: ``kate`` has ``katherine`` and ``kathy``, among others."""


def patterns(word: str) -> list[str]:
    """Return what a word of the vocabulary must look like (``LIKE``) to be worth a closer look.

    A word in which one letter went wrong has one of its two halves left, one with two slips one of three thirds; two letters swapped where
    the halves meet are looked for as they were. A name of signs alone may hold what ``LIKE`` takes for more than a letter.
    """
    found = [f"%{_as_written(word)}%"] if len(word) >= FEWEST_LETTERS else []
    if len(word) >= TWO_SLIPS:
        third = len(word) // 3
        first, second, last = map(_as_written, (word[:third], word[third : 2 * third], word[2 * third :]))
        return [*found, f"{first}%", f"%{second}%", f"%{last}"]
    if len(word) >= ONE_SLIP:
        half = len(word) // 2
        swapped = word[: half - 1] + word[half] + word[half - 1] + word[half + 1 :]
        return [*found, f"{_as_written(word[:half])}%", f"%{_as_written(word[half:])}", _as_written(swapped)]
    return found


def _as_written(part: str) -> str:
    return part.translate(_NO_WILDCARDS)


def sounds(word: str) -> list[str]:
    """Return the sounds that are looked for."""
    sound = sound_of(word) if len(word) >= FEWEST_LETTERS else ""
    return [sound] if sound else []


def widened(term: Term, vocabulary: Iterable[str]) -> tuple[Wanted, ...]:
    """Return what a term of a name stands for: its own keys, other forms of the name, and words of ``vocabulary`` that are like it."""
    short = [exactly("name", form, 70, "short") for form in sorted(SHORT_FORMS.get(term.word, ()))]
    like = sorted(filter(None, (_like(term.word, word) for word in vocabulary)), key=lambda wish: (-wish.score, wish.low))
    return (*term.wanted, *short, *like[:MOST_WORDS])


def _like(typed: str, word: str) -> Wanted | None:
    """Return the wish for a word that is like the typed one; None where it is not, or begins with it, which is asked for anyway."""
    if word.startswith(typed):
        return None
    if typed in word and len(typed) >= FEWEST_LETTERS:
        return exactly("name", word, 60, "part")
    likeness = jellyfish.jaro_winkler_similarity(typed, word)
    if likeness >= _ALIKE and sounds(typed) == [sound_of(word)]:
        return exactly("name", word, 30 + round(likeness * 25), "sounds")
    if _slips(typed, word) <= (len(typed) >= ONE_SLIP) + (len(typed) >= TWO_SLIPS):
        return exactly("name", word, 10 + round(likeness * 40), "typo")
    return None


def _slips(typed: str, word: str) -> int:
    if abs(len(typed) - len(word)) > 2:
        return len(typed)
    return jellyfish.damerau_levenshtein_distance(typed, word)
