"""Queries on the copies of what other services own: families and collection runs."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from chassis.database.copies import Copies
from services.sessions.models import CollectionRun, Family


class Families(Copies[Family]):
    """Copies of families."""

    model = Family

    def by_id(self, ids: Collection[UUID]) -> dict[UUID, Family]:
        """Return those of the families that are known here."""
        if not ids:
            return {}
        return {family.id: family for family in self.all(self.rows().where(Family.id.in_(ids)))}


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
