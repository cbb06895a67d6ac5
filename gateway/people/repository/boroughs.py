"""Boroughs across the platform: as operators see them, before any is entered."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from chassis.database import Page
from chassis.database.paging import cursor_of, place_of
from gateway.boroughs.models import Borough, PolicyVersion
from gateway.people.repository.reaching import Reaching


class Onboarded(NamedTuple):
    """A borough that is there, and the fingerprint of the description that it was onboarded with."""

    borough_id: UUID
    onboarded_as: str


_STATES: dict[str, tuple[ColumnElement[bool], ...]] = {
    "practice": (Borough.practice.is_(True),),
    "suspended": (Borough.suspended_at.is_not(None),),
    "setting_up": (Borough.opened_at.is_(None), Borough.suspended_at.is_(None)),
    "working": (Borough.practice.is_(False), Borough.opened_at.is_not(None), Borough.suspended_at.is_(None)),
}


class Boroughs(Reaching):
    """Finds boroughs across the platform."""

    def borough_id(self, *, onboarded_with: str) -> UUID | None:
        """Return the borough that a request with this key onboarded."""
        with self._session() as session:
            return session.scalar(select(Borough.borough_id).where(Borough.onboarded_with == onboarded_with))

    def onboarded(self, slug: str) -> Onboarded | None:
        """Return the borough of a name in addresses."""
        with self._session() as session:
            row = session.execute(select(Borough.borough_id, Borough.onboarded_as).where(Borough.slug == slug)).one_or_none()
            return Onboarded(*row) if row else None

    def boroughs(self, after: str | None, limit: int, q: str | None = None, state: str | None = None) -> Page[Borough]:
        """Return a page of all boroughs by slug, for operators: of a state, and with ``q`` in a name or the GSS code."""
        rows = select(Borough).order_by(Borough.slug).limit(limit + 1)
        if after:
            rows = rows.where(Borough.slug > place_of(after, str)[0])
        if q:
            names = (Borough.slug, Borough.name, Borough.programme_name, Borough.gss_code)
            rows = rows.where(or_(*(name.icontains(q, autoescape=True) for name in names)))
        if state:
            rows = rows.where(*_STATES[state])
        with self._session() as session:
            found = list(session.scalars(rows))
        more = cursor_of(found[limit - 1].slug, found[limit - 1].id) if len(found) > limit else None
        return Page(found[:limit], more)

    def with_policy_due(self, today: date) -> set[UUID]:
        """Return the boroughs in which a policy is to begin to hold by ``today``: one question for all of them.

        Suspended ones are left out: theirs begins when their work goes on.
        """
        of_borough = (Borough.borough_id == PolicyVersion.borough_id) & Borough.suspended_at.is_(None)
        waiting = (
            select(PolicyVersion.borough_id)
            .join(Borough, of_borough)
            .where(PolicyVersion.applied_at.is_(None), PolicyVersion.withdrawn_at.is_(None), PolicyVersion.effective_on <= today)
        )
        with self._session() as session:
            return set(session.scalars(waiting))
