"""A family as it is compared: its people and its home, folded so that only what matters differs."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from services.referrals.matching.weights import INSTITUTIONS, PLACEHOLDERS
from services.referrals.models.rules import folded
from services.referrals.models.spelling import code_of, email_of, nhs_number_of, phone_of

Record = Mapping[str, Any]
"""A family as `FamilyRecord` has it, loaded or as JSON."""
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Person:
    """A parent or a child, as they are compared.

    Attributes:
        side: ``parent`` or ``child``.
        given: every first name they go by, folded; empty where nobody knows one.
        family: last name, folded.
        born, expected: days.
        nhs: number, ten digits of which the last one checks the others (modulus 11); empty where there is no such number.
    """

    id: UUID
    side: str
    given: frozenset[str]
    family: str
    born: date | None = None
    expected: date | None = None
    nhs: str = ""


@dataclass(frozen=True, slots=True)
class Household:
    """A family, as it is compared.

    Attributes:
        phones, emails, postcode: as they are search keys too.
        line: where it lives now; empty, as the postcode is, where that is not known.
    """

    id: UUID
    people: tuple[Person, ...]
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    line: str = ""
    postcode: str = ""

    def side(self, side: str) -> list[Person]:
        """Return the parents, or the children."""
        return [person for person in self.people if person.side == side]

    @property
    def is_institution(self) -> bool:
        """Whether many live there who know nothing of each other."""
        return any(word in self.line for word in INSTITUTIONS)

    @property
    def building(self) -> str:
        """The address without its flat: from the last number on; empty where there is no number."""
        numbers = list(_NUMBER.finditer(self.line))
        return self.line[numbers[-1].start() :] if numbers else ""

    def fingerprint(self) -> str:
        """Return a digest of all that is compared: it changes when the family changes in what matters here, and tells nothing."""
        people = sorted(repr((one.side, sorted(one.given), one.family, one.born, one.expected, one.nhs)) for one in self.people)
        return sha256(repr((people, sorted(self.phones), sorted(self.emails), self.line, self.postcode)).encode()).hexdigest()


def household(family_id: UUID, record: Record) -> Household:
    """Return a family of the registry, or of a referral, as it is compared."""
    everybody = [*record["parents"], *record["children"]]
    address = _address(record)
    people = [_person(side, one) for side, key in (("parent", "parents"), ("child", "children")) for one in record[key]]
    return Household(
        family_id,
        tuple(people),
        frozenset(filter(None, map(phone_of, _contacts(everybody, "phone")))),
        frozenset(map(email_of, _contacts(everybody, "email"))),
        _line(address.get("line") or ""),
        code_of(address.get("postcode") or ""),
    )


def _person(side: str, person: Record) -> Person:
    given = {folded(name) for key in ("given_name", "preferred_name") if (name := person.get(key))}
    days = (_day(person.get("birth_date")), _day(person.get("expected_date")))
    family = folded(person.get("family_name") or "")
    names = frozenset(_without_numbers(given) - PLACEHOLDERS)
    return Person(_uuid(person["id"]), side, names, family, *days, nhs_number_of(person.get("nhs_number") or ""))


def _without_numbers(names: Iterable[str]) -> frozenset[str]:
    return frozenset(_NUMBER.sub("", name).strip() for name in names)


def _contacts(people: Iterable[Record], kind: str) -> list[str]:
    first = [person.get(kind) for person in people]
    points = [point["value"] for person in people for point in person.get("contact_points") or () if point["kind"] == kind]
    return [value for value in (*first, *points) if value]


def _address(record: Record) -> Record:
    current = [one for one in record.get("addresses") or () if not one.get("until_on")]
    return record.get("address") or (current[-1] if current else {})


def _line(written: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in folded(written)).split())


def _day(written: date | str | None) -> date | None:
    return date.fromisoformat(written) if isinstance(written, str) else written


def _uuid(written: UUID | str) -> UUID:
    return written if isinstance(written, UUID) else UUID(written)
