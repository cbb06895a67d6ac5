"""What somebody typed into the search box: dates, numbers and codes are recognised, the rest are words of names."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from services.referrals.models import days
from services.referrals.models.spelling import code_of, email_of, nhs_number_of, phone_of, words_of

MOST_TERMS: Final = 12
"""Things that are looked for at once; what is typed after them is not."""
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Keys of one kind from ``low`` up to ``high``, how they are like what was typed, and how much that counts (0 to 150)."""

    kind: str
    low: str
    high: str
    how: str
    score: int


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is looked for.

    Attributes:
        typed: as it was typed.
        wanted: the keys that would do.
        word: of a name, as `words_of` has it; it is looked up in the vocabulary besides.
        digits: part of a phone number.
        fault: what is wrong with it, for a person.
    """

    typed: str
    wanted: tuple[Wanted, ...] = ()
    word: str = ""
    digits: str = ""
    fault: str = ""
    kinds: tuple[str, ...] = field(default=())


def exactly(kind: str, key: str, score: int, how: str = "exact") -> Wanted:
    """Return the wish for one key."""
    return Wanted(kind, key, key, how, score)


def beginning(kind: str, start: str, score: int, how: str = "begins") -> Wanted:
    """Return the wish for every key that begins with ``start``."""
    return Wanted(kind, start, start + _LAST, how, score)


def understood(typed: str, today: date) -> list[Term]:
    """Return what is looked for, in the order in which it is recognised: what is most sure comes first."""
    found: list[Term] = []
    rest = typed
    for recognise in (_emails, _days, _numbers, _codes):
        rest = _taken(rest, recognise(rest, today), found)
    return [*found, *_names(rest)][:MOST_TERMS]


Recognised = Iterator[tuple[tuple[int, int], Term]]


def _taken(text: str, recognised: Recognised, found: list[Term]) -> str:
    """Put what was recognised into ``found``; return the text with a blank in its place."""
    kept, end = [], 0
    for (start, stop), term in recognised:
        kept.append(text[end:start])
        found.append(term)
        end = stop
    return " ".join([*kept, text[end:]])


def _each(pattern: re.Pattern[str], text: str, term_of: Callable[[re.Match[str]], Term | None]) -> Recognised:
    for match in pattern.finditer(text):
        if term := term_of(match):
            yield match.span(), term


_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")
_NUMBER = re.compile(r"(?<![\w])(?:\+|\()?\d[\d ().\u2010-\u2015-]*\d(?![\w])")
_CODE = re.compile(r"(?<![\w])[A-Za-z0-9]{4}-?[A-Za-z0-9]{4}(?![\w-])")
_POSTCODE = re.compile(r"(?<![\w])([A-Za-z]{1,2}\d[A-Za-z\d]?)(?: ?(\d[A-Za-z]{2}))?(?![\w])")
_FILLERS = frozenset(
    ("and", "or", "the", "of", "family", "baby", "born", "dob", "mr", "mrs", "ms", "miss", "mx", "dr", "phone", "tel", "nhs", "no", "ref")
)
_FEWEST_DIGITS, _WHOLE_PHONE, _TWO_NUMBERS = 4, 10, 15


def _emails(text: str, _today: date) -> Recognised:
    return _each(_EMAIL, text, lambda match: Term(match[0], (exactly("email", email_of(match[0]), 120),), kinds=("email",)))


def _days(text: str, today: date) -> Recognised:
    yield from ((one.span, _day(one)) for one in days.written(text, today))


def _day(one: days.Written) -> Term:
    if not one.start:
        return Term(one.typed, kinds=("born",), fault="There is no such day. Check the date.")
    whole = len(one.start) == len("2024-07-16")
    wish = exactly("born", one.start, 100) if whole else beginning("born", f"{one.start}-", 30, "part")
    return Term(one.typed, (wish,), kinds=("born",))


def _numbers(text: str, _today: date) -> Recognised:
    for match in _NUMBER.finditer(text):
        if sum(map(str.isdigit, match[0])) > _TWO_NUMBERS:
            yield from _numbers_of_several(match)
        elif term := _number(match[0]):
            yield match.span(), term


def _numbers_of_several(match: re.Match[str]) -> Recognised:
    """Yield each number of a line of several, ``943 476 5919`` being one number all the same where a blank would part it."""
    for part in re.finditer(r"\S+", match[0]):
        if term := _number(part[0]):
            yield (match.start() + part.start(), match.start() + part.end()), term


def _number(typed: str) -> Term | None:
    digits = re.sub(r"\D", "", typed)
    if len(digits) < _FEWEST_DIGITS:
        return None
    phone, nhs = phone_of(typed), nhs_number_of(typed)
    if len(digits) < _WHOLE_PHONE:
        return Term(typed, digits=digits.lstrip("0") or digits, kinds=("phone",))
    wanted = (exactly("nhs", nhs, 150),) if nhs else ()
    kinds = ("nhs", "phone") if nhs else ("phone",)
    return Term(typed, (*wanted, exactly("phone", phone, 120)), kinds=kinds, fault=_fault(digits, nhs))


def _fault(digits: str, nhs: str) -> str:
    """Return what is wrong with what was perhaps meant for an NHS number: ten digits that no phone number begins with."""
    if len(digits) == 10 and not nhs and not digits.startswith("0"):
        return "This is no NHS number: one of its digits is wrong. It was looked for as a phone number."
    return ""


def _codes(text: str, _today: date) -> Recognised:
    references = list(_each(_CODE, text, _reference))
    postcodes = _each(_POSTCODE, text, _postcode)
    apart = [one for one in postcodes if all(one[0][1] <= start or stop <= one[0][0] for (start, stop), _ in references)]
    yield from sorted([*references, *apart], key=lambda one: one[0])


def _reference(match: re.Match[str]) -> Term | None:
    """A reference has a figure in it, or a dash: else it is somebody's name of eight letters."""
    typed = match[0]
    if not any(map(str.isdigit, typed)) and "-" not in typed:
        return None
    return Term(typed, (exactly("reference", code_of(typed), 150),), kinds=("reference",))


def _postcode(match: re.Match[str]) -> Term:
    code = code_of(match[0])
    wish = exactly("postcode", code, 80) if match[2] else beginning("postcode", code, 25, "part")
    return Term(match[0], (wish,), kinds=("postcode",))


def _names(text: str) -> Iterator[Term]:
    every = [(part, word) for part in re.split(r"[\s,;/]+", text) for word in words_of(part)]
    telling = [(part, word) for part, word in every if word not in _FILLERS]
    for part, word in telling or every:
        typed = part if len(words_of(part)) == 1 else word
        yield Term(typed, (exactly("name", word, 100), beginning("name", word, 75)), word=word, kinds=("name",))
