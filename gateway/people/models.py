"""People, their memberships of boroughs, invitations, and sign-in.

A person and a sign-in session belong to the platform: they are in the schema ``identity``, which the role that
works on a borough's data can't read. Memberships and invitations belong to a borough like everything else.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base, BoroughRow, Versioned, within_borough
from chassis.errors import Conflict, Invalid, NotFound
from gateway.boroughs.models import Agency

INVITATION_DAYS: Final = 7


def real_now() -> datetime:
    """Return the real moment, in UTC: security never goes by the acting time of a practice borough."""
    return datetime.now(UTC)


def hashed(token: str) -> bytes:
    """Return what is kept of a token; it holds 256 random bits, so a plain hash can't be reversed by guessing."""
    return sha256(token.encode()).digest()


def tidy_email(written: str) -> str:
    """Return a mail address the one way it is kept: small letters, no outer blanks."""
    return written.strip().casefold()


class Person(Base):
    """Somebody who can sign in, to whatever boroughs."""

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("email"), {"schema": "identity"})

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=real_now)


class SignIn(Base):
    """One session of a signed-in person; the token itself is not kept.

    Attributes:
        seen_at: last time it was used, to the minute.
        ends_at: when it ends even if it is used.
    """

    __tablename__ = "sign_ins"
    __table_args__ = (UniqueConstraint("token_hash"), Index("ix_sign_ins_person_id", "person_id"), {"schema": "identity"})

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    person_id: Mapped[UUID]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Attempts(Base):
    """Failed sign-ins in a row for one account, or from one address; ``subject`` is a hash of which."""

    __tablename__ = "attempts"
    __table_args__ = ({"schema": "identity"},)

    subject: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int]
    failed_at: Mapped[datetime]


class Member(Versioned, BoroughRow, Base):
    """A person's membership of the borough."""

    __tablename__ = "members"
    __table_args__ = (
        within_borough("agency_id", "agencies"),
        Index("ix_members_person_id", "person_id"),
        Index("uq_members_present", "borough_id", "person_id", unique=True, postgresql_where=text("left_at IS NULL")),
    )

    person_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    roles: Mapped[list[str]]
    agency_id: Mapped[UUID | None]
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    def change(self, *, version: int, roles: list[str], agency: Agency | None) -> None:
        """Take other roles or another agency.

        Raises:
            Stale: somebody else saved first.
            NotFound: the membership has ended.
            Invalid: the roles need an agency of another kind.
        """
        self._expect_present(version, roles=roles, agency_id=agency and str(agency.id))
        check_agency(roles, agency)
        self.roles, self.agency_id = roles, agency.id if agency else None

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


class Invitation(BoroughRow, Base):
    """An invitation to join the borough; only a hash of its token is kept.

    Attributes:
        expires_at: by the real clock, also in a practice borough.
    """

    __tablename__ = "invitations"
    __table_args__ = (within_borough("agency_id", "agencies"), UniqueConstraint("token_hash"))

    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    roles: Mapped[list[str]]
    agency_id: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    @staticmethod
    def lasts_until() -> datetime:
        """Return when an invitation made now expires."""
        return real_now() + timedelta(days=INVITATION_DAYS)

    @property
    def state(self) -> str:
        """Tell where it stands: ``open``, ``accepted``, ``withdrawn`` or ``expired``."""
        if self.accepted_at is not None:
            return "accepted"
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "open" if real_now() < self.expires_at else "expired"

    def accept(self) -> None:
        """Use it up.

        Raises:
            NotFound: it was used, taken back, or is too old.
        """
        if self.state != "open":
            raise NotFound
        self.accepted_at = real_now()

    def withdraw(self) -> None:
        """Take it back.

        Raises:
            Conflict: it was accepted.
        """
        if self.state == "accepted":
            raise Conflict("This invitation was accepted. End the membership instead.")
        self.withdrawn_at = self.withdrawn_at or real_now()


def check_agency(roles: list[str], agency: Agency | None) -> None:
    """Let roles and agency pass that fit: a practitioner signs for CAMHS or for the adult mental health team.

    Raises:
        Invalid: they do not fit.
    """
    if "practitioner" in roles and (agency is None or agency.kind not in {"camhs", "adult_mental_health"}):
        raise Invalid(faults={"agency_id": ["Agency: a practitioner belongs to CAMHS or to the adult mental health team."]})
