"""Families that became one: their assessments and visits go to the record that goes on."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import select

from chassis.database.copies import Copies
from chassis.database.merges import Carrier, Columns, Merges, Rows
from services.assessments.models import FamilyCopy, FamilyMerge, JointAssessment, Visit

UNKNOWN_NAME: Final = "A family (details on their way)"
"""What a family is called between the news that another became part of it and the news of who it is."""
JOINED: Final = "The family was on record twice, and its other assessment goes on."
_ASIDE: Final = ("status", "closed_because", "closed_at")


class _Copies(Copies[FamilyCopy]):
    model = FamilyCopy


class Known:
    """The copy of the family that goes on: rows point to it."""

    def forth(self, merges: Merges[Any], merge: FamilyMerge) -> None:
        """Have a copy, though the news of who it is may not have come yet."""
        for family_id in (merge.into_id, merge.merged_id):
            _Copies(merges.work).hear(family_id, 0, name=UNKNOWN_NAME, document={})

    def back(self, merges: Merges[Any], merge: FamilyMerge) -> None:
        """Keep it."""


class OneAssessment:
    """Of two joint assessments under way, one that is still blank goes; two that somebody wrote in both stay."""

    def forth(self, merges: Merges[Any], merge: FamilyMerge) -> None:
        """Close what is blank, while another is under way."""
        under_way = self._under_way(merges, merge.into_id)
        blank = [assessment for assessment in under_way if assessment.is_blank]
        spare = blank if len(blank) < len(under_way) else blank[1:]
        for assessment in spare:
            before = Columns(assessment, *_ASIDE).kept()
            assessment.set_aside(JOINED, merges.work.now)
            after = Columns(assessment, *_ASIDE).kept()
            merge.put_aside("assessments", [{"id": str(assessment.id), "before": before, "after": after}])

    def back(self, merges: Merges[Any], merge: FamilyMerge) -> None:
        """Open again what was closed, unless somebody did something about it since."""
        for kept in merge.put_by("assessments"):
            assessment = merges.session.get(JointAssessment, (merges.borough_id, UUID(kept["id"])))
            if assessment and assessment.closed_because == JOINED:
                Columns(assessment, *_ASIDE).put_back(kept["before"], kept["after"])

    def _under_way(self, merges: Merges[Any], family_id: UUID) -> list[JointAssessment]:
        wanted = select(JointAssessment).where(
            JointAssessment.borough_id == merges.borough_id,
            JointAssessment.family_id == family_id,
            JointAssessment.status.in_(JointAssessment.UNDER_WAY),
        )
        return list(merges.session.scalars(wanted.order_by(JointAssessment.opened_at, JointAssessment.id)))


class FamilyMerges(Merges[FamilyMerge]):
    """The merges of the borough's families."""

    model = FamilyMerge
    carriers: ClassVar[Sequence[Carrier]] = (Known(), Rows(JointAssessment), Rows(Visit), OneAssessment())
