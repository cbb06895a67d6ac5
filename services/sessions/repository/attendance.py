"""Queries on what registers say."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from chassis.database import Repository
from services.sessions.models import Group, Mark, Session
from services.sessions.models.story import Day


class Marks(Repository[Mark]):
    """What registers say of families."""

    model = Mark

    def of_session(self, session_id: UUID) -> list[Mark]:
        """Return the marks of one session."""
        return self.all(self.rows().where(Mark.session_id == session_id))

    def histories(self, place_ids: Collection[UUID], *, before: date | None = None) -> dict[UUID, list[str]]:
        """Return by place the marks of closed registers, oldest first, of sessions before a day where one is given."""
        histories: dict[UUID, list[str]] = defaultdict(list)
        if not place_ids:
            return histories
        statement = (
            select(Mark.place_id, Mark.mark)
            .join(Session, _closed())
            .where(Mark.borough_id == self.borough_id, Mark.place_id.in_(place_ids))
        )
        if before:
            statement = statement.where(Mark.on < before)
        for place_id, mark in self.session.execute(statement.order_by(Session.starts_at, Session.id)):
            histories[place_id].append(mark)
        return histories

    def changes(self, family_ids: Collection[UUID]) -> dict[UUID, int]:
        """Return by family how often the registers that name it have changed: every closing makes that more, also a second one."""
        statement = (
            select(Mark.family_id, func.sum(Session.version))
            .join(Session, and_(Session.borough_id == Mark.borough_id, Session.id == Mark.session_id))
            .where(Mark.borough_id == self.borough_id, Mark.family_id.in_(family_ids))
        )
        rows = self.session.execute(statement.group_by(Mark.family_id)).tuples()
        return dict(rows.all())

    def days(self, family_id: UUID) -> list[Day]:
        """Return what every closed register says of a family, oldest first."""
        statement = (
            select(Mark.id, Mark.session_id, Mark.place_id, Mark.on, Session.starts_at, Group.name, Mark.mark, Mark.people)
            .join(Session, _closed())
            .join(Group, and_(Group.borough_id == Session.borough_id, Group.id == Session.group_id))
            .where(Mark.borough_id == self.borough_id, Mark.family_id == family_id)
        )
        return [Day(*row) for row in self.session.execute(statement.order_by(Session.starts_at, Session.id))]


def _closed() -> ColumnElement[bool]:
    return and_(Session.borough_id == Mark.borough_id, Session.id == Mark.session_id, Session.closed_at.is_not(None))
