"""What people ask about their data, and the packs made for them."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from chassis.database import Page, Repository
from services.referrals.models.records import Pack, SubjectRequest


class SubjectRequests(Repository[SubjectRequest]):
    """Requests of the people in the borough's records."""

    model = SubjectRequest

    def listed(
        self, *, status: str | None, kind: Collection[str] | None, family_id: UUID | None, after: str | None, limit: int
    ) -> Page[SubjectRequest]:
        """Return a page of requests, those to be answered first at the top."""
        statement = self.rows()
        if status:
            statement = statement.where(SubjectRequest.status == status)
        if kind:
            statement = statement.where(SubjectRequest.kind.in_(kind))
        if family_id:
            statement = statement.where(SubjectRequest.family_id == family_id)
        return self.page(statement, SubjectRequest.due_on, after, limit, total=not after)

    def of_family(self, family_id: UUID) -> list[SubjectRequest]:
        """Return what was asked about a family, newest first."""
        return self.all(self.rows().where(SubjectRequest.family_id == family_id).order_by(SubjectRequest.received_on.desc()).limit(200))

    def counts(self, today: date) -> dict[str, Any]:
        """Return how many are open, how many overdue, and when the next is due."""
        overdue = func.count().filter(SubjectRequest.due_on < today)
        statement = select(func.count(), overdue, func.min(SubjectRequest.due_on)).where(
            SubjectRequest.borough_id == self.borough_id, SubjectRequest.status == "open"
        )
        number, late, next_due_on = self.session.execute(statement).one()
        return {"open": number, "overdue": late, "next_due_on": next_due_on}


class Packs(Repository[Pack]):
    """Packs, with their records."""

    model = Pack

    def there(self, ids: Collection[UUID]) -> set[UUID]:
        """Return those of the requests that have a pack."""
        if not ids:
            return set()
        return set(self.session.scalars(select(Pack.id).where(Pack.borough_id == self.borough_id, Pack.id.in_(ids))))

    def over(self, today: date, at_most: int = 50) -> list[Pack]:
        """Return packs whose file is no longer kept, locked."""
        over = self.rows().where(Pack.state == "given", Pack.expires_on < today)
        return self.all(over.order_by(Pack.expires_on, Pack.id).limit(at_most).with_for_update(skip_locked=True))
