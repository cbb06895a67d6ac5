"""The copy of a collection run that the register needs: who is to be, or was, collected for a session."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from chassis.database import Base, BoroughRow


class CollectionRun(BoroughRow, Base):
    """A run as `outreach` last told of it. Its row id is the run's id."""

    __tablename__ = "collection_runs"
    __table_args__ = (Index("ix_collection_runs_session", "borough_id", "session_id"),)

    sequence: Mapped[int]
    session_id: Mapped[UUID]
    stops: Mapped[list[dict[str, Any]]]

    @classmethod
    def values(cls, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the copy holds of a run, as an event carries it."""
        stops = [
            {"family_id": str(stop["family_id"]), "state": stop["state"], "pick_up_at": stop["pick_up_at"].isoformat()}
            for stop in facts["stops"]
        ]
        return {"session_id": facts["session_id"], "stops": stops}

    def by_family(self) -> dict[UUID, dict[str, Any]]:
        """Return state and pick-up time by family."""
        return {UUID(stop["family_id"]): {"state": stop["state"], "at": datetime.fromisoformat(stop["pick_up_at"])} for stop in self.stops}
