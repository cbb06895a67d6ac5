"""What is proposed to be left out of a pack: other people, and who spoke in confidence. A person decides."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

_NAMING = ("given_name", "middle_names", "family_name", "preferred_name", "phone", "email", "nhs_number")
REMOVED = "[removed]"
"""What stands where words were taken away, in every file."""
PROFESSIONALS = frozenset(["A1", "A2", "A3", "A4", "C1", "C2", "F1", "F2", "F3", "H1", "H2", "I1", "I2", "M7", "M9", "P1", "Q1"])
"""Sources of referral whose people are health, social or education workers: their names are given out (Data Protection Act 2018,
schedule 2, paragraph 17). Any other referrer's are proposed to be left out."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for one record."""

    decision: str = "give"
    hidden: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Redaction:
    """Proposes for one person's pack.

    Attributes:
        subject: whose pack it is; None for the whole family's.
        people: everybody in the family, as the registry has them.
        referrers: those who referred them, as the referrals have them.
    """

    subject: UUID | None
    people: Sequence[Mapping[str, Any]]
    referrers: Sequence[Mapping[str, Any]] = ()

    def propose(self, item: Mapping[str, Any]) -> Proposal:
        """Return what is proposed for a record: left out where it is about somebody else, with their names hidden where it is not."""
        if self._is_of_somebody_else(item):
            return Proposal("withhold", reason="third_party")
        text = "\n".join(line["words"] or "" for line in item["lines"]) + "\n" + item["title"]
        others, confidants = _found(self._names_of_others(), text), _found(self._names_of_confidants(), text)
        reason = "third_party" if others else "confidence" if confidants else None
        return Proposal("give", (*others, *confidants), reason)

    def _is_of_somebody_else(self, item: Mapping[str, Any]) -> bool:
        if self.subject is None:
            return False
        if item["person_id"] is not None:
            return bool(item["person_id"] != self.subject)
        return item["about"] in {"parent", "child"} and item["about"] != self._side

    @property
    def _side(self) -> str | None:
        return next((person["side"] for person in self.people if person["id"] == self.subject), None)

    def _names_of_others(self) -> list[str]:
        if self.subject is None:
            return []
        own = {name.casefold() for person in self.people if person["id"] == self.subject for name in _names(person)}
        names = [name for person in self.people if person["id"] != self.subject for name in _names(person)]
        return [name for name in names if name.casefold() not in own]

    def _names_of_confidants(self) -> list[str]:
        hidden = [one for one in self.referrers if one.get("source") not in PROFESSIONALS]
        return [str(one[name]) for one in hidden for name in ("name", "service", "email", "phone") if one.get(name)]


def without(text: str | None, hidden: Iterable[str]) -> str | None:
    """Return ``text`` with every one of the words taken away, longest first, whatever their capitals."""
    if text is None:
        return None
    for words in sorted(filter(str.strip, hidden), key=len, reverse=True):
        text = _whole(words).sub(REMOVED, text)
    return text


def stands_in(words: str, text: str) -> bool:
    """Tell whether `without` would find words in a text."""
    return _whole(words).search(text) is not None


def _names(person: Mapping[str, Any]) -> list[str]:
    """Return the ways in which somebody is named: the whole name first."""
    whole = f"{person['given_name'] or ''} {person['family_name'] or ''}".strip()
    points = [point["value"] for point in person.get("contact_points") or ()]
    parts = (whole, *(person.get(name) for name in _NAMING), *points)
    return list(dict.fromkeys(str(part) for part in parts if part and len(str(part)) > 1))


def _found(names: Iterable[str], text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if _whole(name).search(text)))


def _whole(words: str) -> re.Pattern[str]:
    """Return what finds words that are not a part of others, over whatever blanks and line ends."""
    spaced = r"\s+".join(map(re.escape, unicodedata.normalize("NFC", words).split()))
    return re.compile(rf"(?<!\w){spaced}(?!\w)", re.IGNORECASE)
