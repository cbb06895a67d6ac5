"""Queries on outreach cases and on what outreach did."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from chassis.database import Page, Repository
from services.outreach.models import Case, Step


class Cases(Repository[Case]):
    """Reasons to reach out."""

    model = Case

    def on_version(self, case_id: UUID, version: int) -> Case:
        """Return a case, locked, that was seen in its present version.

        Raises:
            NotFound: no such case in this borough.
            Stale: somebody changed it meanwhile.
        """
        case = self.get(case_id, for_update=True)
        case.expect(version)
        return case

    def open_of(self, family_id: UUID, reason: str) -> Case | None:
        """Return the family's open case of a reason, locked."""
        statement = self.rows().where(Case.family_id == family_id, Case.reason == reason, Case.status == "open")
        return self.first(statement.with_for_update(key_share=True))

    def all_open_of(self, family_id: UUID) -> list[Case]:
        """Return the family's open cases, the most urgent first."""
        statement = self.rows().where(Case.family_id == family_id, Case.status == "open")
        return self.all(statement.order_by(Case.due_on, Case.id))

    def to_contact(self, family_id: UUID) -> Case | None:
        """Return the family's most urgent open case, locked: the one that a contact counts for."""
        statement = self.rows().where(Case.family_id == family_id, Case.status == "open")
        return self.first(statement.order_by(Case.due_on, Case.id).with_for_update(key_share=True))

    def listed(self, status: str, filters: Mapping[str, Any], after: str | None, limit: int) -> Page[Case]:
        """Return a page of cases: open ones by when contact is due, closed ones the latest closed first.

        ``filters`` may hold ``reason``, ``owner_id`` and ``family_id`` to be equal to, and ``unowned``.
        """
        statement = self.rows().where(Case.status == status)
        for name in ("reason", "owner_id", "family_id"):
            if filters.get(name):
                statement = statement.where(getattr(Case, name) == filters[name])
        if filters.get("unowned"):
            statement = statement.where(Case.owner_id.is_(None))
        if status == "closed":
            return self.page(statement, Case.closed_at, after, limit, newest_first=True)
        return self.page(statement, Case.due_on, after, limit)

    def counts(self, person_id: UUID, today: date) -> dict[str, Any]:
        """Return how many open cases there are, in all and of each kind that somebody looks for."""
        untouched = and_(Case.reason == "missed_sessions", Case.contacts == 0)
        numbers: dict[str, ColumnElement[Any]] = {
            "open": func.count(Case.id),
            "mine": _count_if(Case.owner_id == person_id),
            "unowned": _count_if(Case.owner_id.is_(None)),
            "overdue": _count_if(Case.due_on < today),
            "escalated": _count_if(Case.escalated_at.is_not(None)),
            "missed_no_contact": _count_if(untouched),
            "missed_no_contact_overdue": _count_if(and_(untouched, Case.due_on < today)),
            "oldest_opened_at": func.min(Case.opened_at),
            "next_due_on": func.min(Case.due_on),
        }
        statement = select(*(number.label(name) for name, number in numbers.items()))
        of_borough = statement.where(Case.borough_id == self.borough_id, Case.status == "open")
        return dict(self.session.execute(of_borough).mappings().one())


class Steps(Repository[Step]):
    """What outreach did and decided."""

    model = Step

    def of_family(self, family_id: UUID) -> list[Step]:
        """Return what was done about a family, oldest first."""
        return self.all(self.rows().where(Step.family_id == family_id).order_by(Step.at, Step.id))


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(Case.id).filter(condition)
