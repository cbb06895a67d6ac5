"""The family registry: who belongs to a family, how to reach them safely, where they live."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped

from chassis import clock
from chassis.contract import Event
from chassis.database import Base, within_borough
from chassis.errors import Conflict, Invalid
from chassis.ids import new_id
from services.referrals import contract
from services.referrals.models import homes
from services.referrals.models.household import SAID, Household, present_address
from services.referrals.models.people import Child, P, Parent, Person, merged, no_strangers

_LAST_ADULT: Final = "A family keeps at least one parent or carer. Add who cares for the children now, then take this one out."
_LAST_CHILD: Final = "A family keeps at least one child. If they no longer come, end their place instead."


def record_of(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return a family as `FamilyRecord` has it: everybody with an identifier, and what the family is called."""
    children = [{**child, "id": new_id()} for child in details["children"]]
    parents = [{**parent, "id": new_id(), **_reached(parent), "relations": _related(parent, children)} for parent in details["parents"]]
    addresses = homes.moved(details.get("addresses") or (), details["address"], clock.today())
    return {
        **{word: details[word] for word in SAID},
        "address": details["address"] or present_address(addresses),
        "addresses": addresses,
        "not_allowed": details.get("not_allowed") or [],
        "parents": parents,
        "children": children,
        "name": contract.family_name(parents, children),
    }


MOST_RISKS = 2000
"""Characters of what a visitor should know."""


