"""Outreach cases: why a family is to be reached, by whom, until when, and what closed it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.contract import Event
from chassis.database import Base, BoroughRow, Versioned, within_borough
from chassis.errors import InvalidTransition
from chassis.working_days import working_days_after
from services.outreach import contract
from services.outreach.models.by import By
from services.outreach.models.contacts import Contact
from services.outreach.models.policy import Policy

FIRST_CONTACT = {"missed_sessions": 1, "referrers_concern": 2, "re_engagement": 2}
"""Working days from the opening of a case to its first contact, by reason; before joining, the borough's policy says."""

_USUAL = Policy()
AFTER_REACHED, AFTER_TRYING = 5, 2
"""Working days from a contact to the next: after one that reached the family, after one that did not."""

AFTER_MISSED_VISIT = 1
"""Working days from a joint visit that found nobody in to the next contact."""


class Case(Versioned, BoroughRow, Base):
    """A reason to reach out to a family. At most one is open for each family and reason."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("uq_cases_one_open", "borough_id", "family_id", "reason", unique=True, postgresql_where=text("status = 'open'")),
        Index("ix_cases_due", "borough_id", "status", "due_on", "id"),
        Index("ix_cases_closed", "borough_id", "closed_at", "id", postgresql_where=text("status = 'closed'")),
        Index("ix_cases_family", "borough_id", "family_id", "opened_at"),
        CheckConstraint("status IN ('open', 'closed')", name="status"),
        CheckConstraint("(status = 'closed') = (closed_because IS NOT NULL)", name="closed_for_a_reason"),
    )
    audited_as = "family_id"

    family_id: Mapped[UUID]
    reason: Mapped[str]
    status: Mapped[str]
    words: Mapped[str | None]
    missed: Mapped[int] = mapped_column(default=0)
    owner_id: Mapped[UUID | None]
    owner_name: Mapped[str | None]
    opened_at: Mapped[datetime]
    due_on: Mapped[date]
    escalated_at: Mapped[datetime | None]
    contacts: Mapped[int] = mapped_column(default=0)
    last_contact_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_because: Mapped[str | None]
    closed_by: Mapped[str | None]
    closed_words: Mapped[str | None]

    @classmethod
    def opened(
        cls, borough_id: UUID, family_id: UUID, reason: str, *, on: date, at: datetime, policy: Policy = _USUAL, **more: Any
    ) -> "tuple[Case, Event]":
        """Return a new case with its event; its first contact is due as many working days on as its reason asks for."""
        due_on = more.pop("due_on", None) or working_days_after(on, FIRST_CONTACT.get(reason, policy.first_contact_days))
        case = cls(
            borough_id=borough_id, family_id=family_id, reason=reason, status="open", opened_at=at, due_on=due_on,
            contacts=0, **{"missed": 0, **more},
        )  # fmt: skip
        return case, contract.CASE_OPENED(case.id, 1, **case._facts())

    @property
    def escalated(self) -> bool:
        """Whether it was raised to be looked at first."""
        return self.escalated_at is not None

    def is_overdue(self, today: date) -> bool:
        """Tell whether it is open and its contact should have been made."""
        return self.status == "open" and self.due_on < today

    def hear_missed(self, missed: int, policy: Policy, *, on: date, at: datetime) -> list[Event]:
        """Take over how many sessions were missed in a row; where that is too many, escalate: once, due the same day."""
        self.missed = missed
        if missed < policy.missed_before_escalation or self.escalated:
            return []
        self.escalated_at = at
        self.due_on = min(self.due_on, on)
        return [contract.CASE_ESCALATED(self.id, self._next(), **self._facts())]

    def hear_of_missed_visit(self, at: datetime, *, on: date) -> None:
        """Have contact made soon: a joint visit found nobody in, and nobody has been in touch since."""
        if self.last_contact_at is None or self.last_contact_at < at:
            self.due_on = min(self.due_on, working_days_after(on, AFTER_MISSED_VISIT))

    def take(self, by: By) -> None:
        """Become its owner.

        Raises:
            InvalidTransition: it is closed.
        """
        self._require_open()
        self.owner_id, self.owner_name = by.person_id, by.name

    def contacted(self, contact: Contact, next_due_on: date | None, *, today: date) -> None:
        """Take a contact into account: the next is due on the day given, or as what came of it suggests.

        Raises:
            InvalidTransition: it is closed.
        """
        self._require_open()
        self.contacts += 1
        self.last_contact_at = max(contact.made_at, self.last_contact_at or contact.made_at)
        wait = AFTER_REACHED if contact.reached else AFTER_TRYING
        self.due_on = next_due_on or working_days_after(today, wait)

    def close(self, because: str, *, at: datetime, by: str, words: str | None = None) -> Event:
        """Close it.

        Raises:
            InvalidTransition: it is closed already.
        """
        self._require_open()
        self.status, self.closed_because, self.closed_words = "closed", because, words
        self.closed_at, self.closed_by = at, by
        return contract.CASE_CLOSED(self.id, self._next(), because=because, **self._facts())

    def take_over(self, other: "Case") -> None:
        """Go on for another case of the same reason, of a family that turned out to be this one: as urgent, and as well known, as both."""
        self.due_on, self.missed = min(self.due_on, other.due_on), max(self.missed, other.missed)
        self.escalated_at = min(filter(None, (self.escalated_at, other.escalated_at)), default=None)
        self.contacts += other.contacts
        self.last_contact_at = max(filter(None, (self.last_contact_at, other.last_contact_at)), default=None)
        if self.owner_id is None:
            self.owner_id, self.owner_name = other.owner_id, other.owner_name

    def step(self, kind: str, *, at: datetime, by: str, **facts: Any) -> "Step":
        """Return the entry in the family's story for what just happened to the case."""
        told = {"reason": self.reason, "missed": self.missed, "due_on": self.due_on.isoformat(), "owner_name": self.owner_name}
        return Step(
            borough_id=self.borough_id, case_id=self.id, family_id=self.family_id, kind=kind, at=at, by_name=by,
            facts={**told, **facts},
        )  # fmt: skip

    def _require_open(self) -> None:
        if self.status != "open":
            raise InvalidTransition("This case is closed. Open a new one if the family is to be reached again.")

    def _facts(self) -> dict[str, Any]:
        return {"family_id": self.family_id, "reason": self.reason, "missed": self.missed}

    def _next(self) -> int:
        """Return the version that the flush of this change will count up to."""
        return (self.version or 0) + 1


class Step(BoroughRow, Base):
    """One thing that outreach did or decided, for the family's story. Only added, never changed."""

    __tablename__ = "steps"
    __table_args__ = (within_borough("case_id", "cases"), Index("ix_steps_family", "borough_id", "family_id", "at"))

    family_id: Mapped[UUID]
    case_id: Mapped[UUID | None]
    kind: Mapped[str]
    at: Mapped[datetime]
    by_name: Mapped[str]
    facts: Mapped[dict[str, Any]]
