"""What outreach holds of a family, told in full to whoever may ask for it, and erased with it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from chassis.database.erasing import ErasurePlan
from chassis.keeping.entrypoints import KeepsRecords
from chassis.keeping.rows import other_rows

PLAN = ErasurePlan("services.outreach", frozenset({"families", "standings"}))
_TOLD = frozenset({"families"})
_HEADINGS = {
    "cases": "Outreach",
    "contacts": "Contacts",
    "steps": "What was done",
    "stops": "Collections",
    "standings": "What was heard of attendance",
}


class Recording(KeepsRecords):
    """The record of outreach, as the people in it may ask for it."""

    erasing = PLAN

    def held(self, work: Any, family_id: UUID) -> Iterator[dict[str, Any]]:
        """Yield everything."""
        return other_rows(work, PLAN, family_id, _TOLD, _HEADINGS)
