"""What sessions holds of a family, told in full to whoever may ask for it; what stays of a register when the family is erased."""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from chassis.clock import london
from chassis.database import UnitOfWork
from chassis.database.erasing import ErasurePlan
from chassis.keeping.entrypoints import KeepsRecords
from chassis.keeping.rows import other_rows
from services.sessions.repository.erasing import blank_families, blank_marks, blank_runs, blank_steps, end_places, end_spells

_TOLD = frozenset({"families"})
_HEADINGS = {"places": "Places in groups", "marks": "Registers", "spells": "When the family was expected", "steps": "What was done"}


def _places(work: UnitOfWork, families: Collection[UUID]) -> int:
    return end_places(work, families, london(work.now).date())


def _spells(work: UnitOfWork, families: Collection[UUID]) -> int:
    return end_spells(work, families, london(work.now).date())


PLAN = ErasurePlan(
    "services.sessions",
    frozenset({"families"}),
    {
        "families": blank_families,
        "places": _places,
        "spells": _spells,
        "marks": blank_marks,
        "steps": blank_steps,
        "collection_runs": blank_runs,
    },
)
"""Closed registers keep their numbers (domain rule 5): that a family came stays, who it was does not."""


class Recording(KeepsRecords):
    """The record of places and registers, as the people in it may ask for it."""

    erasing = PLAN

    def held(self, work: Any, family_id: UUID) -> Iterator[dict[str, Any]]:
        """Yield everything."""
        return other_rows(work, PLAN, family_id, _TOLD, _HEADINGS)
