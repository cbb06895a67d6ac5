"""What others may see of assessments: schemas, operations, events, errors and code sets."""

from services.assessments.contract.assessment import (
    Assessment,
    AssessmentRequest,
    AssessmentSummary,
    Change,
    Changes,
    ChangesRequest,
    Decision,
    Disagreement,
    DisagreeRequest,
    EditRequest,
    Halves,
    ListAssessmentsRequest,
    PageOfAssessments,
    Signature,
    VersionRequest,
    VersionSummary,
    Waiting,
)
from services.assessments.contract.codes import (
    AGENCY_KINDS,
    OUTCOMES,
    SIDES,
    STATUSES,
    VISIT_STATUSES,
)
from services.assessments.contract.errors import (
    AlreadySigned,
    DecisionNeeded,
    TwoAgenciesNeeded,
    VisitNeeded,
)
from services.assessments.contract.events import (
    ASSESSMENT_AGREED,
    ASSESSMENT_CLOSED,
    ASSESSMENT_OPENED,
    EVENTS,
    VISIT_ARRANGED,
    VISIT_CANCELLED,
    VISIT_DONE,
    VISIT_MISSED,
    AgreedFacts,
    OpenedFacts,
    VisitFacts,
)
from services.assessments.contract.operations import (
    ARRANGE_VISIT,
    ASSESSMENT_CHANGES,
    ASSESSMENT_STORY,
    ASSESSMENTS_WAITING,
    CANCEL_VISIT,
    DISAGREE,
    EDIT,
    GET_ASSESSMENT,
    LIST_ASSESSMENTS,
    MARK_VISIT_DONE,
    MARK_VISIT_MISSED,
    OPERATIONS,
    SIGN,
)
from services.assessments.contract.visit import (
    ArrangeVisitRequest,
    Assessor,
    Visit,
    VisitNotDoneRequest,
    VisitRequest,
)

__all__ = [
    "AGENCY_KINDS", "ARRANGE_VISIT", "ASSESSMENTS_WAITING", "ASSESSMENT_AGREED", "ASSESSMENT_CHANGES",
    "ASSESSMENT_CLOSED", "ASSESSMENT_OPENED", "ASSESSMENT_STORY", "CANCEL_VISIT", "DISAGREE", "EDIT",
    "EVENTS", "GET_ASSESSMENT", "LIST_ASSESSMENTS", "MARK_VISIT_DONE", "MARK_VISIT_MISSED", "OPERATIONS",
    "OUTCOMES", "SIDES", "SIGN", "STATUSES", "VISIT_ARRANGED", "VISIT_CANCELLED", "VISIT_DONE",
    "VISIT_MISSED", "VISIT_STATUSES", "AgreedFacts", "AlreadySigned", "ArrangeVisitRequest", "Assessment",
    "AssessmentRequest", "AssessmentSummary", "Assessor", "Change", "Changes", "ChangesRequest", "Decision",
    "DecisionNeeded", "DisagreeRequest", "Disagreement", "EditRequest", "Halves", "ListAssessmentsRequest",
    "OpenedFacts", "PageOfAssessments", "Signature", "TwoAgenciesNeeded", "VersionRequest", "VersionSummary",
    "Visit", "VisitFacts", "VisitNeeded", "VisitNotDoneRequest", "VisitRequest", "Waiting",
]
