"""What the assessments service can be asked to do."""

from chassis.auditing import audit_operations
from chassis.contract import Operation
from chassis.keeping import HELD
from chassis.schemas import Nothing
from services.assessments.contract import assessment, visit
from services.referrals.contract import FamilyRequest, Story

_READ, _VISIT, _EDIT, _SIGN = "assessments.read", "assessments.visit", "assessments.edit", "assessments.sign"

LIST_ASSESSMENTS = Operation("assessments", "list_assessments", _READ, assessment.ListAssessmentsRequest, assessment.PageOfAssessments)
GET_ASSESSMENT = Operation("assessments", "get_assessment", _READ, assessment.AssessmentRequest, assessment.Assessment)
ASSESSMENT_CHANGES = Operation("assessments", "assessment_changes", _READ, assessment.ChangesRequest, assessment.Changes)
ASSESSMENTS_WAITING = Operation("assessments", "assessments_waiting", _READ, Nothing, assessment.Waiting)
ASSESSMENT_STORY = Operation("assessments", "assessment_story", "families.read", FamilyRequest, Story)

ARRANGE_VISIT = Operation("assessments", "arrange_visit", _VISIT, visit.ArrangeVisitRequest, visit.Visit, changes=True)
MARK_VISIT_DONE = Operation("assessments", "mark_visit_done", _VISIT, visit.VisitRequest, visit.Visit, changes=True)
MARK_VISIT_MISSED = Operation("assessments", "mark_visit_missed", _VISIT, visit.VisitNotDoneRequest, visit.Visit, changes=True)
CANCEL_VISIT = Operation("assessments", "cancel_visit", _VISIT, visit.VisitNotDoneRequest, visit.Visit, changes=True)

EDIT = Operation("assessments", "edit", _EDIT, assessment.EditRequest, assessment.Assessment, changes=True)
SIGN = Operation("assessments", "sign", _SIGN, assessment.VersionRequest, assessment.Assessment, changes=True)
DISAGREE = Operation("assessments", "disagree", _SIGN, assessment.DisagreeRequest, assessment.Assessment, changes=True)

OPERATIONS: tuple[Operation, ...] = (
    LIST_ASSESSMENTS,
    GET_ASSESSMENT,
    ASSESSMENT_CHANGES,
    ASSESSMENTS_WAITING,
    ASSESSMENT_STORY,
    ARRANGE_VISIT,
    MARK_VISIT_DONE,
    MARK_VISIT_MISSED,
    CANCEL_VISIT,
    EDIT,
    SIGN,
    DISAGREE,
    HELD["assessments"],
    *audit_operations("assessments"),
)