class Family(Household, Base):
    """One or more parents with one or more children: the unit of work, owned here, copied by event to the others.

    A change of one part returns the event of the family as it is from then on, and raises Stale, with both versions, where somebody else
    saved the same part since the version of the request.
    """

    __tablename__ = "families"
    __table_args__ = (
        within_borough("merged_into", "families"),
        Index(None, "borough_id", "sort_name", "id"),
        Index(None, "borough_id", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
    )
    unaudited = frozenset({"sort_name", "saved_at"})
    audited_as = "id"

    merged_into: Mapped[UUID | None]
    """The record that this family goes on under, where it was on record twice."""

    @classmethod
    def from_record(cls, borough_id: UUID, family_id: UUID, record: Mapping[str, Any], at: datetime) -> "Family":
        """Return a family newly in the registry; ``record`` is a loaded `FamilyRecord`."""
        family = cls(borough_id=borough_id, id=family_id, version=1, registered_at=at, addresses=[], not_allowed=[], saved_at={})
        family._write(record, at)
        return family

    def registered(self) -> Event:
        """Return the event of a family that came into the registry."""
        return contract.FAMILY_REGISTERED(self.id, self.version, **self.facts())

    def change(self, request: Mapping[str, Any], at: datetime) -> Event:
        """Make the family what ``request``, a loaded `ChangeFamilyRequest`, says; who is left out leaves, but stays on record.

        Raises:
            Stale: somebody changed it since; both versions are in the error.
            Invalid: an identifier is of nobody in this family.
        """
        self.expect(request["version"], **self.both_sides(contract.ChangeFamilyRequest, request))
        no_strangers(self.adults, self.young, request)
        self._write(request, at)
        self.saved_at = {}
        return self.next_version(at)

    def save_parent(self, request: Mapping[str, Any], at: datetime) -> Event:
        """Make an adult what a loaded `SaveParentRequest` says, or add one.

        Raises:
            Stale: see the class.
            Invalid: they, or a child they are related to, are not of this family; or they can't be a parent of it.
        """
        part = self.require_newest(contract.SaveParentRequest, request)
        known = _one_of(self.adults, request["person_id"])
        _require_children(request["relations"], self.young)
        details = {**_details(request, contract.SaveParentRequest), "relationship": _relationship(request)}
        self.require_fit("parents", known, details)
        self.parents = _with(self.parents, self.adults, known or Parent(), details, contract.MOST_PARENTS)
        return self.next_version(at, part)

    def save_child(self, request: Mapping[str, Any], at: datetime) -> Event:
        """Make a child what a loaded `SaveChildRequest` says, or add one; raises as `save_parent` does."""
        part = self.require_newest(contract.SaveChildRequest, request)
        known = _one_of(self.young, request["person_id"])
        details = _details(request, contract.SaveChildRequest)
        self.require_fit("children", known, details)
        self.children = _with(self.children, self.young, known or Child(), details, contract.MOST_CHILDREN)
        return self.next_version(at, part)

    def take_out(self, request: Mapping[str, Any], at: datetime) -> Event:
        """Let somebody leave the family; their record stays.

        Raises:
            Stale: see the class.
            Invalid: they are not of this family.
            Conflict: they are its last adult, or its last child.
        """
        part = self.require_newest(contract.TakeOutRequest, request)
        person: Person | None = _one_of([*self.adults, *self.young], request["person_id"])
        if person in self.adults and len(self.adults) == 1:
            raise Conflict(_LAST_ADULT)
        if person in self.young and len(self.young) == 1:
            raise Conflict(_LAST_CHILD)
        if person:
            person.leave(clock.london(at).date(), request["why"])
        return self.next_version(at, part)

    def change_contact(self, request: Mapping[str, Any], at: datetime) -> Event:
        """Write down how the family is reached safely; raises Stale, and Invalid where an adult is not of this family."""
        self.require_newest(contract.ChangeContactRequest, request, "contact")
        for parent, told in _each(self.adults, request["people"]):
            parent.reach_by(told["contact_points"])
        self.safe_contact = request["safe_contact"]
        return self.next_version(at, "contact")

    def change_addresses(self, request: Mapping[str, Any], at: datetime) -> Event:
        """Write down where the family lives and lived; raises Stale."""
        self.require_newest(contract.ChangeAddressesRequest, request, "addresses")
        self.live_at(request["addresses"])
        return self.next_version(at, "addresses")

    def change_needs(self, request: Mapping[str, Any], at: datetime) -> Event:
        """Write down what the family needs to take part; raises Stale, and Invalid where a person is not of this family."""
        self.require_newest(contract.ChangeNeedsRequest, request, "needs")
        everybody: list[Person] = [*self.adults, *self.young]
        for person, told in _each(everybody, request["people"]):
            person.access_needs = told["access_needs"]
        self.language, self.interpreter = request["language"], request["interpreter"]
        return self.next_version(at, "needs")

    def change_safety(self, request: Mapping[str, Any], at: datetime) -> Event:
        """Write down who may not collect or be told, and what a visitor should know; raises Stale."""
        self.require_newest(contract.ChangeSafetyRequest, request, "safety")
        self.not_allowed, self.risks_to_visitors = request["not_allowed"], request["risks_to_visitors"]
        return self.next_version(at, "safety")

    def warn(self, risks: str | None, at: datetime) -> Iterable[Event]:
        """Add what another referral of the family says that a visitor should know, the newest first; yield the event where that is news."""
        known = self.risks_to_visitors or ""
        if risks and risks not in known:
            self.risks_to_visitors = "\n".join(filter(None, [risks, known]))[:MOST_RISKS]
            yield self.next_version(at, "safety")

    def _write(self, details: Mapping[str, Any], at: datetime) -> None:
        today = clock.london(at).date()
        for word in (*SAID, "not_allowed", "risks_to_visitors"):
            if word in details:
                setattr(self, word, details[word])
        told = details.get("addresses")
        known = self.history if told is None and self.address else told or ()
        self.live_at(homes.moved(known, details["address"], today, gone=told is None))
        self.parents = merged(Parent, self.parents, details["parents"], today)
        self.children = merged(Child, self.children, details["children"], today)
        self.changed_at = at
        self.call()


def _reached(parent: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a referred parent may be reached."""
    points = contract.settled_points(parent.get("phone"), parent.get("email"), parent.get("contact_points"))
    return {"contact_points": points, "phone": contract.first_safe(points, "phone"), "email": contract.first_safe(points, "email")}


def _related(parent: Mapping[str, Any], children: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what a referred parent is to each child, by the child's identifier where it was told by their place."""
    told = {relation["child"]: relation for relation in parent.get("relations") or () if relation["child"] < len(children)}
    plain = {"relation": parent["relationship"], "parental_responsibility": "not_known"}
    return [
        {**{name: told.get(place, plain)[name] for name in ("relation", "parental_responsibility")}, "child_id": child["id"]}
        for place, child in enumerate(children)
    ]


def _details(request: Mapping[str, Any], schema: type[Any]) -> dict[str, Any]:
    return {name: request[name] for name in schema().fields if name in request and name not in {"family_id", "version", "person_id"}}


def _relationship(request: Mapping[str, Any]) -> str:
    return str(request["relationship"] or request["relations"][0]["relation"])


def _one_of(people: Iterable[Person], person_id: UUID | None) -> Any:
    """Return the person with this id; None where none is asked for."""
    found = next((person for person in people if person.id == person_id), None)
    if person_id and not found:
        raise Invalid(faults={"person_id": ["This person is not in this family."]})
    return found


def _each(people: Sequence[Any], told: Iterable[Mapping[str, Any]]) -> list[tuple[Any, Mapping[str, Any]]]:
    """Return each person with what is told of them."""
    return [(_one_of(people, one["person_id"]), one) for one in told]


def _require_children(relations: Iterable[Mapping[str, Any]], young: Iterable[Child]) -> None:
    ids = {child.id for child in young}
    faults = {
        str(place): {"child_id": ["This child is not in this family."]}
        for place, relation in enumerate(relations)
        if relation["child_id"] not in ids
    }
    if faults:
        raise Invalid(faults={"relations": faults})


def _with(everybody: list[P], there: Sequence[P], person: P, details: Mapping[str, Any], at_most: int) -> list[P]:
    """Return everybody with a person as they are to be, who comes last where they are new."""
    if person not in everybody:
        if len(there) >= at_most:
            raise Conflict(f"A family's record has room for {at_most}. Take out who no longer belongs to it first.")
        person.place = max((one.place for one in everybody), default=-1) + 1
        everybody = everybody + [person]  # noqa: RUF005 - mypy takes the other way for two kinds of people
    person.write(details)
    return everybody
