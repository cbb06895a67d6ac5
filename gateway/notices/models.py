"""Notices: kept for the administrators, looked at by one of them with a note of what came of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.caller import Caller
from chassis.contract import ReceivedEvent
from chassis.database import Base, BoroughRow, Versioned
from chassis.errors import InvalidTransition
from chassis.ids import new_id


class Notice(Versioned, BoroughRow, Base):
    """Somebody opened a restricted family's record without being named; or a system no longer gets updates.

    It holds no name of the family. Moments are real ones, also in a practice borough.

    Attributes:
        kind: a code of `NOTICES`.
        person_id, person_name, agency_name: who broke the glass.
        family_id: the family's reference.
        system_id, system_name: which system: the id of its first token.
        reason: why, in that person's words; or what is the matter with the system.
        happened_at, until: when, and how long they may see it.
        looked_at, looked_by, note: when an administrator looked at this notice, who it was, and what came of it.
    """

    __tablename__ = "notices"
    __table_args__ = (
        Index(None, "borough_id", "happened_at", "id"),
        Index("ix_notices_new", "borough_id", "happened_at", "id", postgresql_where=text("looked_at IS NULL")),
    )

    kind: Mapped[str] = mapped_column(Text, server_default="glass_broken")
    person_id: Mapped[UUID | None]
    person_name: Mapped[str | None] = mapped_column(Text)
    agency_name: Mapped[str] = mapped_column(Text)
    family_id: Mapped[UUID | None]
    system_id: Mapped[UUID | None]
    system_name: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    happened_at: Mapped[datetime]
    until: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    looked_by: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)

    @classmethod
    def of(cls, event: ReceivedEvent) -> "Notice":
        """Return the notice that an event makes; it has the event's id, so that one event can't make two."""
        facts: dict[str, Any] = event.data
        told = {name: facts[name] for name in ("person_id", "person_name", "reason", "until")}
        return cls(
            borough_id=event.borough_id, id=event.id, version=1, kind="glass_broken", family_id=event.subject, happened_at=facts["at"],
            agency_name=facts["agency_name"] or "", **told,
        )  # fmt: skip

    @classmethod
    def of_system(cls, system_id: UUID, name: str, reason: str, at: datetime) -> "Notice":
        """Return the notice that a system no longer gets updates, and why."""
        return cls(
            id=new_id(), version=1, kind="system_stopped", agency_name="", system_id=system_id, system_name=name,
            reason=reason, happened_at=at,
        )  # fmt: skip

    def look_at(self, version: int, note: str, by: Caller, at: datetime) -> None:
        """Keep that an administrator looked at it, and what came of it.

        Raises:
            Stale: somebody looked at it since.
            InvalidTransition: it was looked at before.
        """
        self.expect(version, theirs={"looked_by": self.looked_by, "note": self.note} if self.looked_at else None)
        if self.looked_at:
            raise InvalidTransition("This notice was looked at before.")
        self.looked_at, self.looked_by, self.note = at, by.person_name, note
