"""Sessions of signed-in people: the platform's own, since a session belongs to a person and to no borough."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base

IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)
"""A session ends when it was not used for `IDLE`, and `LONGEST` after it began."""

METHODS: Final = ("password", "passkey", "sso")


class SignIn(Base):
    """One session of a signed-in person; the token itself is not kept.

    Attributes:
        seen_at: last time it was used, to the minute.
        ends_at: when it ends even if it is used.
        confirmed_at: when the password or a factor was last given in it.
        second_factor_at: when a second factor was proved in it; None where none was.
        method: how the person came in, one of `METHODS`.
        address: the network address that the session began from.
        browser: what it began with, in a few words, for the list of the person's sessions.
        provider_id, provider_sid: whose sign-in it stands on, and what the provider calls its session.
        rotated_at: when its token was last exchanged for another.
        former_hash: of the token before that; requests under way with it are answered a little longer.
    """

    __tablename__ = "sign_ins"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("ix_sign_ins_person_id", "person_id"),
        Index("ix_sign_ins_former_hash", "former_hash", unique=True),
        Index("ix_sign_ins_provider_id_provider_sid", "provider_id", "provider_sid"),
        {"schema": "identity"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    person_id: Mapped[UUID]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    confirmed_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    rotated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    second_factor_at: Mapped[datetime | None]
    method: Mapped[str] = mapped_column(Text, server_default="password")
    address: Mapped[str] = mapped_column(Text, server_default="")
    browser: Mapped[str] = mapped_column(Text, server_default="")
    former_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    provider_id: Mapped[UUID | None]
    provider_sid: Mapped[str | None] = mapped_column(Text)
