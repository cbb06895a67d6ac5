"""Legal holds and restrictions of processing."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from chassis.caller import Caller
from chassis.database import Base, BoroughRow, Versioned
from chassis.errors import InvalidTransition
from chassis.ids import new_id


class Control(Versioned, BoroughRow, Base):
    """One hold or restriction. It stays when it is lifted, so that it can be said why."""

    __tablename__ = "controls"
    __table_args__ = (Index(None, "borough_id", "family_id", "placed_at"),)
    audited_as = "family_id"

    family_id: Mapped[UUID]
    kind: Mapped[str]
    because: Mapped[str]
    placed_by: Mapped[str]
    reason: Mapped[str | None]
    lifted_by: Mapped[str | None]
    lifted_because: Mapped[str | None]
    until_on: Mapped[date | None]
    placed_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]

    @classmethod
    def placed(cls, kind: str, wanted: Mapping[str, Any], by: Caller, at: datetime) -> "Control":
        """Return a hold or a restriction that begins now."""
        told = {name: wanted[name] for name in ("family_id", "because", "reason")}
        return cls(
            borough_id=by.borough_id, id=new_id(), version=1, kind=kind, placed_by=by.person_name, placed_at=at,
            until_on=wanted.get("until_on"), **told,
        )  # fmt: skip

    @property
    def in_force(self) -> bool:
        """Whether it holds: until a person lifts it, whatever day was thought of."""
        return self.lifted_at is None

    def lift(self, version: int, reason: str, by: Caller, at: datetime) -> None:
        """Lift it.

        Raises:
            Stale: somebody changed it since.
            InvalidTransition: it was lifted before.
        """
        self.expect(version)
        if not self.in_force:
            raise InvalidTransition("This was lifted before.")
        self.lifted_by, self.lifted_at, self.lifted_because = by.person_name, at, reason
        self.version += 1
