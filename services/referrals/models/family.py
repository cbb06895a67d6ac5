"""The family registry: who belongs to a family, how to reach them safely, where they live."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, relationship

from chassis.contract import Event
from chassis.database import Base, BoroughRow, Versioned, within_borough
from chassis.errors import Invalid
from chassis.ids import new_id
from chassis.schemas import instance_of
from services.referrals import contract
from services.referrals.models.rules import folded, search_words

_WORDS = ("language", "interpreter", "safe_contact", "address")


def record_of(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return a family as `FamilyRecord` has it: everybody with an identifier, and what the family is called."""
    people = {side: [{**person, "id": new_id()} for person in details[side]] for side in ("parents", "children")}
    return {
        **{word: details[word] for word in _WORDS},
        **people,
        "name": contract.family_name(people["parents"], people["children"]),
    }


class Person(BoroughRow):
    """What parents and children have in common: their place in the family's list, and a name."""

    asked: ClassVar[tuple[str, ...]] = ("given_name", "family_name", "birth_date")

    family_id: Mapped[UUID]
    place: Mapped[int]
    given_name: Mapped[str]
    family_name: Mapped[str]

    def record(self) -> dict[str, Any]:
        """Return the person as the contract has them."""
        return {name: getattr(self, name) for name in ("id", *self.asked)}

    def write(self, place: int, details: Mapping[str, Any]) -> None:
        """Make the person what ``details`` say, at ``place`` in the list."""
        self.place = place
        for name in self.asked:
            setattr(self, name, details[name])


class Parent(Person, Base):
    """An adult of a family: any carer with parental responsibility, or another adult who brings the child."""

    __tablename__ = "parents"
    __table_args__ = (
        within_borough("family_id", "families", ondelete="CASCADE"),
        Index(None, "borough_id", "family_id", "place"),
    )
    asked = (*Person.asked, "relationship", "phone", "email")

    relationship: Mapped[str]
    birth_date: Mapped[date | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]


class Child(Person, Base):
    """A child of a family."""

    __tablename__ = "children"
    __table_args__ = (
        within_borough("family_id", "families", ondelete="CASCADE"),
        Index(None, "borough_id", "family_id", "place"),
    )

    birth_date: Mapped[date]


P = TypeVar("P", Parent, Child)


class Family(Versioned, BoroughRow, Base):
    """One or more parents with one or more children: the unit of work, owned here, copied by event to the others."""

    __tablename__ = "families"
    unaudited = frozenset({"sort_name", "search_words"})
    __table_args__ = (Index(None, "borough_id", "sort_name", "id"),)
    audited_as = "id"

    name: Mapped[str]
    sort_name: Mapped[str]
    search_words: Mapped[str]
    language: Mapped[str]
    interpreter: Mapped[bool]
    safe_contact: Mapped[dict[str, Any]]
    address: Mapped[dict[str, Any] | None]
    registered_at: Mapped[datetime]
    parents: Mapped[list[Parent]] = relationship(order_by=Parent.place, lazy="selectin", cascade="all, delete-orphan")
    children: Mapped[list[Child]] = relationship(order_by=Child.place, lazy="selectin", cascade="all, delete-orphan")

    @classmethod
    def from_record(cls, borough_id: UUID, family_id: UUID, record: Mapping[str, Any], at: datetime) -> "Family":
        """Return a family newly in the registry; ``record`` is a loaded `FamilyRecord`."""
        family = cls(borough_id=borough_id, id=family_id, version=1, registered_at=at)
        family._write(record, at)
        return family

    def registered(self) -> Event:
        """Return the event of a family that came into the registry."""
        return contract.FAMILY_REGISTERED(self.id, self.version, family_id=self.id, **self.record())

    def change(self, request: Mapping[str, Any], at: datetime) -> Event:
        """Make the family what ``request``, a loaded `ChangeFamilyRequest`, says; who is left out leaves the record.

        Raises:
            Stale: somebody changed it since; both versions are in the error.
            Invalid: an identifier is of nobody in this family.
        """
        self._expect(request)
        faults = {side: found for side in ("parents", "children") if (found := _strangers(getattr(self, side), request[side]))}
        if faults:
            raise Invalid(faults=faults)
        self.version += 1
        self._write(request, at)
        return contract.FAMILY_CHANGED(self.id, self.version, family_id=self.id, **self.record())

    def record(self) -> dict[str, Any]:
        """Return the family as `FamilyRecord` has it."""
        return {
            **{word: getattr(self, word) for word in ("name", *_WORDS)},
            "parents": [parent.record() for parent in self.parents],
            "children": [child.record() for child in self.children],
        }

    def _expect(self, request: Mapping[str, Any]) -> None:
        """Refuse a change made on an older version, with both versions in the error."""
        yours = instance_of(contract.ChangeFamilyRequest).dump(request)
        self.expect(request["version"], yours=yours, theirs=instance_of(contract.FamilyRecord).dump(self.record()))

    def _write(self, details: Mapping[str, Any], at: datetime) -> None:
        for word in _WORDS:
            setattr(self, word, details[word])
        self.parents = _people(Parent, self.parents, details["parents"])
        self.children = _people(Child, self.children, details["children"])
        self.name = contract.family_name(details["parents"], details["children"])
        self.sort_name = folded("{family_name} {given_name}".format_map(details["parents"][0]))
        self.search_words = search_words([*details["parents"], *details["children"]])
        self.changed_at = at


def _people(kind: type[P], known: Iterable[P], wanted: Sequence[Mapping[str, Any]]) -> list[P]:
    """Return the people that are wanted: those who are known keep their row."""
    rows = {person.id: person for person in known}
    people = []
    for place, details in enumerate(wanted):
        identity = details.get("id") or new_id()
        person = rows.get(identity) or kind(id=identity)
        person.write(place, details)
        people.append(person)
    return people


def _strangers(known: Iterable[Person], wanted: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a fault for each wanted person whose identifier is of nobody in the family, or comes twice."""
    ids = {person.id for person in known}
    given = [details.get("id") for details in wanted]
    return {
        str(place): {"id": ["This person is not in this family."]}
        for place, person_id in enumerate(given)
        if person_id is not None and (person_id not in ids or person_id in given[:place])
    }
