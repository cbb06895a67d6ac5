"""Passwords: which may be chosen, and how they are kept: as argon2id, never as they are written.

The rules are those of OWASP ASVS 5.0, chapter 6.2: length, and nothing that is easily guessed; no rule on which characters.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chassis.errors import Invalid
from chassis.later import Later
from chassis.threads import in_thread
from gateway.contract.sign_in import PASSWORD_LEAST, PASSWORD_MOST

if TYPE_CHECKING:
    import zxcvbn
    from zxcvbn import frequency_lists
else:
    zxcvbn, frequency_lists = Later("zxcvbn"), Later("zxcvbn.frequency_lists")

_hasher: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's figures for argon2id: 19 MiB, two rounds, one lane."""
_NOBODY: Final = _hasher.hash("nobody has this password")
_OURS: Final = ("stay", "play", "stayplay", "stayandplay", "toddler", "group", "borough", "council")
_WEAKEST_SCORE: Final = 2
"""Of zxcvbn's 0 to 4: 2 is more than a million guesses, which sign-in is too slow for."""
_JUDGED: Final = 72
"""Characters that zxcvbn looks at; what is longer is judged by its beginning."""


def kept(password: str) -> str:
    """Return what is kept of a new password; takes tens of milliseconds in a thread of its own."""
    return in_thread(_hasher.hash, tidy(password))


def is_right(password: str, kept_hash: str | None) -> bool:
    """Tell whether ``password`` is the one kept; for an account that isn't there (None) it takes as long to say no."""
    matches = in_thread(_matches, kept_hash or _NOBODY, tidy(password))
    return matches and kept_hash is not None


def is_outdated(kept_hash: str) -> bool:
    """Tell whether a password is kept with other parameters than today's: then it is to be kept anew."""
    return _hasher.check_needs_rehash(kept_hash)


def check_choice(password: str, *about: str) -> None:
    """Let a new password pass that is long enough and not easily guessed.

    Args:
        password: as it was typed.
        about: what somebody would try first: name and mail address of the person, name of borough and programme.

    Raises:
        Invalid: it is too short or too long, among the common and breached ones, or made of what is known of the person.
    """
    chosen = tidy(password)
    if not PASSWORD_LEAST <= len(chosen) <= PASSWORD_MOST:
        raise _refused(f"use {PASSWORD_LEAST} characters or more.")
    small = chosen.casefold()
    if {small, small.strip("0123456789!?.,-_ ")} & common():
        raise _refused("this one is among the passwords that others try first. Choose another, for example three words.")
    if _score(chosen, about) < _WEAKEST_SCORE:
        raise _refused("this is too easy to guess. Choose another, for example three words that have nothing to do with you.")


@cache
def common() -> frozenset[str]:
    """Return the 30,000 passwords that were used most in published breaches."""
    return frozenset(frequency_lists.FREQUENCY_LISTS["passwords"])


def _refused(why: str) -> Invalid:
    return Invalid(faults={"password": [f"Password: {why}"]})


def _score(chosen: str, about: Iterable[str]) -> int:
    """Return zxcvbn's score; it runs at once, not in a thread, since zxcvbn keeps the words of one call in its module."""
    words = {word for text in (*about, *_OURS) for word in (text.casefold(), *_words(text))}
    score: int = zxcvbn.zxcvbn(chosen[:_JUDGED], user_inputs=sorted(words, key=lambda word: (len(word), word)))["score"]
    return score


def _words(text: str) -> list[str]:
    parts = "".join(each if each.isalnum() else " " for each in text.casefold()).split()
    return [*parts, "".join(parts)]


def _matches(kept_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(kept_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def tidy(password: str) -> str:
    """Return a password that is the same whatever keyboard it was written on."""
    return unicodedata.normalize("NFKC", password)
