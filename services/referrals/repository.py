"""The only file of referrals that queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, union_all
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Page, Repository, UnitOfWork
from chassis.database.restrictions import Restrictions
from chassis.database.tenants import Borough, this_borough
from chassis.errors import NotOpen
from services.referrals.models import Child, Family, Parent, Referral, Restriction, folded

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
        """Return a page of what the caller referred, newest first; also what was restricted since: no more is told of it than before."""
        with self.session.looking_past_restrictions():
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


class FamilyRestrictions(Repository[Restriction]):
    """Who may see restricted families, with the reasons."""

    model = Restriction

    def locked(self, family_id: UUID) -> Restriction:
        """Return the restriction of a family, locked; a blank one where there is none, also when two people ask at once."""
        blank = insert(Restriction).values(borough_id=self.borough_id, id=family_id, **Restriction.blank())
        self.session.execute(blank.on_conflict_do_nothing())
        return self.get(family_id, for_update=True)

    def of_somebody(self, name: str, birth_date: date, hidden: frozenset[UUID]) -> set[UUID]:
        """Return those of the ``hidden`` families to which somebody of exactly this name and birthday belongs."""
        people = [
            select(kind.family_id, kind.given_name, kind.family_name).where(
                kind.borough_id == self.borough_id, kind.birth_date == birth_date, kind.family_id.in_(hidden)
            )
            for kind in (Parent, Child)
        ]
        with self.session.looking_past_restrictions():
            found = self.session.execute(union_all(*people)).all()
        return {family_id for family_id, *names in found if folded(" ".join(names)) == folded(name)}

    def of_reference(self, reference: UUID, hidden: frozenset[UUID]) -> set[UUID]:
        """Return the one of the ``hidden`` families that has this id, or a referral of it."""
        referral = select(Referral.family_id).where(Referral.borough_id == self.borough_id, Referral.id == reference)
        with self.session.looking_past_restrictions():
            found = self.session.scalar(referral)
        return {one for one in (reference, found) if one in hidden}


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
    def restricted(self) -> FamilyRestrictions:
        """Who may see restricted families, with the reasons."""
        return FamilyRestrictions(self)

    @cached_property
    def restrictions(self) -> Restrictions:
        """What row-level security goes by."""
        return Restrictions(self)

    @cached_property
    def borough(self) -> Borough:
        """The borough, as it was told last.

        Raises:
            NotReady: the news of the borough has not arrived here yet.
        """
        return this_borough(self)

    @property
    def policy(self) -> Mapping[str, Any]:
        """What the borough decides for itself. Raises NotReady."""
        return self.borough.policy

    def require_open(self) -> None:
        """Let families be referred to the borough.

        Raises:
            NotReady: the news of the borough has not arrived here yet.
            NotOpen: it is still being set up.
        """
        if not self.borough.opened:
            raise NotOpen

    @property
    def oldest_child_months(self) -> int:
        """The age, in months, up to which the borough's policy lets a child be referred. Raises NotReady."""
        return int(self.policy.get("child_max_age_months", OLDEST_CHILD_MONTHS))

    @property
    def youngest_child_months(self) -> int:
        """The age, in months, from which on it does. Raises NotReady."""
        return int(self.policy.get("child_min_age_months", 0))

    @property
    def most_told(self) -> str:
        """The most that the borough's policy lets any referrer be told: ``nothing``, ``outcome`` or ``status``. Raises NotReady."""
        return str(self.policy.get("referrers_told", "status"))
