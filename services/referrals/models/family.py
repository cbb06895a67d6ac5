"""The family registry: who belongs to a family, how to reach them safely, where they live."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from marshmallow import Schema
from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import clock
from chassis.contract import Event
from chassis.database import Base, BoroughRow, Versioned
from chassis.errors import Invalid
from chassis.ids import new_id
from chassis.schemas import instance_of
from services.referrals import contract
from services.referrals.models import homes
from services.referrals.models.people import Child, Parent, merged, no_strangers, present
from services.referrals.models.rules import folded, search_words

_SAID = ("language", "interpreter", "safe_contact")
_EVERYTHING = ("name", *_SAID, "risks_to_visitors", "not_allowed")


def record_of(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return a family as `FamilyRecord` has it: everybody with an identifier, and what the family is called."""
    children = [{**child, "id": new_id()} for child in details["children"]]
    parents = [{**parent, "id": new_id(), **_reached(parent), "relations": _related(parent, children)} for parent in details["parents"]]
    addresses = homes.moved(details.get("addresses") or (), details["address"], clock.today())
    return {
        **{word: details[word] for word in _SAID},
        "address": details["address"] or _address(addresses),
        "addresses": addresses,
        "not_allowed": details.get("not_allowed") or [],
        "parents": parents,
        "children": children,
        "name": contract.family_name(parents, children),
    }


class Family(Versioned, BoroughRow, Base):
    """One or more parents with one or more children: the unit of work, owned here, copied by event to the others.

    Attributes:
        parents, children: everybody, also who has left; `adults` and `young` are those who belong to it now.
        address: where they live now; ``addresses`` is the history.
        not_allowed: who may not collect or be told.
        saved_at: the version at which each part of the record was saved last, so that two people may change two parts at once.
    """

    __tablename__ = "families"
    unaudited = frozenset({"sort_name", "search_words", "saved_at"})
    __table_args__ = (Index(None, "borough_id", "sort_name", "id"),)
    audited_as = "id"

    name: Mapped[str]
    sort_name: Mapped[str]
    search_words: Mapped[str]
    language: Mapped[str]
    interpreter: Mapped[bool]
    safe_contact: Mapped[dict[str, Any]]
    address: Mapped[dict[str, Any] | None]
    addresses: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default=text("'[]'"))
    not_allowed: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default=text("'[]'"))
    risks_to_visitors: Mapped[str | None]
    saved_at: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    registered_at: Mapped[datetime]
    parents: Mapped[list[Parent]] = relationship(order_by=Parent.place, lazy="selectin", cascade="all, delete-orphan")
    children: Mapped[list[Child]] = relationship(order_by=Child.place, lazy="selectin", cascade="all, delete-orphan")

    @classmethod
    def from_record(cls, borough_id: UUID, family_id: UUID, record: Mapping[str, Any], at: datetime) -> "Family":
        """Return a family newly in the registry; ``record`` is a loaded `FamilyRecord`."""
        family = cls(borough_id=borough_id, id=family_id, version=1, registered_at=at, addresses=[], not_allowed=[], saved_at={})
        family._write(record, at)
        return family

    @property
    def adults(self) -> list[Parent]:
        """The parents and carers who belong to the family now."""
        return present(self.parents)

    @property
    def young(self) -> list[Child]:
        """The children who belong to the family now."""
        return present(self.children)

    @property
    def history(self) -> list[dict[str, Any]]:
        """Every address, the present one first; a record from before these were kept has the present one."""
        return homes.moved(self.addresses or (), self.address, self.changed_day)

    @property
    def changed_day(self) -> date:
        """The day of the last change, in London."""
        return clock.london(self.changed_at).date()

    def registered(self) -> Event:
        """Return the event of a family that came into the registry."""
        return contract.FAMILY_REGISTERED(self.id, self.version, **self.facts())

    def changed(self) -> Event:
        """Return the event of a family as it is from now on."""
        return contract.FAMILY_CHANGED(self.id, self.version, **self.facts())

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

    def next_version(self, at: datetime, *parts: str) -> Event:
        """Count a change of these parts of the record, or of all of it, and return its event.

        Raises:
            Invalid: a parent would be younger than their child, or two people would share an NHS number.
        """
        self.version += 1
        self.saved_at = {**self.saved_at, **dict.fromkeys(parts or ("everything",), self.version)}
        self.changed_at = at
        self._called()
        return self.changed()

    def require_household(self) -> None:
        """Refuse people who can't be a family together.

        Raises:
            Invalid: a parent is younger than their child, or two people share an NHS number.
        """
        record = self.record()
        if faults := contract.household_faults(record["parents"], record["children"]):
            raise Invalid(faults={side: {str(place): found for place, found in people.items()} for side, people in faults.items()})

    def both_sides(self, schema: type[Schema], request: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """Return what was to be saved and what is there, for the error of a stale save."""
        return {"yours": instance_of(schema).dump(request), "theirs": instance_of(contract.FamilyRecord).dump(self.record())}

    def record(self) -> dict[str, Any]:
        """Return the family as `FamilyRecord` has it."""
        young, history = self.young, self.history
        return {
            **{word: getattr(self, word) for word in _EVERYTHING},
            "address": self.address,
            "addresses": history,
            "parents": [{**parent.record(), "relations": parent.relations_to(young)} for parent in self.adults],
            "children": [child.record() for child in young],
        }

    def facts(self) -> dict[str, Any]:
        """Return the copy that the other services need, as `FamilyFacts` has it: safe ways to reach the family only."""
        record = self.record()
        return {
            "family_id": self.id,
            **{word: record[word] for word in _EVERYTHING},
            "address": _safe_address(record["addresses"]),
            "parents": [_facts_of(parent, contract.ParentFacts) for parent in record["parents"]],
            "children": [_facts_of(child, contract.ChildFacts) for child in record["children"]],
        }

    def live_at(self, addresses: Sequence[Mapping[str, Any]]) -> None:
        """Write down where the family lived and lives."""
        self.addresses = homes.kept(addresses)
        self.address = _address(addresses)

    def _write(self, details: Mapping[str, Any], at: datetime) -> None:
        today = clock.london(at).date()
        for word in (*_SAID, "not_allowed", "risks_to_visitors"):
            if word in details:
                setattr(self, word, details[word])
        told = details.get("addresses")
        known = self.history if told is None and self.address else told or ()
        self.live_at(homes.moved(known, details["address"], today, gone=told is None))
        self.parents = merged(Parent, self.parents, details["parents"], today)
        self.children = merged(Child, self.children, details["children"], today)
        self.changed_at = at
        self._called()

    def _called(self) -> None:
        """Let the family be called and found by the names that its people have now."""
        parents, children = ([person.record() for person in people] for people in (self.adults, self.young))
        self.name = contract.family_name(parents, children)
        self.sort_name = folded("{family_name} {given_name}".format_map(parents[0]))
        self.search_words = search_words([*parents, *children])


def _address(addresses: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    here = homes.present(addresses)
    return {name: here[name] for name in ("line", "postcode")} if here else None


def _safe_address(addresses: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return where the family lives now, for those who may write or come there; None where nobody may."""
    here = homes.present(addresses)
    return here if here and (here["safe_for_letters"] or here["safe_for_visits"]) else None


def _facts_of(person: Mapping[str, Any], schema: type[Schema]) -> dict[str, Any]:
    told = {name: person[name] for name in instance_of(schema).fields}
    if "contact_points" in told:
        told["contact_points"] = [point for point in told["contact_points"] if point["safe"]]
    return told


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
