"""What the assessments service tells the others."""

from marshmallow import fields

from chassis.contract import EventType
from chassis.keeping import ERASURE_REPORTED
from chassis.schemas import Contract, choice, identifier, moment, text, whole
from services.assessments.contract.codes import OUTCOMES, VISIT_STATUSES


class OpenedFacts(Contract):
    """A joint assessment was opened or closed. The subject is the assessment."""

    family_id = identifier("Family")
    family_name = text("Family", max_length=2000, sensitivity="personal")
    referral_id = identifier("Referral")


class AgreedFacts(OpenedFacts):
    """Both agencies signed the same version. The subject is the assessment; nothing clinical."""

    version = whole("Version", ge=1, le=2**31 - 1)
    decision = choice("Outcome", OUTCOMES)
    group_id = identifier("Group", required=False)
    group_name = text("Group", required=False, max_length=200)
    before_joining = text("Before joining", required=False, max_length=1000)
    agreed_at = moment("Agreed")
    signed_by = fields.List(fields.String(), required=True, metadata={"label": "Agencies that signed"})


class VisitFacts(Contract):
    """A joint visit moved. The subject is the visit."""

    assessment_id = identifier("Joint assessment")
    family_id = identifier("Family")
    family_name = text("Family", max_length=2000, sensitivity="personal")
    status = choice("Status", VISIT_STATUSES)
    starts_at = moment("Starts")
    minutes = whole("Minutes", ge=15, le=480)
    assessors = fields.List(fields.String(), required=True, metadata={"label": "Who visits, by name"})


ASSESSMENT_OPENED = EventType("assessments.assessment.opened", OpenedFacts)
ASSESSMENT_AGREED = EventType("assessments.assessment.agreed", AgreedFacts)
ASSESSMENT_CLOSED = EventType("assessments.assessment.closed", OpenedFacts)
VISIT_ARRANGED = EventType("assessments.visit.arranged", VisitFacts)
VISIT_DONE = EventType("assessments.visit.done", VisitFacts)
VISIT_MISSED = EventType("assessments.visit.missed", VisitFacts)
VISIT_CANCELLED = EventType("assessments.visit.cancelled", VisitFacts)

EVENTS: tuple[EventType, ...] = (
    ASSESSMENT_OPENED,
    ASSESSMENT_AGREED,
    ASSESSMENT_CLOSED,
    VISIT_ARRANGED,
    VISIT_DONE,
    VISIT_MISSED,
    VISIT_CANCELLED,
    ERASURE_REPORTED["assessments"],
)
