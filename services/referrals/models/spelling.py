"""How names, numbers and codes are brought into one form, so that what was typed meets what was kept.

The same functions make the keys of a family (`services.referrals.models.keys`), read what somebody typed into the
search box, and compare two families that may be one.
"""

import re
import unicodedata
from functools import lru_cache

import jellyfish
from anyascii import anyascii

from services.referrals.contract.nhs_number import checks
from services.referrals.models.rules import folded

LONGEST_WORD = 60
"""Letters of a word up to which it is kept; the rest of a longer one is not searched for."""
_APOSTROPHES = re.compile("['\u2018\u2019\u02bb\u02bc`\u00b4]")
_WORD = re.compile(r"[^\W_]+")
_PLAIN = re.compile(r"[a-z]+")
_NOT_A_DIGIT = re.compile(r"\D")
_NOT_CODE = re.compile(r"[^A-Z0-9]")


def words_of(name: str) -> list[str]:
    """Return the words of a name as they are searched: no capitals, no accents, Latin letters wherever a script has a spelling in them.

    ``Siân O'Brien-Łuk`` is ``sian``, ``obrien`` and ``luk``. A name of signs alone, such as an emoji, is one word: itself.
    """
    plain = _APOSTROPHES.sub("", folded(name))
    words = [_latin(word)[:LONGEST_WORD] for word in _WORD.findall(plain)]
    return words or ([plain[:LONGEST_WORD]] if plain else [])


def joined(words: list[str]) -> str:
    """Return several words as those write them who leave out what is between: ``van der berg`` is ``vanderberg``."""
    return "".join(words)[:LONGEST_WORD]


@lru_cache(maxsize=16384)
def sound_of(word: str) -> str:
    """Return how a word of `words_of` sounds in English (Metaphone, Lawrence Philips 1990): ``smith`` and ``smyth`` are ``SM0``.

    Empty where it has no letters from a to z, or none that Metaphone hears.
    """
    return jellyfish.metaphone(word)[:LONGEST_WORD] if _PLAIN.fullmatch(word) else ""


def phone_of(written: str) -> str:
    """Return the digits of a phone number without the country's where that is the United Kingdom: ``+44 (0)7700 900123`` is ``7700900123``.

    A number of another country keeps its code, after a ``+``. Empty where there are fewer than six digits: that is no number.
    """
    digits = _NOT_A_DIGIT.sub("", written.replace("(0)", ""))
    if len(digits) < 6:
        return ""
    abroad = written.strip().startswith("+")
    if digits.startswith("00"):
        abroad, digits = True, digits[2:]
    if abroad and not digits.startswith("44"):
        return f"+{digits}"
    return (digits[2:] if abroad or (digits.startswith("44") and len(digits) == 12) else digits).lstrip("0")


def nhs_number_of(written: str) -> str:
    """Return the ten digits of an NHS number, or nothing where it is none or one of its digits is wrong."""
    digits = _NOT_A_DIGIT.sub("", written)
    return digits if len(digits) == 10 and checks(digits) else ""


def email_of(written: str) -> str:
    """Return an email address as it is compared."""
    return written.strip().casefold()


def code_of(written: str) -> str:
    """Return a reference or a postcode in capitals, without blanks and dashes: ``se15 5lx`` is ``SE155LX``."""
    return _NOT_CODE.sub("", unicodedata.normalize("NFKC", written).upper())


@lru_cache(maxsize=16384)
def _latin(word: str) -> str:
    if word.isascii():
        return word
    spelt = "".join(_WORD.findall(anyascii(word).casefold()))
    return spelt or word
