"""Queries on boroughs that leave: the platform's own, since they outlive the borough."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.database import Page
from chassis.database.paging import cursor_of, place_of
from chassis.errors import NotFound
from chassis.ids import new_id
from gateway.boroughs.models import Borough
from gateway.leaving.models import Departure
from gateway.people.repository.reaching import Reaching


class Leaving(NamedTuple):
    """A borough as its departure needs to know it."""

    slug: str
    name: str
    gss_code: str
    practice: bool
    suspended_at: datetime | None


class Departures(Reaching):
    """Every borough that was exported, or is erased."""

    @contextmanager
    def opened(self) -> Iterator[Session]:
        """Open a transaction on them, committed at the end of the ``with`` block."""
        with self._session() as session, session.begin():
            yield session

    def borough(self, borough_id: UUID) -> Leaving | None:
        """Return a borough that is still here."""
        columns = (Borough.slug, Borough.name, Borough.gss_code, Borough.practice, Borough.suspended_at)
        with self._session() as session:
            row = session.execute(select(*columns).where(Borough.borough_id == borough_id)).one_or_none()
        return Leaving(*row) if row else None

    def find(self, session: Session, borough_id: UUID, *, for_update: bool = False) -> Departure | None:
        """Return the departure of a borough, with ``for_update`` locked until the commit."""
        wanted = select(Departure).where(Departure.borough_id == borough_id)
        return session.scalar(wanted.with_for_update() if for_update else wanted)

    def get(self, borough_id: UUID) -> Departure:
        """Return the departure of a borough. Raises NotFound where it was never exported."""
        with self._session() as session:
            found = self.find(session, borough_id)
        if found is None:
            raise NotFound
        return found

    def certified(self, borough_id: UUID) -> Departure:
        """Return the departure of a borough whose erasure was certified. Raises NotFound where it was not."""
        found = self.get(borough_id)
        if not found.certified:
            raise NotFound
        return found

    def note(self, session: Session, borough_id: UUID, values: dict[str, Any]) -> Departure:
        """Keep that a borough was exported; the newest archive is the one that counts."""
        made = insert(Departure).values(id=new_id(), borough_id=borough_id, state="exported", **values)
        kept = made.on_conflict_do_update(index_elements=[Departure.borough_id], set_=values, where=Departure.state == "exported")
        session.execute(kept)
        return session.scalars(select(Departure).where(Departure.borough_id == borough_id)).one()

    def listed(self, after: str | None, limit: int) -> Page[Departure]:
        """Return a page by name in addresses."""
        rows = select(Departure).order_by(Departure.slug, Departure.id).limit(limit + 1)
        if after:
            slug, identity = place_of(after, str)
            rows = rows.where((Departure.slug > slug) | ((Departure.slug == slug) & (Departure.id > identity)))
        with self._session() as session:
            found = list(session.scalars(rows))
        more = cursor_of(found[limit - 1].slug, found[limit - 1].id) if len(found) > limit else None
        return Page(found[:limit], more)
