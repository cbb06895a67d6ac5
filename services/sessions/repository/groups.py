"""Queries on venues, groups and sessions."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, distinct, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from chassis import clock
from chassis.database import Page, Repository
from chassis.database.repository import M
from chassis.errors import NotFound
from services.sessions.models import Group, Mark, Session, Spell, Venue
from services.sessions.models.engagement import ATTENDED


class Counted(NamedTuple):
    """A session with how many families are expected, marked and here."""

    session: Session
    expected: int
    marked: int
    here: int


class _ById(Repository[M]):
    """Rows by their ids."""

    def by_id(self, ids: Iterable[UUID | None]) -> dict[UUID, M]:
        """Return the rows with these ids."""
        wanted = {identity for identity in ids if identity}
        if not wanted:
            return {}
        return {row.id: row for row in self.all(self.rows().where(self.model.id.in_(wanted)))}

    def saved(self, row: M) -> M:
        """Add a new row and write it, so that it has its version."""
        self.add(row)
        self.session.flush()
        return row


class Venues(_ById[Venue]):
    """Where groups meet."""

    model = Venue

    def begin_with(self, **venue: Any) -> None:
        """Make a venue that a borough came with, unless it was made before: it may have another name by now."""
        now = clock.now()
        row = {"borough_id": self.borough_id, "version": 1, "created_at": now, "changed_at": now, **venue}
        self.session.execute(insert(Venue).values(row).on_conflict_do_nothing(index_elements=[Venue.borough_id, Venue.id]))


class Groups(_ById[Group]):
    """Weekly groups."""

    model = Group

    def at_venues(self, ids: Iterable[UUID]) -> dict[UUID, tuple[Group, Venue]]:
        """Return groups by their ids, each with its venue."""
        wanted = set(ids)
        if not wanted:
            return {}
        at_venue = and_(Venue.borough_id == Group.borough_id, Venue.id == Group.venue_id)
        statement = select(Group, Venue).join(Venue, at_venue).where(Group.borough_id == self.borough_id, Group.id.in_(wanted))
        return {group.id: (group, venue) for group, venue in self.session.execute(statement)}

    def to_lay_out(self, until: date) -> list[Group]:
        """Return the groups whose sessions are not laid out up to a day; locked, without those that somebody else has."""
        return self.all(self.rows().where(Group.laid_out_to < until).with_for_update(key_share=True, skip_locked=True))


class Sessions(Repository[Session]):
    """Meetings of groups."""

    model = Session

    def group_id(self, session_id: UUID) -> UUID:
        """Return which group a session is of, so that the group can be locked before the session is loaded.

        Raises:
            NotFound: no such session in this borough.
        """
        statement = select(Session.group_id).where(Session.borough_id == self.borough_id, Session.id == session_id)
        group_id = self.session.scalar(statement)
        if group_id is None:
            raise NotFound
        return group_id

    def add_all(self, sessions: Iterable[Session]) -> None:
        """Add new sessions."""
        for session in sessions:
            self.add(session)

    def on_day(self, on: date) -> list[Session]:
        """Return the sessions of a day, in the order of their times."""
        return self.all(self.rows().where(Session.on == on).order_by(Session.starts_at, Session.id))

    def around(self, group_id: UUID, today: date, *, before: int, until: date) -> list[Session]:
        """Return a group's sessions: the latest ``before`` today, and those from today until a day; oldest first."""
        of_group = self.rows().where(Session.group_id == group_id)
        past = self.all(of_group.where(Session.on < today).order_by(Session.on.desc()).limit(before))
        return [*reversed(past), *self.all(of_group.where(Session.on.between(today, until)).order_by(Session.on))]

    def unclosed(self, before: date) -> Select[tuple[Session]]:
        """Select the sessions before a day with families expected and a register that is not closed."""
        return self.rows().where(Session.closed_at.is_(None), Session.on < before, exists().where(expected_at_session()))

    def unclosed_page(self, before: date, after: str | None, limit: int) -> Page[Session]:
        """Return a page of `unclosed`, oldest first."""
        return self.page(self.unclosed(before), Session.starts_at, after, limit)

    def unclosed_count(self, before: date) -> int:
        """Return how many are `unclosed`."""
        return self.count(self.unclosed(before))

    def last_closed(self, group_id: UUID) -> date | None:
        """Return the day of the group's latest closed register."""
        closed = self.rows().where(Session.group_id == group_id, Session.closed_at.is_not(None))
        latest = self.first(closed.order_by(Session.on.desc()))
        return latest.on if latest else None

    def next_of(self, family_id: UUID, today: date) -> Session | None:
        """Return the next session that the family is expected at, whose register is not closed."""
        expected = exists().where(expected_at_session(), Spell.family_id == family_id)
        return self.first(self.rows().where(Session.closed_at.is_(None), Session.on >= today, expected).order_by(Session.starts_at))

    def counted(self, sessions: Collection[Session]) -> list[Counted]:
        """Return the sessions, in the order given, with their counts."""
        if not sessions:
            return []
        rows = self.session.execute(
            select(Session.id, _expected(), _marked(), _marked(Mark.mark.in_(ATTENDED))).where(
                Session.borough_id == self.borough_id, Session.id.in_([session.id for session in sessions])
            )
        )
        counts = {row[0]: row[1:] for row in rows}
        return [Counted(session, *counts[session.id]) for session in sessions]


def expected_at_session() -> ColumnElement[bool]:
    """Return the condition that a spell holds a session's day: membership is as of that day."""
    return and_(
        Spell.borough_id == Session.borough_id,
        Spell.group_id == Session.group_id,
        Spell.from_on <= Session.on,
        or_(Spell.until_on.is_(None), Spell.until_on >= Session.on),
    )


def _expected() -> ScalarSelect[int]:
    return select(func.count(distinct(Spell.family_id))).where(expected_at_session()).correlate(Session).scalar_subquery()


def _marked(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    of_session = and_(Mark.borough_id == Session.borough_id, Mark.session_id == Session.id)
    return select(func.count(Mark.id)).where(of_session, *conditions).correlate(Session).scalar_subquery()
