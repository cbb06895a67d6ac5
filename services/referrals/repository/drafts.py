"""Referrals that are being written, in one borough."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete

from chassis.database import Repository
from services.referrals.models import Draft

MOST = 100


class Drafts(Repository[Draft]):
    """The drafts of one borough."""

    model = Draft

    def of_person(self, person_id: UUID, at: datetime) -> list[Draft]:
        """Return what somebody with an account began and has not sent, newest first."""
        mine = self.rows().where(Draft.owner_id == person_id, Draft.expires_at > at, Draft.sent_at.is_(None))
        return self.all(mine.order_by(Draft.id.desc()).limit(MOST))

    def forget(self, at: datetime) -> None:
        """Delete those whose time is over."""
        self.session.execute(delete(Draft).where(Draft.borough_id == self.borough_id, Draft.expires_at <= at))
