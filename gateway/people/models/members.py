"""Memberships: they belong to a borough like everything else."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base, BoroughRow, Versioned, within_borough
from chassis.errors import Invalid, NotFound
from gateway.boroughs.models import Agency
from gateway.people.models.identity import real_now


class Member(Versioned, BoroughRow, Base):
    """A person's membership of the borough.

    Attributes:
        roles_changed_at: when its roles last changed, by the real clock: sessions begun before get a new token.
    """

    __tablename__ = "members"
    __table_args__ = (
        within_borough("agency_id", "agencies"),
        Index("ix_members_person_id_borough_id", "person_id", "borough_id"),
        Index("uq_members_present", "borough_id", "person_id", unique=True, postgresql_where=text("left_at IS NULL")),
    )

    person_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    roles: Mapped[list[str]]
    agency_id: Mapped[UUID | None]
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    roles_changed_at: Mapped[datetime | None] = mapped_column(default=real_now)

    def change(self, *, version: int, roles: list[str], agency: Agency | None) -> None:
        """Take other roles or another agency.

        Raises:
            Stale: somebody else saved first.
            NotFound: the membership has ended.
            Invalid: the roles need an agency of another kind.
        """
        self._expect_present(version, roles=roles, agency_id=agency and str(agency.id))
        check_agency(roles, agency)
        self._take(roles, agency.id if agency else None)

    def gain(self, roles: list[str], agency_id: UUID | None) -> None:
        """Have further roles, and another agency where one is named."""
        self._take(sorted({*self.roles, *roles}), agency_id or self.agency_id)

    def _take(self, roles: list[str], agency_id: UUID | None) -> None:
        if (set(roles), agency_id) != (set(self.roles), self.agency_id):
            self.roles_changed_at = real_now()
        self.roles, self.agency_id = roles, agency_id

    def end(self, *, version: int, now: datetime) -> None:
        """End the membership; access ends with it, at once.

        Raises:
            Stale: somebody else saved first.
            NotFound: it has ended before.
        """
        self._expect_present(version)
        self.left_at = now

    def _expect_present(self, version: int, **yours: object) -> None:
        if self.left_at is not None:
            raise NotFound
        agency_id = self.agency_id and str(self.agency_id)
        self.expect(version, yours=yours, theirs={"roles": self.roles, "agency_id": agency_id})


def check_agency(roles: list[str], agency: Agency | None) -> None:
    """Let roles and agency pass that fit: a practitioner signs for CAMHS or for the adult mental health team.

    Raises:
        Invalid: they do not fit.
    """
    if "practitioner" in roles and (agency is None or agency.kind not in {"camhs", "adult_mental_health"}):
        raise Invalid(faults={"agency_id": ["Agency: a practitioner belongs to CAMHS or to the adult mental health team."]})
