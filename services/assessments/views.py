"""What a reader gets to see of joint assessments."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import uuid5

from chassis import clock
from chassis.caller import Caller
from chassis.database import Page
from services.assessments import contract
from services.assessments.models import FamilyCopy, JointAssessment, Version, Visit, changes_between
from services.assessments.models.halves import left_out, may_read, readable
from services.assessments.repository import Work

_SUMMARY = tuple(contract.AssessmentSummary().fields)
_WHOLE = ("edited_by", "edited_at", "agreed_at", "closed_because", "proposed", "signatures", "versions")
FIRST = 10
"""How many of those that wait for a signature are shown."""


def assessment(row: JointAssessment, reader: Caller, family: FamilyCopy | None = None) -> dict[str, Any]:
    """Return a joint assessment, without the parts that ``reader`` may not read; ``family`` says what is to be known before a visit."""
    return {
        **{name: getattr(row, name) for name in (*_SUMMARY, *_WHOLE)},
        **readable(row.content, reader),
        "disagreements": row.disagreements if may_read(reader, "decision") else [],
        "visits": row.visits,
        "to_know": family.to_know if family else None,
        "may_sign": row.may_sign(reader),
        "left_out": left_out(reader),
    }


def page(rows: Page[JointAssessment]) -> dict[str, Any]:
    """Return a page of joint assessments."""
    return {"items": [summary(row) for row in rows.items], "next": rows.next, "total": rows.total}


def summary(row: JointAssessment) -> dict[str, Any]:
    """Return a joint assessment as it stands in a list."""
    return {name: getattr(row, name) for name in _SUMMARY}


def changes(earlier: Version, later: Version, reader: Caller) -> dict[str, Any]:
    """Return what changed between two versions, in the parts that ``reader`` may read."""
    found = changes_between(earlier.content, later.content)
    told = [change for change in found if may_read(reader, change["field"])]
    return {"earlier": earlier.version, "later": later.version, "changes": told, "left_out": left_out(reader)}


def waiting(uow: Work) -> dict[str, Any]:
    """Return what waits for the team, and for the caller."""
    assessments, caller = uow.assessments, uow.caller
    arrange = assessments.standing_at("waiting")
    signs = caller.may("assessments.sign") and caller.agency_kind in contract.SIDES
    sign = assessments.to_sign() if signs else None
    return {
        "to_arrange": arrange.number,
        "oldest_to_arrange": arrange.oldest,
        "to_write": assessments.standing_at("visited").number,
        "to_sign": sign.number if sign else 0,
        "oldest_to_sign": sign.oldest if sign else None,
        "to_sign_items": [summary(row) for row in assessments.first_to_sign(FIRST)] if sign else [],
        "visits": uow.visits.coming_up(uow.now),
    }


def story(rows: Iterable[JointAssessment]) -> dict[str, Any]:
    """Return what happened on a family's way through joint assessment, newest first; nothing clinical."""
    entries = [entry for row in rows for entry in (*_own_entries(row), *_visit_entries(row))]
    return {"entries": sorted(entries, key=lambda entry: (entry["occurred_at"], str(entry["id"])), reverse=True)}


def _own_entries(row: JointAssessment) -> Iterator[dict[str, Any]]:
    facts = {"assessment_id": str(row.id)}
    yield _entry(row, row.opened_at, "assessment.opened", facts)
    if row.agreed_at:
        decision = row.content["decision"]
        signed = [{"name": signature.person_name, "agency": signature.agency_name} for signature in reversed(row.standing)]
        agreed = {"version": row.version, "outcome": decision["outcome"], "group_name": decision["group_name"], "signed_by": signed}
        yield _entry(row, row.agreed_at, "assessment.agreed", {**facts, **agreed})
    if row.closed_at:
        yield _entry(row, row.closed_at, "assessment.closed", facts)


def _visit_entries(row: JointAssessment) -> Iterator[dict[str, Any]]:
    for each in row.visits:
        starts = clock.london(each.starts_at).isoformat()
        facts = {"visit_id": str(each.id), "starts_at": starts, "who": [assessor["name"] for assessor in each.assessors]}
        yield _entry(each, each.arranged_at, "visit.arranged", facts)
        if each.ended_at:
            yield _entry(each, each.ended_at, f"visit.{each.status}", facts)


def _entry(row: JointAssessment | Visit, at: Any, kind: str, facts: dict[str, Any]) -> dict[str, Any]:
    return {"id": uuid5(row.id, kind), "occurred_at": at, "kind": kind, "facts": facts}
