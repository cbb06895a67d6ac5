"""What is written in a joint assessment, as forms and replies carry it."""

from typing import Any

from marshmallow import fields

from chassis.schemas import (
    Contract,
    PageRequest,
    choice,
    identifier,
    many,
    moment,
    nested,
    page_of,
    some_of,
    text,
    version,
    whole,
    yes_no,
)
from services.assessments.contract.codes import AGENCY_KINDS, OUTCOMES, STATUSES
from services.assessments.contract.halves import PARTS
from services.assessments.contract.visit import Assessor, Visit
from services.referrals.contract import ToKnow


def _left_out() -> "fields.List[Any]":
    return some_of("Parts left out", PARTS, required=False, load_default=list, hint="Parts that your role and agency may not read.")


class Decision(Contract):
    """What the two agencies decide, and why."""

    outcome = choice("Outcome", OUTCOMES)
    group_id = identifier("Group", required=False)
    group_name = text("Group", required=False, max_length=200, hint="Only where a place is offered.")
    reason = text("Why", max_length=4000, multiline=True, sensitivity="clinical")
    before_joining = text(
        "Before joining",
        required=False,
        max_length=1000,
        multiline=True,
        hint="Practical things the facilitators need to know. Nothing clinical: for example, collect for the first weeks.",
    )


class Halves(Contract):
    """The record: the parent's half, the child's half, and what is shared."""

    parent_side = text("Parent", required=False, max_length=20_000, multiline=True, sensitivity="clinical")
    child_side = text("Child", required=False, max_length=20_000, multiline=True, sensitivity="clinical")
    shared = text("Together", required=False, max_length=20_000, multiline=True, sensitivity="clinical")
    decision = nested(Decision, "Decision", required=False)


class AssessmentRequest(Contract):
    """Which joint assessment."""

    assessment_id = identifier("Joint assessment")


class VersionRequest(AssessmentRequest):
    """Which version of a joint assessment."""

    version = version()


class EditRequest(Halves, VersionRequest):
    """The record as it is to be from now on: a new version, which needs both signatures again.

    Each agency writes its own side, and both write the shared part: leave out what is not yours to write, and it stays.
    """


class DisagreeRequest(VersionRequest):
    """Say why this version can't be signed."""

    reason = text("What do you disagree with?", max_length=4000, multiline=True, sensitivity="clinical")


class ChangesRequest(AssessmentRequest):
    """Two versions to compare."""

    earlier = whole("Earlier version", ge=1, le=2**31 - 1)
    later = whole("Later version", ge=1, le=2**31 - 1)


class ListAssessmentsRequest(PageRequest):
    """Joint assessments by status and age."""

    status = some_of("Status", STATUSES, required=False)
    family_id = identifier("Family", required=False)
    sort = choice("Order", {"oldest": "Oldest first", "newest": "Newest first"}, required=False, load_default="oldest", allow_none=False)


class Signature(Contract):
    """One person's signature under one version."""

    version = version()
    person_id = identifier("Person")
    person_name = text("Name", max_length=200)
    agency_id = identifier("Agency")
    agency_name = text("Agency", max_length=200)
    agency_kind = choice("Kind of agency", AGENCY_KINDS)
    signed_at = moment("Signed")
    withdrawn_at = moment("Taken back", required=False)


class Disagreement(Contract):
    """Why one person could not sign one version."""

    version = version()
    person_name = text("Name", max_length=200)
    agency_name = text("Agency", max_length=200)
    reason = text("What they disagree with", max_length=4000, sensitivity="clinical")
    at = moment("When")


class VersionSummary(Contract):
    """Who made a version, and when."""

    version = version()
    edited_by = text("Edited by", required=False, max_length=200)
    edited_at = moment("Edited")


class AssessmentSummary(Contract):
    """A joint assessment in a list."""

    id = identifier("Joint assessment")
    status = choice("Status", STATUSES)
    version = version()
    family_id = identifier("Family")
    family_name = text("Family", max_length=2000, sensitivity="personal")
    referral_id = identifier("Referral")
    opened_at = moment("Opened")
    visit_starts_at = moment("Visit", required=False)
    signed_by = fields.List(fields.String(), required=True, metadata={"label": "Agencies that signed this version"})


class Assessment(AssessmentSummary, Halves):
    """A joint assessment as its assessors read it."""

    edited_by = text("Last edited by", required=False, max_length=200)
    edited_at = moment("Last edited")
    agreed_at = moment("Agreed", required=False)
    closed_because = text("Closed because", required=False, max_length=2000, sensitivity="clinical")
    to_know = nested(ToKnow, "Before you go", required=False)
    proposed = many(Assessor, "Proposed for the visit", at_most=2, hint="Whom triage chose when it accepted the referral.")
    visits = many(Visit, "Visits", at_most=1000)
    signatures = many(Signature, "Signatures of every version, newest first", at_most=1000)
    disagreements = many(Disagreement, "Disagreements, newest first", at_most=1000)
    versions = many(VersionSummary, "Versions, newest first", at_most=10_000)
    may_sign = yes_no("Can you sign this version now?")
    left_out = _left_out()


class Change(Contract):
    """What one field said before and says now."""

    field = text("Field", max_length=80)
    label = text("Part", max_length=80)
    before = text("Before", required=False, max_length=20_000, sensitivity="clinical")
    after = text("Now", required=False, max_length=20_000, sensitivity="clinical")


class Changes(Contract):
    """What changed between two versions."""

    earlier = whole("Earlier version", ge=1, le=2**31 - 1)
    later = whole("Later version", ge=1, le=2**31 - 1)
    changes = many(Change, "What changed", at_most=20)
    left_out = _left_out()


class Waiting(Contract):
    """What waits for the team, and for the one who asks."""

    to_arrange = whole("Visits to arrange", ge=0, le=2**31 - 1)
    oldest_to_arrange = moment("Oldest", required=False)
    to_write = whole("To write and sign", ge=0, le=2**31 - 1)
    to_sign = whole("Waiting for your signature", ge=0, le=2**31 - 1)
    oldest_to_sign = moment("Oldest", required=False)
    to_sign_items = many(AssessmentSummary, "Waiting for your signature, oldest first", at_most=10)
    visits = many(Visit, "Visits of the next seven days", at_most=100)


PageOfAssessments = page_of(AssessmentSummary)
