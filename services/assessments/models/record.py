"""What two agencies write together: its versions, their signatures and their disagreements."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.caller import Caller
from chassis.database import Base, BoroughRow, within_borough
from chassis.errors import Invalid
from services.assessments import contract

HALVES = ("parent_side", "child_side", "shared", "decision")


class Version(BoroughRow, Base):
    """The record as it stood in one version, kept so that what changed can be shown."""

    __tablename__ = "assessment_versions"
    values_need = frozenset({"audit.read_family", *contract.READ.values()})
    __table_args__ = (
        within_borough("assessment_id", "assessments"),
        Index(None, "borough_id", "assessment_id", "version", unique=True),
    )

    assessment_id: Mapped[UUID]
    version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    edited_by: Mapped[str]
    edited_at: Mapped[datetime]


def _once(column: str) -> Index:
    """Let PostgreSQL hold domain rule 2 too: one standing signature a version of each person, agency and side."""
    columns = ("borough_id", "assessment_id", "version", column)
    return Index(f"uq_signatures_{column}", *columns, unique=True, postgresql_where=text("withdrawn_at IS NULL"))


class Signature(BoroughRow, Base):
    """One person's signature under one version; taken back when they disagree after all."""

    __tablename__ = "signatures"
    __table_args__ = (
        within_borough("assessment_id", "assessments"),
        Index(None, "borough_id", "assessment_id", "signed_at"),
        *(_once(column) for column in ("person_id", "agency_id", "agency_kind")),
    )

    assessment_id: Mapped[UUID]
    version: Mapped[int]
    person_id: Mapped[UUID]
    person_name: Mapped[str]
    agency_id: Mapped[UUID]
    agency_name: Mapped[str]
    agency_kind: Mapped[str]
    signed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    def is_from_side_of(self, caller: Caller) -> bool:
        """Tell whether it speaks for the caller's agency, or for the same side of the assessment."""
        return self.agency_id == caller.agency_id or self.agency_kind == caller.agency_kind


class Disagreement(BoroughRow, Base):
    """Why one person could not sign one version."""

    __tablename__ = "disagreements"
    values_need = frozenset({"audit.read_family", *contract.READ.values()})
    __table_args__ = (within_borough("assessment_id", "assessments"), Index(None, "borough_id", "assessment_id", "at"))

    assessment_id: Mapped[UUID]
    version: Mapped[int]
    person_id: Mapped[UUID]
    person_name: Mapped[str]
    agency_name: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]


def content_of(halves: dict[str, Any]) -> dict[str, Any]:
    """Return the record as it is kept (JSON); an empty half is None.

    Raises:
        Invalid: a group is named though no place is offered.
    """
    decision = halves.get("decision")
    if decision and decision["outcome"] != "offer_place" and (decision.get("group_id") or decision.get("group_name")):
        raise Invalid(faults={"decision": {"group_id": ["Group: name one only where a place is offered."]}})
    kept: dict[str, Any] = contract.Halves().dump({half: halves.get(half) or None for half in HALVES})
    return kept


def changes_between(earlier: dict[str, Any], later: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what changed between two versions of the record, part by part, in words."""
    before, after = _in_words(earlier), _in_words(later)
    return [
        {"field": field, "label": label, "before": before[field], "after": after[field]}
        for field, label in _labels().items()
        if before[field] != after[field]
    ]


def _labels() -> dict[str, str]:
    halves, decision = contract.Halves().fields, contract.Decision().fields
    sides = {half: halves[half].metadata["label"] for half in HALVES if half != "decision"}
    parts = {f"decision.{part}": field.metadata["label"] for part, field in decision.items() if part != "group_id"}
    return {**sides, **parts}


def _in_words(content: dict[str, Any]) -> dict[str, str | None]:
    decision = dict(content.get("decision") or {})
    decision["outcome"] = contract.OUTCOMES.get(decision.get("outcome", ""))
    sides = {half: content.get(half) for half in HALVES if half != "decision"}
    return {**sides, **{label: decision.get(label.removeprefix("decision.")) for label in _labels() if "." in label}}
