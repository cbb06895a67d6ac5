"""Queries on collection runs."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from chassis.clock import london
from chassis.database import Page, Repository
from chassis.ids import new_id
from services.outreach.models import CollectionRun


class CollectionRuns(Repository[CollectionRun]):
    """Collection runs."""

    model = CollectionRun

    def of_session(self, values: Mapping[str, Any]) -> CollectionRun:
        """Return the run of a session, locked; a new one where there is none, also when two people ask at once."""
        blank = insert(CollectionRun).values(
            borough_id=self.borough_id,
            id=new_id(),
            on=london(values["session_starts_at"]).date(),
            **{name: values[name] for name in ("session_id", "session_starts_at", "group_name")},
            **CollectionRun.blank(),
        )
        self.session.execute(blank.on_conflict_do_nothing())
        statement = self.rows().where(CollectionRun.session_id == values["session_id"])
        return self.session.scalars(statement.with_for_update(key_share=True)).one()

    def on_version(self, run_id: UUID, version: int) -> CollectionRun:
        """Return a run, locked, that was seen in its present version.

        Raises:
            NotFound: no such run in this borough.
            Stale: somebody changed it meanwhile.
        """
        run = self.get(run_id, for_update=True)
        run.expect(version)
        return run

    def on_day(self, on: date, after: str | None, limit: int) -> Page[CollectionRun]:
        """Return a page of a day's runs, in the order of their sessions."""
        return self.page(self.rows().where(CollectionRun.on == on), CollectionRun.session_starts_at, after, limit)
