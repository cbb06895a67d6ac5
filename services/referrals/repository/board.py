"""The triage board of one borough: what waits, whose it is, how long; and the answers that came after a decision."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from chassis.database import Page, Repository
from services.referrals.models import WAITING, Question, Referral


@dataclass(frozen=True, slots=True)
class Counts:
    """How many referrals of one status wait."""

    number: int = 0
    urgent: int = 0
    late: int = 0
    mine: int = 0
    nobodys: int = 0
    oldest_received_at: datetime | None = None


class Board(Repository[Referral]):
    """The triage board of one borough."""

    model = Referral

    def shown(self, wanted: dict[str, Any], late_before: datetime, after: str | None, limit: int) -> Page[Referral]:
        """Return a page of the board; the first page counts what the filters leave.

        Args:
            wanted: a loaded `BoardRequest` but for the page.
            late_before: what was received before this moment waits longer than policy.
            after: cursor of the page before.
            limit: rows on a page.
        """
        statement = self.rows().where(Referral.status.in_(wanted["status"] or sorted(WAITING)), *self._filters(wanted, late_before))
        sort = Referral.turn if wanted["sort"] == "turn" else Referral.received_at
        return self.page(statement, sort, after, limit, newest_first=wanted["sort"] == "newest", total=not after)

    def counts(self, late_before: datetime) -> dict[str, Counts]:
        """Return how many wait, by status; from the index alone."""
        mine = Referral.assigned_to_id == self.work.caller.person_id
        statement: Select[Any] = select(
            Referral.status,
            func.count(),
            func.count().filter(Referral.urgency == "urgent"),
            func.count().filter(Referral.received_at < late_before),
            func.count().filter(mine),
            func.count().filter(Referral.assigned_to_id.is_(None)),
            func.min(Referral.received_at),
        ).where(Referral.borough_id == self.borough_id, Referral.status.in_(sorted(WAITING)))
        return {status: Counts(*rest) for status, *rest in self.session.execute(statement.group_by(Referral.status))}

    def mine(self) -> int:
        """Return how many that wait for triage are the caller's."""
        waits = Referral.status == "received", Referral.assigned_to_id == self.work.caller.person_id
        return self.session.scalar(select(func.count()).where(Referral.borough_id == self.borough_id, *waits)) or 0

    def late_answers(self) -> int:
        """Return how many answers came after the decision that nobody has looked at."""
        statement = select(func.count(Referral.id.distinct())).where(Referral.borough_id == self.borough_id, self._answered_late())
        return self.session.scalar(statement) or 0

    def _filters(self, wanted: dict[str, Any], late_before: datetime) -> list[ColumnElement[bool]]:
        conditions = {
            "urgent": Referral.urgency == "urgent",
            "late": Referral.received_at < late_before,
            "answered_late": self._answered_late(),
        }
        whose = {"mine": Referral.assigned_to_id == self.work.caller.person_id, "nobodys": Referral.assigned_to_id.is_(None)}
        chosen = [condition for name, condition in conditions.items() if wanted[name]]
        return [*chosen, *([whose[wanted["whose"]]] if wanted["whose"] else [])]

    def _answered_late(self) -> ColumnElement[bool]:
        late = select(Question.referral_id).where(
            Question.borough_id == self.borough_id, Question.came_after.is_not(None), Question.seen_by.is_(None)
        )
        return Referral.id.in_(late)


class Questions(Repository[Question]):
    """The questions to referrers, in one borough."""

    model = Question

    def of(self, referral_id: UUID) -> list[Question]:
        """Return the questions about a referral, newest first."""
        return self.all(self.rows().where(Question.referral_id == referral_id).order_by(Question.asked_at.desc(), Question.id))

    def by_digest(self, digest: bytes) -> Question | None:
        """Return the question whose link has the secret of this digest, or None."""
        return self.first(self.rows().where(Question.digest == digest))
