"""A family as it is kept: what is known of it, what is told of it, and which change of it may pass."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from marshmallow import Schema
from sqlalchemy import text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from chassis import clock
from chassis.contract import Event
from chassis.database import BoroughRow, Versioned
from chassis.errors import Invalid, Stale
from chassis.schemas import instance_of
from services.referrals import contract
from services.referrals.models import homes
from services.referrals.models.people import Child, Parent, Person, present
from services.referrals.models.rules import folded

SAID: Final = ("language", "interpreter", "safe_contact")
"""What every family was asked."""
PEOPLE: Final = "people"
"""The part of a record that says who belongs to the family."""
EVERYTHING: Final = "everything"
"""The part that a change of the whole record saves."""
_TOLD = ("name", *SAID, "risks_to_visitors", "not_allowed")


class Household(Versioned, BoroughRow):
    """One or more parents with one or more children: the unit of work, owned here, copied by event to the others.

    Attributes:
        parents, children: everybody, also who has left; `adults` and `young` are those who belong to it now.
        address: where they live now; ``addresses`` is the history.
        not_allowed: who may not collect or be told.
        saved_at: the version at which each part of the record was saved last, so that two people may change two parts at once.
    """

    name: Mapped[str]
    sort_name: Mapped[str]
    language: Mapped[str]
    interpreter: Mapped[bool]
    safe_contact: Mapped[dict[str, Any]]
    address: Mapped[dict[str, Any] | None]
    addresses: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default=text("'[]'"))
    not_allowed: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default=text("'[]'"))
    risks_to_visitors: Mapped[str | None]
    saved_at: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    registered_at: Mapped[datetime]

    @declared_attr
    def parents(cls) -> Mapped[list[Parent]]:  # noqa: N805 - SQLAlchemy passes the class
        """Every adult, also who has left."""
        return relationship(order_by=Parent.place, lazy="selectin", cascade="all, delete-orphan")

    @declared_attr
    def children(cls) -> Mapped[list[Child]]:  # noqa: N805 - SQLAlchemy passes the class
        """Every child, also who has left."""
        return relationship(order_by=Child.place, lazy="selectin", cascade="all, delete-orphan")

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

    def changed(self) -> Event:
        """Return the event of a family as it is from now on."""
        return contract.FAMILY_CHANGED(self.id, self.version, **self.facts())

    def next_version(self, at: datetime, *parts: str) -> Event:
        """Count a change of these parts of the record, or of all of it, and return its event."""
        self.version += 1
        self.saved_at = {**self.saved_at, **dict.fromkeys(parts or (EVERYTHING,), self.version)}
        self.changed_at = at
        self.call()
        return self.changed()

    def both_sides(self, schema: type[Schema], request: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """Return what was to be saved and what is there, for the error of a stale save."""
        return {"yours": instance_of(schema).dump(request), "theirs": instance_of(contract.FamilyRecord).dump(self.record())}

    def record(self) -> dict[str, Any]:
        """Return the family as `FamilyRecord` has it."""
        young, history = self.young, self.history
        return {
            **{word: getattr(self, word) for word in _TOLD},
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
            **{word: record[word] for word in _TOLD},
            "address": _safe_address(record["addresses"]),
            "not_allowed": [{name: one[name] for name in instance_of(contract.Barred).fields} for one in record["not_allowed"]],
            "parents": [_facts_of(parent, contract.ParentFacts) for parent in record["parents"]],
            "children": [_facts_of(child, contract.ChildFacts) for child in record["children"]],
        }

    def live_at(self, addresses: Sequence[Mapping[str, Any]]) -> None:
        """Write down where the family lived and lives."""
        self.addresses = homes.kept(addresses)
        self.address = present_address(addresses)

    def require_newest(self, schema: type[Any], request: Mapping[str, Any], part: str = "") -> str:
        """Let a change pass of a part that nobody saved since it was opened; return the part's name: a person's id where none is given.

        Raises:
            Stale: somebody did; both versions are in the error.
        """
        part = part or str(request["person_id"] or PEOPLE)
        saved = max(self.saved_at.get(name, 1) for name in (part, EVERYTHING))
        if not saved <= request["version"] <= self.version:
            sides = self.both_sides(schema, request)
            raise Stale(yours=sides["yours"], theirs={"version": self.version, **sides["theirs"]})
        return part

    def require_fit(self, side: str, known: Person | None, details: Mapping[str, Any]) -> None:
        """Refuse somebody who can't be of this family with these details.

        Raises:
            Invalid: a parent would be younger than their child, or two people would share an NHS number.
        """
        record, identity = self.record(), known.id if known else None
        people = {name: [person for person in record[name] if person["id"] != identity] for name in ("parents", "children")}
        before: dict[str, Any] = next((person for person in record[side] if person["id"] == identity), {})
        if faults := contract.person_faults(side, {**before, **details}, **people):
            raise Invalid(faults=faults)

    def call(self) -> None:
        """Let the family be called and sorted by the names that its people have now."""
        parents, children = ([person.record() for person in people] for people in (self.adults, self.young))
        self.name = contract.family_name(parents, children)
        self.sort_name = folded("{family_name} {given_name}".format_map(parents[0]))


def present_address(addresses: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return the street and the postcode at which the family lives now."""
    here = homes.present(addresses)
    return {name: here[name] for name in ("line", "postcode")} if here else None


def _safe_address(addresses: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return where the family lives now, for those who may write or come there; where nobody may, only that."""
    here = homes.present(addresses)
    if here and not (here["safe_for_letters"] or here["safe_for_visits"]):
        return {**here, "line": None, "postcode": None}
    return here


def _facts_of(person: Mapping[str, Any], schema: type[Schema]) -> dict[str, Any]:
    told = {name: person[name] for name in instance_of(schema).fields}
    if "contact_points" in told:
        told["contact_points"] = [point for point in told["contact_points"] if point["safe"]]
    return told
