"""Queries on the copies of what other services own: families and collection runs."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis.database.copies import Copies
from chassis.database.restrictions import Restrictions
from services.sessions.models import CollectionRun, Family, MaskedFamily, Shown


class Families(Copies[Family]):
    """Copies of families."""

    model = Family

    def shown(self, ids: Collection[UUID]) -> dict[UUID, Shown]:
        """Return those of the families that are known here; of those hidden from the caller a mask, for lists name everybody."""
        if not ids:
            return {}
        known = {family.id: family for family in self.all(self.rows().where(Family.id.in_(ids)))}
        return {**known, **self._masked(set(ids) - set(known))}

    def _masked(self, ids: set[UUID]) -> dict[UUID, MaskedFamily]:
        hidden = ids and Restrictions(self.work).hidden & ids
        if not hidden:
            return {}
        people = select(Family.id, Family.members).where(Family.borough_id == self.borough_id, Family.id.in_(hidden))
        with self.session.looking_past_restrictions():
            members = dict(self.session.execute(people).tuples().all())
        return {one: MaskedFamily([UUID(member["id"]) for member in members.get(one, [])]) for one in hidden}


class Runs(Copies[CollectionRun]):
    """Copies of collection runs."""

    model = CollectionRun

    def stops(self, session_ids: Collection[UUID]) -> dict[UUID, dict[UUID, dict[str, Any]]]:
        """Return by session and family what the runs say: state and pick-up time."""
        stops: dict[UUID, dict[UUID, dict[str, Any]]] = {session_id: {} for session_id in session_ids}
        if not session_ids:
            return stops
        for run in self.all(self.rows().where(CollectionRun.session_id.in_(session_ids)).order_by(CollectionRun.id)):
            stops[run.session_id].update(run.by_family())
        return stops
