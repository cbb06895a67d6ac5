"""What the team asks the referrer, by a link that is good for one answer, and what comes back."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from chassis.caller import Caller
from chassis.database import Base, BoroughRow, within_borough
from chassis.ids import new_id
from services.referrals import contract
from services.referrals.models.draft import digest_of


def new_token() -> str:
    """Return the secret of a link: 256 bits that nobody can guess."""
    return secrets.token_urlsafe(32)


class Question(BoroughRow, Base):
    """One question to the referrer of a referral, with its link and its answer.

    Attributes:
        words: what was asked; clinical.
        digest: of the secret of the link.
        mailed: whether the link left by mail: the family may not have agreed to that.
        came_after: the status that the referral stood at when the answer came, where it no longer waited for it.
        seen_by: who of the team looked at such an answer.
    """

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

    @classmethod
    def asked(cls, referral_id: UUID, words: str, token: str, by: Caller, at: datetime, *, mailed: bool) -> "Question":
        """Return a question that was just asked; its link holds ``token`` and lives for `contract.QUESTION_DAYS`."""
        return cls(
            borough_id=by.borough_id,
            id=new_id(),
            referral_id=referral_id,
            words=words,
            asked_by=by.person_name,
            asked_at=at,
            expires_at=at + timedelta(days=contract.QUESTION_DAYS),
            digest=digest_of(token),
            mailed=mailed,
        )

    def state(self, at: datetime) -> str:
        """Return whether its link can be used: a code of `QUESTION_STATES`."""
        if self.answered_at is not None:
            return "answered"
        return "expired" if at >= self.expires_at else "open"

    def take(self, answer: str, status: str, at: datetime) -> bool:
        """Keep the answer of an open question; return whether the referral, which stands at ``status``, waited for it.

        An answer that comes later is kept all the same, and shown until somebody has looked at it.
        """
        waited = status == "needs_information"
        self.answer, self.answered_at = answer, at
        self.came_after = None if waited else status
        return waited

    def look_at(self, by: Caller) -> None:
        """Keep that somebody looked at an answer that came too late."""
        if self.came_after is not None:
            self.seen_by = by.person_name
