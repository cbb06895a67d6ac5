"""Boroughs as operators see them: all of them, before any is entered."""

from uuid import UUID

from sqlalchemy import select

from chassis.database import Page
from chassis.database.paging import cursor_of, place_of
from gateway.boroughs.models import Borough
from gateway.people.repository.reaching import Reaching


class Boroughs(Reaching):
    """Finds boroughs across the platform."""

    def borough_id(self, *, onboarded_with: str) -> UUID | None:
        """Return the borough that a request with this key onboarded."""
        with self._session() as session:
            return session.scalar(select(Borough.borough_id).where(Borough.onboarded_with == onboarded_with))

    def boroughs(self, after: str | None, limit: int) -> Page[Borough]:
        """Return a page of all boroughs by slug, for operators."""
        rows = select(Borough).order_by(Borough.slug).limit(limit + 1)
        if after:
            rows = rows.where(Borough.slug > place_of(after, str)[0])
        with self._session() as session:
            found = list(session.scalars(rows))
        more = cursor_of(found[limit - 1].slug, found[limit - 1].id) if len(found) > limit else None
        return Page(found[:limit], more)
