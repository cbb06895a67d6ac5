"""Writing the record: the two halves, what is shared, and the decision."""

from typing import Any
from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import Stale
from gateway.access import current
from gateway.access.guard import needs
from gateway.pages.attempt import attempt
from gateway.pages.conflict import both_versions
from gateway.pages.forms import Filled, Form
from gateway.pages.show import onward, page
from services.assessments.contract import EDIT, GET_ASSESSMENT, PART_OF, PARTS, WRITE, EditRequest
from services.sessions.contract import LIST_GROUPS

LABELS = {"decision-group_id": "Which group?"}
WRITTEN_BY = {
    "parent_side": "The adult mental health team writes this.",
    "child_side": "CAMHS writes this.",
    "shared": "CAMHS and the adult mental health team write this.",
}


@needs("assessments.edit")
def edit(borough: str, assessment_id: UUID) -> Response | AnyResponse:
    """Show the record to be edited, and save it as a new version."""
    groups = current.ask(LIST_GROUPS, limit=100)
    if request.method == "GET":
        assessment, found = current.gather(current.ask(GET_ASSESSMENT, assessment_id=assessment_id), groups)
        return asked(assessment, form_with(found).blank(**assessment), assessment["version"])
    (found,) = current.gather(groups)
    filled = form_with(found).sent(request.form)
    version = request.form.get("version", "")
    if request.form.get("step") == "change":
        return asked(current.call(GET_ASSESSMENT, assessment_id=assessment_id), filled, version)
    if attempt(filled, EDIT, assessment_id=assessment_id, version=version, **_group_name(filled, found)):
        return onward("assessments.show", "assessment_saved", assessment_id=assessment_id)
    assessment = current.call(GET_ASSESSMENT, assessment_id=assessment_id)
    if isinstance(filled.problem, Stale):
        return both(assessment, filled)
    return asked(assessment, filled, version)


def form_with(groups: dict[str, Any]) -> Form:
    """Return the form of what this person may write of the record; a place is offered in one of ``groups``."""
    named = {str(group["id"]): f"{group['name']} ({max(0, group['capacity'] - group['taken'])} free)" for group in groups["items"]}
    theirs = [field for field, part in PART_OF.items() if not current.may(WRITE[part])]
    return Form(EditRequest, "assessment_id", "decision-group_name", *theirs, choices={"decision-group_id": named}, labels=LABELS)


def _group_name(filled: Filled, groups: dict[str, Any]) -> dict[str, Any]:
    decision = filled.answers.get("decision")
    if not decision:
        return {}
    names = {str(group["id"]): group["name"] for group in groups["items"]}
    return {"decision": {**decision, "group_name": names.get(decision.get("group_id", ""))}}


def asked(assessment: dict[str, Any], filled: Filled, version: object) -> Response:
    """Return the page on which the record is written."""
    return page(
        "assessments/edit.html",
        title="Write the assessment",
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        assessment=assessment,
        filled=filled,
        w=filled.widgets,
        version=version,
        parts=PARTS,
        written_by=WRITTEN_BY,
    )


def both(assessment: dict[str, Any], filled: Filled) -> Response:
    """Return the page that shows what somebody else saved beside what was typed here."""
    return both_versions(
        filled,
        filled.form.blank(**assessment),
        version=assessment["version"],
        leave=("assessments.show", {"assessment_id": assessment["id"]}),
        by=assessment["edited_by"],
        at=assessment["edited_at"],
    )
