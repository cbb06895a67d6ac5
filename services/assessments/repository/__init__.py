"""The unit of work of assessments and its repositories: the only code here that queries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import undefer

from chassis.contract import ReceivedEvent
from chassis.database import Page, Repository, UnitOfWork
from chassis.database.copies import Copies
from chassis.database.restrictions import Restrictions
from services.assessments.models import FamilyCopy, JointAssessment, ReferralCopy, Signature, Version, Visit
from services.assessments.repository.merges import FamilyMerges

SOON = timedelta(days=7)
"""How far ahead a visit counts as coming up."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many, and since when the first one."""

    number: int
    oldest: datetime | None


class Assessments(Repository[JointAssessment]):
    """The joint assessments of one borough."""

    model = JointAssessment

    def search(
        self, *, status: Sequence[str] | None, family_id: UUID | None, sort: str, after: str | None, limit: int
    ) -> Page[JointAssessment]:
        """Return a page of assessments, by age; the first page counts them all."""
        statement = self.rows()
        if status:
            statement = statement.where(JointAssessment.status.in_(status))
        if family_id:
            statement = statement.where(JointAssessment.family_id == family_id)
        return self.page(statement, JointAssessment.opened_at, after, limit, newest_first=sort == "newest", total=not after)

    def of_family(self, family_id: UUID) -> list[JointAssessment]:
        """Return every assessment of one family."""
        return self.all(self.rows().where(JointAssessment.family_id == family_id))

    def of_referral(self, referral_id: UUID) -> JointAssessment | None:
        """Return the assessment that a referral opened, locked, or None."""
        return self.first(self.rows().where(JointAssessment.referral_id == referral_id).with_for_update(of=JointAssessment))

    def standing_at(self, status: str) -> Count:
        """Return how many stand at a status."""
        return self._count(JointAssessment.status == status)

    def to_sign(self) -> Count:
        """Return how many wait for the caller's signature."""
        return self._count(*self._waits_for_caller())

    def first_to_sign(self, limit: int) -> list[JointAssessment]:
        """Return those that wait longest for the caller's signature."""
        return self.page(self.rows().where(*self._waits_for_caller()), JointAssessment.opened_at, None, limit).items

    def _count(self, *conditions: ColumnElement[bool]) -> Count:
        statement = select(func.count(), func.min(JointAssessment.opened_at))
        number, oldest = self.session.execute(statement.where(JointAssessment.borough_id == self.borough_id, *conditions)).one()
        return Count(number, oldest)

    def _waits_for_caller(self) -> list[ColumnElement[bool]]:
        """Say, as `JointAssessment.may_sign` does, when a decision waits for the caller's side."""
        caller = self.work.caller
        signed = select(Signature.id).where(
            Signature.borough_id == JointAssessment.borough_id,
            Signature.assessment_id == JointAssessment.id,
            Signature.version == JointAssessment.version,
            Signature.withdrawn_at.is_(None),
            (Signature.agency_kind == caller.agency_kind) | (Signature.person_id == caller.person_id),
        )
        decided = JointAssessment.content["decision"]["outcome"].astext.is_not(None)
        return [JointAssessment.status == "visited", decided, ~signed.exists()]


class Visits(Repository[Visit]):
    """The joint visits of one borough."""

    model = Visit

    def coming_up(self, now: datetime) -> list[Visit]:
        """Return the arranged visits of the next seven days, and those of the past that nobody has said the end of."""
        soon = self.rows().where(Visit.status == "arranged", Visit.starts_at < now + SOON)
        return self.all(soon.order_by(Visit.starts_at, Visit.id).limit(100))


class Versions(Repository[Version]):
    """The versions of the borough's records."""

    model = Version

    def of(self, assessment_id: UUID, numbers: Sequence[int]) -> dict[int, Version]:
        """Return versions of one assessment by number; those that never were are missing."""
        statement = self.rows().where(Version.assessment_id == assessment_id, Version.version.in_(numbers))
        return {version.version: version for version in self.all(statement.options(undefer(Version.content)))}

    def of_family(self, family_id: UUID) -> list[Version]:
        """Return every version of a family's records, oldest first."""
        theirs = select(JointAssessment.id).where(JointAssessment.borough_id == self.borough_id, JointAssessment.family_id == family_id)
        statement = self.rows().where(Version.assessment_id.in_(theirs)).order_by(Version.edited_at, Version.version)
        return self.all(statement.options(undefer(Version.content)))


class Families(Copies[FamilyCopy]):
    """Copies of the borough's families."""

    model = FamilyCopy

    def name_only(self, family_id: UUID, name: str) -> FamilyCopy:
        """Return the copy of a family; where its own news has not come yet, one that holds its name."""
        self.hear(family_id, 0, name=name, document={})
        return self.get(family_id)


class ReferralCopies(Copies[ReferralCopy]):
    """How far the borough's referrals have come."""

    model = ReferralCopy

    def heard(self, event: ReceivedEvent) -> bool:
        """Take over what an event says; return whether nothing newer was known."""
        return self.hear(event.subject, event.sequence, status=str(event.data["status"]))


class Work(UnitOfWork):
    """One transaction of assessments in one borough."""

    @cached_property
    def assessments(self) -> Assessments:
        """The borough's joint assessments."""
        return Assessments(self)

    @cached_property
    def visits(self) -> Visits:
        """The borough's joint visits."""
        return Visits(self)

    @cached_property
    def versions(self) -> Versions:
        """The versions of the borough's records."""
        return Versions(self)

    @cached_property
    def families(self) -> Families:
        """Copies of the borough's families."""
        return Families(self)

    @cached_property
    def restrictions(self) -> Restrictions:
        """Who may see restricted families."""
        return Restrictions(self)

    @cached_property
    def merges(self) -> FamilyMerges:
        """Families that became one."""
        return FamilyMerges(self)

    def settle(self, family_ids: Collection[UUID]) -> None:
        """Move what an event just did to families that became others; see `Merges.settle`."""
        self.merges.settle(family_ids)

    @cached_property
    def referrals(self) -> ReferralCopies:
        """How far the borough's referrals have come."""
        return ReferralCopies(self)
