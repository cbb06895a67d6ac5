"""What the team asks the referrer, and what comes back."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from chassis.database import Base, BoroughRow, within_borough


class Question(BoroughRow, Base):
    """One question to the referrer of a referral, with its link and its answer."""

    __tablename__ = "questions"
    unaudited = frozenset({"digest"})
    values_need = frozenset({"audit.read_family", "referrals.read_clinical"})
    __table_args__ = (
        within_borough("referral_id", "referrals", ondelete="CASCADE"),
        Index(None, "borough_id", "referral_id", "asked_at"),
        Index(None, "borough_id", "digest", unique=True),
    )

    referral_id: Mapped[UUID]
    words: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    digest: Mapped[bytes]
    mailed: Mapped[bool]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    came_after: Mapped[str | None]
    seen_by: Mapped[str | None]


QUESTION_DAYS: Final = 14
"""Days for which the link of a question can be answered."""
