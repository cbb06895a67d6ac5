"""Recovery codes: printed once, kept as argon2id, each good for one time when the phone is gone."""

import secrets
from typing import Final

from argon2.low_level import Type, hash_secret_raw

from chassis.threads import in_thread

HOW_MANY: Final = 10
FEW: Final = 3
"""With so many left or fewer, the person is told to make new ones."""
ALPHABET: Final = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Capitals and digits without those that are taken for one another: I, L, O, U, 0, 1."""
LENGTH: Final = 12
"""Of 30 characters: 58 bits. Fewer than 112 bits must be kept as a password is (OWASP ASVS 5.0, 6.5.2)."""
_SALT_BYTES: Final = 16


def new_codes() -> list[str]:
    """Return a new set, as it is shown: ``K7RW-3MPD-9XQA``."""
    return [shown("".join(secrets.choice(ALPHABET) for _ in range(LENGTH))) for _ in range(HOW_MANY)]


def shown(code: str) -> str:
    """Return a code in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def tidy(written: str) -> str:
    """Return a code the one way it is hashed, whatever blanks, dashes and small letters somebody wrote; empty where it is none."""
    code = "".join(character for character in written.upper() if character not in " -\t\u2010\u2011\u2013")
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def new_salt() -> bytes:
    """Return a salt for one set of codes."""
    return secrets.token_bytes(_SALT_BYTES)


def kept(codes: list[str], salt: bytes) -> list[bytes]:
    """Return what is kept of codes (as `tidy` has them); takes tens of milliseconds each, in a thread."""
    return in_thread(_hashes, codes, salt)


def _hashes(codes: list[str], salt: bytes) -> list[bytes]:
    """Hash with OWASP's figures for argon2id: 19 MiB, two rounds, one lane."""
    return [
        hash_secret_raw(code.encode(), salt, time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, type=Type.ID) for code in codes
    ]
