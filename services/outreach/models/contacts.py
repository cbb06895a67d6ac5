"""Contacts: one attempt each to reach a family, or the family's to reach us."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from chassis.contract import Event
from chassis.database import Base, BoroughRow, within_borough
from services.outreach import contract
from services.outreach.models.by import By
from services.outreach.models.family import Family


class Contact(BoroughRow, Base):
    """One contact. Only added, never changed."""

    __tablename__ = "contacts"
    __table_args__ = (within_borough("case_id", "cases"), Index("ix_contacts_family", "borough_id", "family_id", "made_at", "id"))
    audited_as = "family_id"

    family_id: Mapped[UUID]
    case_id: Mapped[UUID | None]
    channel: Mapped[str]
    direction: Mapped[str]
    outcome: Mapped[str]
    note: Mapped[str | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str]

    @classmethod
    def made(cls, family: Family, values: Mapping[str, Any], case_id: UUID | None, by: By) -> "tuple[Contact, Event]":
        """Return a contact with its event.

        Raises:
            UnsafeChannel: we made it, by a channel that the family did not say is safe.
        """
        if values["direction"] == "out":
            family.require_safe(values["channel"])
        names = ("channel", "direction", "outcome", "note")
        contact = cls(
            borough_id=family.borough_id, family_id=family.id, case_id=case_id, made_by=by.name,
            made_at=values["made_at"] or by.at, **{name: values[name] for name in names},
        )  # fmt: skip
        return contact, contact._event()

    @property
    def reached(self) -> bool:
        """Whether somebody of the family was spoken with."""
        return self.outcome == "reached" or self.direction == "in"

    @property
    def facts(self) -> dict[str, Any]:
        """What the family's page says of it; the note stays out."""
        return {"channel": self.channel, "direction": self.direction, "outcome": self.outcome, "by_name": self.made_by}

    def _event(self) -> Event:
        return contract.CONTACT_MADE(
            self.id, 1, family_id=self.family_id, case_id=self.case_id, channel=self.channel, direction=self.direction,
            outcome=self.outcome, made_at=self.made_at,
        )  # fmt: skip
