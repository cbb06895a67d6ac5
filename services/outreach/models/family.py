"""The copy of a family that outreach needs: how to reach it safely comes before anything else."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from chassis.database import Base, BoroughRow
from services.outreach.contract import UnsafeChannel

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

    @classmethod
    def values(cls, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the copy holds of a family's record, as an event carries it."""
        return {
            "name": record["name"],
            "parents": [_parent(parent) for parent in record["parents"]],
            "children": len(record["children"]),
            "safe_contact": {name: record["safe_contact"].get(name) for name in ("channels", "times", "avoid")},
            "address": _address(record.get("address") or {}),
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
            }
            for parent in self.parents
        ]

    def reachable_address(self) -> str | None:
        """Return the address where a letter or a visit is safe."""
        return self.address if self.channels & {"letter", "visit"} else None

    def home_to_come_to(self) -> str | None:
        """Return the address where somebody may come to the door; None where no visit is safe."""
        return self.address if "visit" in self.channels else None


def _parent(parent: Mapping[str, Any]) -> dict[str, Any]:
    names = ("given_name", "family_name", "phone", "email")
    return {"id": str(parent["id"]), **{name: parent.get(name) for name in names}}


def _address(address: Mapping[str, Any]) -> str | None:
    return ", ".join(filter(None, (address.get("line"), address.get("postcode")))) or None
