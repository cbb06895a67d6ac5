"""Passwords: kept as argon2id, never as they are written."""

import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chassis.errors import Invalid
from chassis.threads import in_thread

_hasher: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's figures for argon2id: 19 MiB, two rounds, one lane."""
_NOBODY: Final = _hasher.hash("nobody has this password")


def kept(password: str) -> str:
    """Return what is kept of a new password; takes tens of milliseconds in a thread of its own."""
    return in_thread(_hasher.hash, _tidy(password))


def is_right(password: str, kept_hash: str | None) -> bool:
    """Tell whether ``password`` is the one kept; for an account that isn't there (None) it takes as long to say no."""
    matches = in_thread(_matches, kept_hash or _NOBODY, _tidy(password))
    return matches and kept_hash is not None


def check_choice(password: str, email: str) -> None:
    """Let a new password pass that is not easily guessed from the address.

    Raises:
        Invalid: it is the address, or one character repeated.
    """
    if password.casefold() == email or len(set(password)) < 4:
        raise Invalid(faults={"password": ["Password: this is too easy to guess. Three words are good."]})


def _matches(kept_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(kept_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _tidy(password: str) -> str:
    """Return a password that is the same whatever keyboard it was written on."""
    return unicodedata.normalize("NFKC", password)
