"""What is kept of a borough that leaves: which archive was made of it, and the certificate of its erasure."""

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
