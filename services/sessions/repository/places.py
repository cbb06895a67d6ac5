"""Queries on places, the times in which families are expected, and what happened to places."""

from collections import Counter
from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from chassis.database import Page, Repository
from chassis.database.restrictions import Restrictions
from chassis.errors import NotFound
from services.sessions.models import Place, Session, Spell, Step
from services.sessions.models.places import TAKING_A_SEAT
from services.sessions.repository.groups import expected_at_session


class Places(Repository[Place]):
    """Families' places."""

    model = Place

    def listed(self, status: str | None, group_id: UUID | None, after: str | None, limit: int) -> Page[Place]:
        """Return a page of places, the longest asked for first, of a status and a group where they are given."""
        statement = self.rows()
        if status:
            statement = statement.where(Place.status == status)
        if group_id:
            statement = statement.where(Place.group_id == group_id)
        return self.page(statement, Place.asked_at, after, limit, total=True)

    def of_group(self, group_id: UUID) -> list[Place]:
        """Return the places in a group that have not ended, the longest asked for first."""
        statement = self.rows().where(Place.group_id == group_id, Place.status.in_(("waiting", *TAKING_A_SEAT)))
        return self.all(statement.order_by(Place.asked_at, Place.id))

    def open_of(self, family_id: UUID) -> Place | None:
        """Return the family's place that has not ended, locked."""
        return self.first(self.rows().where(Place.family_id == family_id, Place.status != "ended").with_for_update(key_share=True))

    def on_version(self, place_id: UUID, version: int) -> Place:
        """Return a place, locked, that was seen in its present version.

        Raises:
            NotFound: no such place in this borough, or its family is restricted to others.
            Stale: somebody changed it meanwhile.
        """
        place = self.get(place_id, for_update=True)
        if place.family_id in Restrictions(self.work).hidden:
            raise NotFound
        place.expect(version)
        return place

    def last_of(self, family_id: UUID) -> Place:
        """Return the family's latest place.

        Raises:
            NotFound: it never had one.
        """
        place = self.latest_of(family_id)
        if place is None:
            raise NotFound
        return place

    def latest_of(self, family_id: UUID) -> Place | None:
        """Return the family's place; of several, the one that has not ended, else the latest."""
        order = (Place.status == "ended", Place.asked_at.desc(), Place.id.desc())
        return self.first(self.rows().where(Place.family_id == family_id).order_by(*order))

    def taken(self, group_id: UUID, *, but: UUID) -> int:
        """Return how many families have a place in a group, not counting one place."""
        others = self.rows().where(Place.group_id == group_id, Place.status.in_(TAKING_A_SEAT), Place.id != but)
        return self.count(others)

    def tally(self, group_ids: Collection[UUID]) -> Counter[tuple[UUID | None, str]]:
        """Return how many places there are by group and status."""
        statement = select(Place.group_id, Place.status, func.count(Place.id)).where(
            Place.borough_id == self.borough_id, Place.group_id.in_(group_ids)
        )
        rows = self.session.execute(statement.group_by(Place.group_id, Place.status))
        return Counter({(group_id, status): count for group_id, status, count in rows})

    def outlook(self, on: date, *, days: int) -> tuple[int, int]:
        """Return how many families are on the waiting list, and how many begin within so many days from a day on."""
        begins = Place.starts_on.between(on, on + timedelta(days=days - 1))
        waiting = func.count(Place.id).filter(Place.status == "waiting")
        starting = func.count(Place.id).filter(Place.status == "active", begins)
        of_borough = Place.borough_id == self.borough_id
        statement = select(waiting, starting).where(of_borough, Place.status.in_(("waiting", "active")))
        return self.session.execute(statement).tuples().one()


class Spells(Repository[Spell]):
    """Times in which families are expected at a group."""

    model = Spell

    def at(self, session: Session) -> list[Spell]:
        """Return the spells that hold a session's day, one a family."""
        statement = self.rows().join(Session, expected_at_session()).where(Session.id == session.id)
        return list({spell.family_id: spell for spell in self.all(statement.order_by(Spell.from_on))}.values())

    def last_of(self, place_id: UUID) -> Spell | None:
        """Return the latest spell of a place, locked."""
        return self.first(self.rows().where(Spell.place_id == place_id).order_by(Spell.from_on.desc()).with_for_update(key_share=True))


class Steps(Repository[Step]):
    """What happened to places."""

    model = Step

    def of_family(self, family_id: UUID) -> list[Step]:
        """Return what happened to the family's places, oldest first."""
        return self.all(self.rows().where(Step.family_id == family_id).order_by(Step.at, Step.id))
