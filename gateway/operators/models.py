"""What operators' own pages keep: boroughs that are being described, and sessions. Neither belongs to a borough."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base
from chassis.ids import new_id
from gateway.people.models.identity import real_now


class Onboarding(Base):
    """The answers so far; forgotten once the borough is onboarded, for they name people.

    Attributes:
        id: also the idempotency key of the onboarding that comes of it.
        version: counted up at each saved step.
        name: what the list of unfinished ones calls it.
        answers: JSON by step, each as its schema dumps it.
    """

    __tablename__ = "onboardings"
    __table_args__ = ({"schema": "identity"},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(Text, default="")
    answers: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=real_now)
    changed_at: Mapped[datetime] = mapped_column(default=real_now)


class OperatorSession(Base):
    """One session; the token itself is not kept.

    Attributes:
        token_hash: of the token that the browser holds.
        begun_with: hash of the operator's token that it was begun with: another token ends every session.
        seen_at: last time it was used, to the minute.
        ends_at: when it ends even if it is used.
        address: the network address that it began from.
    """

    __tablename__ = "operator_sessions"
    __table_args__ = (UniqueConstraint("token_hash"), {"schema": "identity"})

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    begun_with: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=real_now)
    seen_at: Mapped[datetime] = mapped_column(default=real_now)
    ends_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(Text)
