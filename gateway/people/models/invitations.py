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
MOST_EDITIONS: Final = 10


class Invitation(BoroughRow, Base):
    """An invitation to join the borough; only a hash of its token is kept.

    Attributes:
        expires_at: by the real clock, also in a practice borough.
        edition: how many links were made for it; only the newest opens it.
        accepted_with: idempotency key of the request that accepted it.
    """

    __tablename__ = "invitations"
    unaudited = frozenset({"token_hash", "accepted_with"})
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

    def accept(self, key: str = "") -> None:
        """Use it up; ``key`` is that of the request.

        Raises:
            NotFound: it was used, taken back, or is too old.
        """
        if self.state != "open":
            raise NotFound
        self.accepted_at = real_now()
        self.accepted_with = key or None

    def was_accepted_with(self, key: str) -> bool:
        """Tell whether this very request accepted it before."""
        return self.accepted_at is not None and bool(key) and self.accepted_with == key

    def send_again(self, token_hash: bytes) -> None:
        """Make a new link, valid from now; the one before opens nothing any more.

        Raises:
            Conflict: it was accepted or withdrawn, or sent too often.
        """
        if self.state not in {"open", "expired"}:
            raise Conflict("This invitation is closed. Make a new one.")
        if self.edition >= MOST_EDITIONS:
            raise Conflict("This invitation was sent often enough. Take it back, check the address, and make a new one.")
        self.edition += 1
        self.token_hash = token_hash
        self.expires_at = self.lasts_until()

    def withdraw(self) -> None:
        """Take it back.

        Raises:
            Conflict: it was accepted.
        """
        if self.state == "accepted":
            raise Conflict("This invitation was accepted. End the membership instead.")
        self.withdrawn_at = self.withdrawn_at or real_now()
