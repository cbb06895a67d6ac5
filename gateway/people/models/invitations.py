"""Invitations to join a borough."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base, BoroughRow, within_borough
from chassis.errors import Conflict, NotFound
from gateway.people.models.identity import real_now

INVITATION_DAYS: Final = 7


class Invitation(BoroughRow, Base):
    """An invitation to join the borough; only a hash of its token is kept.

    Attributes:
        expires_at: by the real clock, also in a practice borough.
        edition: how many links were made for it; only the newest opens it.
        accepted_with: idempotency key of the request that accepted it.
    """

    __tablename__ = "invitations"
    __table_args__ = (within_borough("agency_id", "agencies"), UniqueConstraint("token_hash"))

    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    roles: Mapped[list[str]]
    agency_id: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    edition: Mapped[int] = mapped_column(default=1, server_default="1")
    accepted_with: Mapped[str | None] = mapped_column(Text)

    @staticmethod
    def lasts_until() -> datetime:
        """Return when an invitation made now expires."""
        return real_now() + timedelta(days=INVITATION_DAYS)

    @property
    def state(self) -> str:
        """Tell where it stands: ``open``, ``accepted``, ``withdrawn`` or ``expired``."""
        if self.accepted_at is not None:
            return "accepted"
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "open" if real_now() < self.expires_at else "expired"

    def accept(self) -> None:
        """Use it up.

        Raises:
            NotFound: it was used, taken back, or is too old.
        """
        if self.state != "open":
            raise NotFound
        self.accepted_at = real_now()

    def withdraw(self) -> None:
        """Take it back.

        Raises:
            Conflict: it was accepted.
        """
        if self.state == "accepted":
            raise Conflict("This invitation was accepted. End the membership instead.")
        self.withdrawn_at = self.withdrawn_at or real_now()
