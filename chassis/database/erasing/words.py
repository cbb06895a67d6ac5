"""What names a person, as digests: services can find and blank it without being told what it is."""

import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self

ERASED = "[erased]"
"""What stands where a word was."""
SHORTEST = 2
"""Letters that a word needs to name somebody: an initial is everybody's."""
_PHONE = re.compile(r"\+?\d[\d ()\-]{5,}\d")
_MAIL = re.compile(r"[^\s@<>,;:]+@[^\s@<>,;:]+")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_TOKEN = re.compile(f"{_MAIL.pattern}|{_PHONE.pattern}|{_WORD.pattern}", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Words:
    """The words that name somebody: names, mail addresses and phone numbers, each as a salted digest.

    Attributes:
        salt: random, of this erasure alone.
        digests: of each word, folded.
    """

    salt: str
    digests: frozenset[str]

    @classmethod
    def of(cls, *texts: str, salt: str = "") -> Self:
        """Return the words of ``texts``."""
        salt = salt or secrets.token_hex(16)
        tokens = (token for text in texts for token in _tokens(text))
        return cls(salt, frozenset(_digest(salt, token) for token in tokens))

    @classmethod
    def told(cls, salt: str, digests: Iterable[str]) -> Self:
        """Return the words that an event tells of."""
        return cls(salt, frozenset(digests))

    def names(self, text: str) -> bool:
        """Tell whether one of the words stands in ``text``."""
        return any(self._is_one(found.group()) for found in _TOKEN.finditer(text))

    def blanked(self, value: Any) -> Any:
        """Return a text, or a JSON value with the texts in it, with the words blanked; keys of objects stay."""
        if isinstance(value, str):
            return _TOKEN.sub(lambda found: ERASED if self._is_one(found.group()) else found.group(), value)
        if isinstance(value, dict):
            return {key: self.blanked(one) for key, one in value.items()}
        if isinstance(value, Sequence):
            return [self.blanked(one) for one in value]
        return value

    def _is_one(self, token: str) -> bool:
        return _digest(self.salt, _folded(token)) in self.digests


def _tokens(text: str) -> Iterable[str]:
    found = {_folded(match.group()) for match in _TOKEN.finditer(text)}
    return {token for token in found if len(token) >= SHORTEST}


def _folded(token: str) -> str:
    """Return a word as it is compared: no capitals, no accents; of a phone number the digits after 0 or +44."""
    if _PHONE.fullmatch(token):
        return re.sub(r"^(44|0)", "", re.sub(r"\D", "", token))
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", token) if not unicodedata.combining(letter))
    return plain.casefold()


def _digest(salt: str, token: str) -> str:
    return sha256(f"{salt}:{token}".encode()).hexdigest()
