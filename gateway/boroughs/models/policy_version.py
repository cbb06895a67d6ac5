"""The borough's policy, version by version: who decided what, why, and from which day on."""

from datetime import date, datetime, timedelta
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base, BoroughRow
from chassis.errors import Invalid, InvalidTransition

LONGEST_AHEAD: Final = timedelta(days=366)
"""How far ahead a policy may be decided."""


class PolicyVersion(BoroughRow, Base):
    """One decision on the whole policy.

    Attributes:
        number: counted up in each borough, from 1.
        policy: every value, as `gateway.contract.Policy` dumps it.
        effective_on: the day in London from which on it holds.
        reason: why, in the words of whoever decided.
        by_id, by_name: who decided; the operations team's name where the borough came with it.
        applied_at: when it began to hold; None for one that is still to come, or never will.
        withdrawn_at, withdrawn_by: when and by whom it was taken back before it held.
    """

    __tablename__ = "policy_versions"
    __table_args__ = (
        UniqueConstraint("borough_id", "number"),
        Index("ix_policy_versions_waiting", "effective_on", postgresql_where=text("applied_at IS NULL AND withdrawn_at IS NULL")),
    )

    number: Mapped[int]
    policy: Mapped[dict[str, Any]]
    effective_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[UUID]
    by_name: Mapped[str] = mapped_column(Text)
    applied_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(Text)

    @classmethod
    def decided(cls, number: int, policy: dict[str, Any], *, effective_on: date, reason: str, by: tuple[UUID, str], today: date) -> Self:
        """Return a new version.

        Raises:
            Invalid: its day is past, or more than a year ahead.
        """
        if not today <= effective_on <= today + LONGEST_AHEAD:
            raise Invalid(faults={"effective_on": ["From: choose today or a day in the next year."]})
        return cls(number=number, policy=policy, effective_on=effective_on, reason=reason, by_id=by[0], by_name=by[1])

    @property
    def state(self) -> str:
        """Tell where it stands: ``withdrawn``, ``upcoming``, or ``applied`` (it holds, or did until the next one)."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "upcoming" if self.applied_at is None else "applied"

    def is_due(self, today: date) -> bool:
        """Tell whether it is to begin to hold by ``today``."""
        return self.state == "upcoming" and self.effective_on <= today

    def withdraw(self, *, by: str, now: datetime) -> None:
        """Take it back before it holds.

        Raises:
            InvalidTransition: it holds already or did, or was taken back before.
        """
        if self.state != "upcoming":
            raise InvalidTransition("Only a policy that is still to come can be taken back. Make a new version instead.")
        self.withdrawn_at, self.withdrawn_by = now, by
