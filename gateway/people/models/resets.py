"""Links with which somebody who forgot their password chooses another."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base
from gateway.people.models.identity import real_now

RESET_LIFE: Final = timedelta(minutes=30)


class Reset(Base):
    """A link to choose a new password; only a hash of its token is kept. It works once, and not for long."""

    __tablename__ = "resets"
    __table_args__ = (UniqueConstraint("token_hash"), Index("ix_resets_person_id", "person_id"), {"schema": "identity"})

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=real_now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    @property
    def is_open(self) -> bool:
        """Tell whether it still works."""
        return self.used_at is None and real_now() < self.expires_at
