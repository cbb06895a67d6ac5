"""What is kept of a borough that leaves: which archive was made of it, and the certificate of its erasure."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base


class Departure(Base):
    """A borough on its way out; it outlives every row of the borough and names no person of it.

    Attributes:
        state: ``exported``, then ``erasing``, then ``erased``.
        manifest_checksum: SHA-256 of the newest archive's manifest.
        exported_by, requested_by: what the operator who did it called themself.
        rows: rows of that archive by service and table.
        certificate, signature: what was erased, and the gateway's signature over it, once it is.
    """

    __tablename__ = "departures"
    __table_args__ = (
        UniqueConstraint("borough_id"),
        CheckConstraint("state IN ('exported', 'erasing', 'erased')", name="state"),
        {"schema": "identity"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    borough_id: Mapped[UUID]
    slug: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    gss_code: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    manifest_checksum: Mapped[str] = mapped_column(Text)
    exported_at: Mapped[datetime]
    exported_by: Mapped[str] = mapped_column(Text)
    rows: Mapped[dict[str, Any]]
    requested_at: Mapped[datetime | None]
    requested_by: Mapped[str | None] = mapped_column(Text)
    erased_at: Mapped[datetime | None]
    certificate: Mapped[dict[str, Any] | None]
    signature: Mapped[str | None] = mapped_column(Text)

    @property
    def certified(self) -> bool:
        """Whether there is a certificate."""
        return self.certificate is not None

    def begin_erasure(self, by: str, now: datetime) -> None:
        """Note who asked for the erasure."""
        self.state, self.requested_by, self.requested_at = "erasing", by, now

    def erased(self, now: datetime, signed: Callable[[str], tuple[dict[str, Any], str]]) -> None:
        """Keep the certificate that ``signed`` makes for this moment."""
        self.state, self.erased_at = "erased", now
        self.certificate, self.signature = signed(now.isoformat())
