"""The only file of referrals that queries."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import func, select

from chassis.database import Page, Repository, UnitOfWork
from chassis.database.tenants import this_borough
from services.referrals.models import Family, Referral, folded

OLDEST_CHILD_MONTHS = 60
"""The age, in months, up to which a child may be referred where the borough's policy does not say."""


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
        """Return a page of what the caller referred, newest first."""
        return self.search(status=None, mine=True, sort="newest", after=after, limit=limit)

    def of_family(self, family_id: UUID) -> list[Referral]:
        """Return every referral of one family."""
        return self.all(self.rows().where(Referral.family_id == family_id))

    def waiting(self) -> dict[str, Waiting]:
        """Return how many stand at each status."""
        statement = select(
            Referral.status, func.count(), func.count().filter(Referral.urgency == "urgent"), func.min(Referral.received_at)
        ).where(Referral.borough_id == self.borough_id)
        return {status: Waiting(*rest) for status, *rest in self.session.execute(statement.group_by(Referral.status))}


class Families(Repository[Family]):
    """The family registry of one borough."""

    model = Family

    def named(self, name: str | None, after: str | None, limit: int) -> Page[Family]:
        """Return a page of families by last name; with ``name``, those with each of its words in a name."""
        statement = self.rows()
        for word in folded(name or "").split():
            statement = statement.where(Family.search_words.contains(word, autoescape=True))
        return self.page(statement, Family.sort_name, after, limit, total=not after)


class Work(UnitOfWork):
    """One transaction of referrals in one borough."""

    @cached_property
    def referrals(self) -> Referrals:
        """The borough's referrals."""
        return Referrals(self)

    @cached_property
    def families(self) -> Families:
        """The borough's family registry."""
        return Families(self)

    @cached_property
    def oldest_child_months(self) -> int:
        """The age, in months, up to which the borough's policy lets a child be referred.

        Raises:
            NotReady: the news of the borough has not arrived here yet.
        """
        return int(this_borough(self).policy.get("child_max_age_months", OLDEST_CHILD_MONTHS))
