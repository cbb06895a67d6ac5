"""The referrals of one borough."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from chassis.database import Page, Repository
from chassis.errors import NotFound
from services.referrals.models import Referral


@dataclass(frozen=True, slots=True)
class Waiting:
    """The referrals of one status: how many, how many of them urgent, since when the first one waits."""

    number: int = 0
    urgent: int = 0
    oldest: datetime | None = None


class Referrals(Repository[Referral]):
    """The referrals of one borough."""

    model = Referral

    def search(self, *, status: list[str] | None, mine: bool | None, sort: str, after: str | None, limit: int) -> Page[Referral]:
        """Return a page of referrals of these statuses, by age; the first page counts them all."""
        statement = self.rows()
        if status:
            statement = statement.where(Referral.status.in_(status))
        if mine:
            statement = statement.where(Referral.referred_by_id == self.work.caller.person_id)
        return self.page(statement, Referral.received_at, after, limit, newest_first=sort == "newest", total=not after)

    def own(self, after: str | None, limit: int) -> Page[Referral]:
        """Return a page of what the caller referred, newest first; also what was restricted since: no more is told of it than before."""
        with self.session.looking_past_restrictions():
            return self.search(status=None, mine=True, sort="newest", after=after, limit=limit)

    def own_one(self, referral_id: UUID) -> Referral:
        """Return one thing that the caller referred, as `own` does. Raises NotFound."""
        mine = self.rows().where(Referral.id == referral_id, Referral.referred_by_id == self.work.caller.person_id)
        with self.session.looking_past_restrictions():
            found = self.first(mine)
        if found is None:
            raise NotFound
        return found

    def of_family(self, family_id: UUID, *, for_update: bool = False) -> list[Referral]:
        """Return every referral of one family; with ``for_update``, locked, always in one order."""
        theirs = self.rows().where(Referral.family_id == family_id)
        return self.all(theirs.order_by(Referral.id).with_for_update(key_share=True) if for_update else theirs)

    def accepted_of(self, family_id: UUID) -> list[Referral]:
        """Return the accepted referrals of one family, locked."""
        accepted = self.rows().where(Referral.family_id == family_id, Referral.status == "accepted")
        return self.all(accepted.order_by(Referral.id).with_for_update(key_share=True))

    def waiting(self) -> dict[str, Waiting]:
        """Return how many stand at each status."""
        statement = select(
            Referral.status, func.count(), func.count().filter(Referral.urgency == "urgent"), func.min(Referral.received_at)
        ).where(Referral.borough_id == self.borough_id)
        return {status: Waiting(*rest) for status, *rest in self.session.execute(statement.group_by(Referral.status))}
