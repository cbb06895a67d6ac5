"""Mails that wait to be sent: put in with what causes them, sent afterwards."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base
from chassis.ids import new_id
from gateway.people.models.identity import real_now


class Mail(Base):
    """One mail to one person. What is in it, and to whom it went, is forgotten once it is sent or given up.

    Attributes:
        borough_id: the borough whose work put it in; None where it is the platform's own.
        kind: what it is for, for example ``invitation``; the only thing of it that is ever logged.
        state: ``waiting``, ``sent`` or ``given_up``.
        next_attempt_at: not tried before; while one process tries, the others leave it until then.
    """

    __tablename__ = "mails"
    unaudited = frozenset({"*"})  # an address, and often a link that opens something
    __table_args__ = (Index("ix_mails_next_attempt_at", "next_attempt_at", postgresql_where=text("state = 'waiting'")),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    borough_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(Text)
    recipient: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=real_now)
    next_attempt_at: Mapped[datetime] = mapped_column(default=real_now)
    settled_at: Mapped[datetime | None]
