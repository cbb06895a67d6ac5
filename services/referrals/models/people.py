"""The people of a family, as rows: a name, a birthday, how to reach them; who leaves is kept, marked as gone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base, BoroughRow, within_borough
from chassis.errors import Invalid
from chassis.ids import new_id
from services.referrals import contract

_NOTHING = text("'[]'")


class Person(BoroughRow):
    """What parents and children have in common.

    Attributes:
        place: where they stand in the family's list.
        left_on, left_because: since when, and why, they no longer belong to the family; what is kept of them stays until its time is over.
    """

    asked: ClassVar[tuple[str, ...]] = ("given_name", "family_name", "birth_date", *contract.PERSON_FIELDS)

    family_id: Mapped[UUID]
    place: Mapped[int]
    given_name: Mapped[str]
    family_name: Mapped[str]
    middle_names: Mapped[str | None]
    preferred_name: Mapped[str | None]
    birth_date: Mapped[date | None]
    nhs_number: Mapped[str | None]
    ethnicity: Mapped[str | None]
    language: Mapped[str | None]
    access_needs: Mapped[str | None]
    gp: Mapped[str | None]
    left_on: Mapped[date | None]
    left_because: Mapped[str | None]

    def record(self) -> dict[str, Any]:
        """Return the person as the contract has them."""
        return {name: getattr(self, name) for name in ("id", *self.asked)}

    def write(self, details: Mapping[str, Any]) -> None:
        """Make the person what ``details`` say; what they leave out stays."""
        for name in self.asked:
            if name in details:
                setattr(self, name, details[name])

    def leave(self, on: date, why: str | None) -> None:
        """Let the person leave the family; their record stays."""
        self.left_on, self.left_because = on, why


class Parent(Person, Base):
    """An adult of a family: any carer with parental responsibility, or another adult who brings the child.

    Attributes:
        phone, email: the first safe ones of ``contact_points``.
        relations: what they are to single children; to any other child they are what ``relationship`` says.
    """

    __tablename__ = "parents"
    __table_args__ = (
        within_borough("family_id", "families", ondelete="CASCADE"),
        Index(None, "borough_id", "family_id", "place"),
    )
    asked = (*Person.asked, "title", "relationship")

    title: Mapped[str | None]
    relationship: Mapped[str]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    contact_points: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default=_NOTHING)
    relations: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default=_NOTHING)

    @property
    def points(self) -> list[dict[str, Any]]:
        """How they may be reached, and how not; a record from before these were kept has its phone and mail address."""
        return contract.settled_points(self.phone, self.email, self.contact_points)

    def record(self) -> dict[str, Any]:
        """Return the parent as the contract has them; their relations are in `relations_to`."""
        return {**super().record(), "phone": self.phone, "email": self.email, "contact_points": self.points}

    def relations_to(self, children: Sequence["Child"]) -> list[dict[str, Any]]:
        """Return what they are to each of the children."""
        own = {relation["child_id"]: relation for relation in self.relations or ()}
        plain = {"relation": self.relationship, "parental_responsibility": "not_known"}
        return [{**(own.get(str(child.id)) or plain), "child_id": child.id} for child in children]

    def write(self, details: Mapping[str, Any]) -> None:
        """Make the parent what ``details`` say; what they leave out stays."""
        super().write(details)
        self.reach_by(_points(self, details))
        if details.get("relations") is not None:
            self.relations = [{**relation, "child_id": str(relation["child_id"])} for relation in details["relations"]]

    def reach_by(self, points: Sequence[Mapping[str, Any]]) -> None:
        """Write down how they may be reached, and how not."""
        self.contact_points = [dict(point) for point in points]
        self.phone, self.email = (contract.first_safe(points, kind) for kind in ("phone", "email"))


class Child(Person, Base):
    """A child of a family; one without a birth date is expected."""

    __tablename__ = "children"
    __table_args__ = (
        within_borough("family_id", "families", ondelete="CASCADE"),
        Index(None, "borough_id", "family_id", "place"),
    )
    asked = (*Person.asked, "expected_date", "school_or_nursery")

    expected_date: Mapped[date | None]
    school_or_nursery: Mapped[str | None]


P = TypeVar("P", Parent, Child)


def merged(kind: type[P], known: Iterable[P], wanted: Sequence[Mapping[str, Any]], on: date) -> list[P]:
    """Return a side of a family as it is wanted: who is known keeps their row, who is left out leaves but stays on record."""
    rows = {person.id: person for person in known}
    people: list[P] = [_written(kind, rows, place, details) for place, details in enumerate(wanted)]
    gone: list[P] = [person for person in rows.values() if person not in people]
    for place, person in enumerate(gone, len(people)):
        person.place = place
        if person.left_on is None:
            person.leave(on, None)
    return people + gone


def _written(kind: type[P], rows: Mapping[UUID, P], place: int, details: Mapping[str, Any]) -> P:
    identity = details.get("id") or new_id()
    person = rows.get(identity) or kind(id=identity)
    person.place = place
    person.write(details)
    return person


def present(people: Iterable[P]) -> list[P]:
    """Return those who have not left."""
    return [person for person in people if person.left_on is None]


def no_strangers(parents: Sequence[Parent], children: Sequence[Child], request: Mapping[str, Any]) -> None:
    """Refuse a wanted person, or a relation, whose identifier is of nobody in the family.

    Raises:
        Invalid: it says where.
    """
    faults = {side: found for side, known in (("parents", parents), ("children", children)) if (found := _strangers(known, request[side]))}
    if faults:
        raise Invalid(faults=faults)


def _strangers(known: Iterable[Person], wanted: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a fault for each wanted person whose identifier is of nobody in the family, or comes twice."""
    ids = {person.id for person in known}
    given = [details.get("id") for details in wanted]
    return {
        str(place): {"id": ["This person is not in this family."]}
        for place, person_id in enumerate(given)
        if person_id is not None and (person_id not in ids or person_id in given[:place])
    }


def _points(parent: Parent, details: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return how a parent may be reached: as is said in full, else with a new phone or mail address in place of the first safe one."""
    if details.get("contact_points") is not None:
        return contract.settled_points(details.get("phone"), details.get("email"), details["contact_points"])
    points = parent.points
    for kind in ("phone", "email"):
        if kind in details:
            points = contract.replaced(points, kind, details[kind])
    return points
