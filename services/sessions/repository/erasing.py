"""What of an erased family stays in sessions: that a family had a place and came on such a day; nothing of who it was."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import case, func, or_, select, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.dml import Update

from chassis.database import UnitOfWork
from services.sessions.models import CollectionRun, Family, Mark, Place, Spell, Step

ERASED: Final = "Erased family"
"""What a family is called on registers that were closed before it was erased."""
_END: Final = "The family's record was erased"
Families = Collection[UUID]


def blank_families(work: UnitOfWork, families: Families) -> int:
    """Forget who a family is."""
    values: dict[str, Any] = {"name": ERASED, "surname": ERASED, "members": [], "language": None, "interpreter": False, "to_know": {}}
    return _run(work, update(Family).where(Family.borough_id == work.borough_id, Family.id.in_(families)).values(values))


def end_places(work: UnitOfWork, families: Families, today: date) -> int:
    """End the places that have not ended, so that their seats are free; forget in whose words any ended."""
    theirs = (Place.borough_id == work.borough_id, Place.family_id.in_(families))
    ended_on = case((Place.status == "ended", Place.ended_on), else_=today)
    return _run(work, update(Place).where(*theirs).values(status="ended", end_reason=_END, ended_on=ended_on, version=Place.version + 1))


def end_spells(work: UnitOfWork, families: Families, today: date) -> int:
    """Expect nobody from today on."""
    theirs = (Spell.borough_id == work.borough_id, Spell.family_id.in_(families))
    running = or_(Spell.until_on.is_(None), Spell.until_on > today)
    return _run(work, update(Spell).where(*theirs, running).values(until_on=func.greatest(Spell.from_on, today)))


def blank_marks(work: UnitOfWork, families: Families) -> int:
    """Keep that a family came, and not who of it, nor when."""
    theirs = (Mark.borough_id == work.borough_id, Mark.family_id.in_(families))
    return _run(work, update(Mark).where(*theirs).values(people=[], arrived_at=None, left_at=None))


def blank_steps(work: UnitOfWork, families: Families) -> int:
    """Keep what was done, and not why."""
    return _run(work, update(Step).where(Step.borough_id == work.borough_id, Step.family_id.in_(families)).values(reason=None))


def blank_runs(work: UnitOfWork, families: Families) -> int:
    """Take a family off the runs that were told of."""
    runs = list(work.session.scalars(_with_stops_of(work, families)))
    for run in runs:
        run.stops = [stop for stop in run.stops if UUID(stop["family_id"]) not in set(families)]
    return len(runs)


def _with_stops_of(work: UnitOfWork, families: Families) -> Any:
    named = or_(*(CollectionRun.stops.op("@>")(sql_cast([{"family_id": str(one)}], JSONB)) for one in families))
    return select(CollectionRun).where(CollectionRun.borough_id == work.borough_id, named)


def _run(work: UnitOfWork, statement: Update) -> int:
    done = work.session.execute(statement, execution_options={"synchronize_session": False})
    return int(done.rowcount)  # type: ignore[attr-defined]  # the result of an UPDATE counts its rows
