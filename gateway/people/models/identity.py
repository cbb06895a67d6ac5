"""Who can sign in, and their sessions: the platform's own, in the schema ``identity``, which a borough's role can't read."""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base
from gateway.contract.addresses import tidy_email


def real_now() -> datetime:
    """Return the real moment, in UTC: security never goes by the acting time of a practice borough."""
    return datetime.now(UTC)


def hashed(token: str) -> bytes:
    """Return what is kept of a token; it holds 256 random bits, so a plain hash can't be reversed by guessing."""
    return sha256(token.encode()).digest()


__all__ = ["Attempts", "Person", "hashed", "real_now", "tidy_email"]


class Person(Base):
    """Somebody who can sign in, to whatever boroughs.

    Attributes:
        password_hash: None for somebody who has only ever come in by single sign-on.
    """

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("email"), {"schema": "identity"})

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=real_now)


class Attempts(Base):
    """Failed sign-ins in a row for one account, or from one address; ``subject`` is a hash of which."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_failed_at", "failed_at"), {"schema": "identity"})

    subject: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int]
    failed_at: Mapped[datetime]
