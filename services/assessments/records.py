"""What assessments holds of a family, told in full to whoever may ask for it, and erased with it."""

from collections.abc import Iterator
from typing import Any, cast
from uuid import UUID

from chassis.database.erasing import ErasurePlan
from chassis.keeping.entrypoints import KeepsRecords
from chassis.keeping.rows import other_rows
from chassis.keeping.writing import item, lines_of
from chassis.schemas import instance_of
from services.assessments import contract
from services.assessments.models import Version
from services.assessments.repository import Work

PLAN = ErasurePlan("services.assessments", frozenset({"families"}))
_TOLD = frozenset({"families", "assessments", "assessment_versions"})
_HEADINGS = {"visits": "Joint visits", "signatures": "Who signed the joint assessment", "disagreements": "Why somebody could not sign"}
_HEADING = "Joint assessment"
_ABOUT = {"parent_side": "parent", "child_side": "child"}


class Recording(KeepsRecords):
    """The record of joint assessments, as the people in it may ask for it."""

    erasing = PLAN

    def held(self, work: Any, family_id: UUID) -> Iterator[dict[str, Any]]:
        """Yield every version of every half, then everything else."""
        uow = cast("Work", work)
        for version in uow.versions.of_family(family_id):
            yield from _halves(version)
        yield from other_rows(uow, PLAN, family_id, _TOLD, _HEADINGS)


def _halves(version: Version) -> Iterator[dict[str, Any]]:
    schema = instance_of(contract.Halves)
    for half, written in version.content.items():
        if written:
            title = f"{schema.fields[half].metadata['label']}, version {version.version}"
            yield item(_HEADING, title, _ABOUT.get(half, "family"), lines_of(schema, {half: written}), at=version.edited_at)
