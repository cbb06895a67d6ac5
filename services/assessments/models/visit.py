"""The joint visit: two people of two agencies go to the family's home together."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, relationship

from chassis import clock
from chassis.contract import Event, EventType
from chassis.database import Base, BoroughRow, within_borough
from chassis.errors import InvalidTransition
from services.assessments import contract
from services.assessments.models.copies import FamilyCopy, name_of

_EVENTS: dict[str, EventType] = {
    "arranged": contract.VISIT_ARRANGED,
    "done": contract.VISIT_DONE,
    "missed": contract.VISIT_MISSED,
    "cancelled": contract.VISIT_CANCELLED,
}


class Visit(BoroughRow, Base):
    """One joint visit; ``sequence`` counts its events."""

    __tablename__ = "visits"
    __table_args__ = (
        within_borough("assessment_id", "assessments"),
        within_borough("family_id", "families"),
        Index(None, "borough_id", "assessment_id", "starts_at"),
        Index(None, "borough_id", "status", "starts_at", "id"),
        Index(None, "borough_id", "family_id"),
    )
    audited_as = "family_id"

    assessment_id: Mapped[UUID]
    family_id: Mapped[UUID]
    sequence: Mapped[int]
    status: Mapped[str]
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    assessors: Mapped[list[dict[str, Any]]]
    reason: Mapped[str | None]
    arranged_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    family: Mapped[FamilyCopy | None] = relationship(lazy="selectin")

    @property
    def family_name(self) -> str:
        """What the family is called."""
        return name_of(self.family)

    def end(self, status: str, reason: str | None, at: datetime) -> None:
        """Say how an arranged visit ended: done, missed or cancelled.

        Raises:
            InvalidTransition: it ended before, or it has not started yet and so can be neither done nor missed.
        """
        if self.status != "arranged":
            raise InvalidTransition(f"This visit is over: {contract.VISIT_STATUSES[self.status]}.", status=self.status)
        if status != "cancelled" and self.starts_at > at:
            starts = clock.london(self.starts_at)
            raise InvalidTransition(f"The visit is on {starts.day} {starts:%B} at {starts:%H:%M}. Say how it went after it started.")
        self.status, self.reason, self.ended_at = status, reason, at
        self.sequence += 1

    def event(self) -> Event:
        """Return the event of the visit as it stands."""
        names = ("assessment_id", "family_id", "family_name", "status", "starts_at", "minutes")
        assessors = [assessor["name"] for assessor in self.assessors]
        return _EVENTS[self.status](self.id, self.sequence, **{name: getattr(self, name) for name in names}, assessors=assessors)


def check_assessors(assessors: Sequence[dict[str, Any]]) -> None:
    """Let two people pass who come from CAMHS and from the adult mental health team.

    Raises:
        TwoAgenciesNeeded: they are one person, of one agency, or of other agencies than those two.
    """
    people = {assessor["person_id"] for assessor in assessors}
    agencies = {assessor["agency_id"] for assessor in assessors}
    kinds = {assessor["agency_kind"] for assessor in assessors}
    if len(people) != 2 or len(agencies) != 2 or kinds != set(contract.SIDES):
        raise contract.TwoAgenciesNeeded("A joint visit needs one person from CAMHS and one from the adult mental health team.")
