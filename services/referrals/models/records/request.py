"""What somebody asks about their data, and until when they are answered."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from dateutil.relativedelta import relativedelta
from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from chassis.caller import Caller
from chassis.database import Base, BoroughRow, Versioned
from chassis.errors import Conflict, Invalid, InvalidTransition
from chassis.ids import new_id
from services.referrals.contract.records import requests

_ASKED = ("kind", "family_id", "person_id", "asked_by", "asked_as", "identity_checked", "received_on", "words")


class SubjectRequest(Versioned, BoroughRow, Base):
    """One request about one person of a family, or about all of it.

    Attributes:
        about: the person's or the family's name.
        due_on: the day by which it is answered: one calendar month after it came, three where that was said in time.
    """

    __tablename__ = "subject_requests"
    __table_args__ = (Index(None, "borough_id", "status", "due_on", "id"), Index(None, "borough_id", "family_id", "received_on"))
    audited_as = "family_id"

    family_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    about: Mapped[str]
    kind: Mapped[str]
    status: Mapped[str]
    asked_as: Mapped[str]
    identity_checked: Mapped[str]
    opened_by: Mapped[str]
    asked_by: Mapped[str | None]
    words: Mapped[str | None]
    extended_because: Mapped[str | None]
    outcome: Mapped[str | None]
    outcome_words: Mapped[str | None]
    told: Mapped[str | None]
    closed_by: Mapped[str | None]
    received_on: Mapped[date]
    due_on: Mapped[date]
    closed_at: Mapped[datetime | None]

    @classmethod
    def opened(cls, asked: Mapping[str, Any], about: str, by: Caller, at: datetime) -> "SubjectRequest":
        """Return a request as it was written down."""
        due_on = asked["received_on"] + relativedelta(months=requests.MONTHS)
        told = {name: asked[name] for name in _ASKED}
        return cls(
            borough_id=by.borough_id, id=new_id(), version=1, status="open", about=about, opened_by=by.person_name, due_on=due_on,
            created_at=at, **told,
        )  # fmt: skip

    @property
    def opened_at(self) -> datetime:
        """When it was written down."""
        return self.created_at

    def is_overdue(self, today: date) -> bool:
        """Tell whether it should have been answered."""
        return self.status == "open" and self.due_on < today

    def extend(self, version: int, reason: str, today: date) -> None:
        """Take two months longer; said within the first month, once.

        Raises:
            Stale, InvalidTransition: somebody changed it since, or it is closed.
            Conflict: it was made longer before, or the first month is over.
        """
        self._require_open(version)
        if self.extended_because is not None:
            raise Conflict("This was made longer before. It can't be again.")
        if today > self.due_on:
            raise Conflict("The first month is over: it could be made longer only within it. Answer it now.")
        self.due_on = self.received_on + relativedelta(months=requests.MONTHS + requests.MORE_MONTHS)
        self.extended_because = reason
        self.version += 1

    def close(self, version: int, outcome: str, reason: str, told: str | None, by: Caller, at: datetime) -> None:
        """Write down what came of it.

        Raises:
            Stale, InvalidTransition: somebody changed it since, or it is closed.
            Invalid: something was corrected, and nobody says who was told of it.
        """
        self._require_open(version)
        if self.kind == "rectification" and outcome in {"done", "partly"} and not told:
            raise Invalid(
                faults={"told": ["Who else was told?: say who had the data before and was told of the correction, or \u201cnobody\u201d."]}
            )
        self.status, self.outcome, self.outcome_words, self.told = "closed", outcome, reason, told
        self.closed_by, self.closed_at = by.person_name, at
        self.version += 1

    def give(self, by: Caller, at: datetime) -> None:
        """Close a request whose pack was given out."""
        self.status, self.outcome, self.closed_by, self.closed_at = "closed", "done", by.person_name, at
        self.version += 1

    def require_access(self) -> None:
        """Let a pack be made for it.

        Raises:
            InvalidTransition: it asks for something else, or is closed.
        """
        if self.kind != "access":
            raise InvalidTransition("Only a request to see what is held has a pack.")
        self._require_open(self.version)

    def _require_open(self, version: int) -> None:
        self.expect(version)
        if self.status != "open":
            raise InvalidTransition("This request is closed.")
