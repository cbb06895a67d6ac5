"""The copy of a family that outreach needs: how to reach it safely comes before anything else."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base, BoroughRow
from services.outreach.contract import UnsafeChannel
from services.referrals.contract import what_to_know

UNKNOWN_NAME = "A family (details on their way)"
"""What a family is called between the news that it was accepted and the news of who it is."""

RESTRICTED_NAME = "Restricted family"
"""What a family is called on a collection run for who may not see it: the run must count every stop."""


class Family(BoroughRow, Base):
    """A family as `referrals` last told of it. Its row id is the family's id."""

    __tablename__ = "families"
    audited_as = "id"

    sequence: Mapped[int]
    name: Mapped[str]
    parents: Mapped[list[dict[str, Any]]]
    children: Mapped[int]
    safe_contact: Mapped[dict[str, Any]]
    address: Mapped[str | None]
    to_know: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))

    @classmethod
    def values(cls, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the copy holds of a family's record, as an event carries it."""
        return {
            "name": record["name"],
            "parents": [_parent(parent) for parent in record["parents"]],
            "children": sum(child["birth_date"] is not None for child in record["children"]),
            "safe_contact": {name: record["safe_contact"].get(name) for name in ("channels", "through", "times", "avoid")},
            "address": _address(record.get("address") or {}),
            "to_know": _to_know(record),
        }

    @property
    def people(self) -> int:
        """How many seats the whole family needs."""
        return len(self.parents) + self.children

    @property
    def channels(self) -> frozenset[str]:
        """The ways to reach it that it said are safe."""
        return frozenset(self.safe_contact.get("channels") or ())

    def require_safe(self, channel: str) -> None:
        """Let a contact pass that goes a way that the family said is safe.

        Raises:
            UnsafeChannel: it did not.
        """
        if channel not in self.channels:
            raise UnsafeChannel(channel=channel, **{**self.safe_contact, "safe": sorted(self.channels)})

    def reachable(self) -> list[dict[str, Any]]:
        """Return the parents with those details only that belong to a safe channel."""
        phone, mail = bool(self.channels & {"phone", "text"}), "email" in self.channels
        return [
            {
                **parent,
                "id": UUID(parent["id"]),
                "phone": parent["phone"] if phone else None,
                "email": parent["email"] if mail else None,
                "preferred_name": parent.get("preferred_name"),
                "contact_points": [point for point in parent.get("contact_points") or () if (phone if point["kind"] == "phone" else mail)],
            }
            for parent in self.parents
        ]

    @property
    def risks_to_visitors(self) -> str | None:
        """What a visitor should know to be safe."""
        return self.to_know.get("risks_to_visitors")

    @property
    def not_allowed(self) -> list[dict[str, Any]]:
        """Who may not collect a child, or not be told anything."""
        return list(self.to_know.get("not_allowed") or ())

    @property
    def access_needs(self) -> list[dict[str, Any]]:
        """What somebody needs to take part."""
        return list(self.to_know.get("access_needs") or ())

    @property
    def expected_on(self) -> list[date]:
        """When babies are expected."""
        return [date.fromisoformat(on) for on in self.to_know.get("expected_on") or ()]

    def reachable_address(self) -> str | None:
        """Return the address where a letter or a visit is safe."""
        letters = "letter" in self.channels and self.to_know.get("safe_for_letters", True)
        return self.address if letters or self.home_to_come_to() else None

    def home_to_come_to(self) -> str | None:
        """Return the address where somebody may come to the door; None where no visit is safe."""
        return self.address if "visit" in self.channels and self.to_know.get("safe_for_visits", True) else None


def _parent(parent: Mapping[str, Any]) -> dict[str, Any]:
    names = ("given_name", "family_name", "preferred_name", "phone", "email", "contact_points")
    return {"id": str(parent["id"]), **{name: parent.get(name) for name in names}}


def _to_know(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what whoever phones, visits or collects must know; nothing where there is nothing."""
    known, home = what_to_know(record), record.get("address") or {}
    known["expected_on"] = [on.isoformat() for on in known["expected_on"]]
    marks = {name: home[name] for name in ("safe_for_letters", "safe_for_visits") if name in home}
    return {**{name: value for name, value in known.items() if value}, **marks}


def _address(address: Mapping[str, Any]) -> str | None:
    return ", ".join(filter(None, (address.get("line"), address.get("postcode")))) or None
