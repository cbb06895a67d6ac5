"""What assessments keeps, with its rules: methods return their event or raise a typed error."""

from services.assessments.models.assessment import JointAssessment
from services.assessments.models.copies import FamilyCopy, ReferralCopy
from services.assessments.models.merges import FamilyMerge
from services.assessments.models.record import Disagreement, Signature, Version, changes_between, content_of
from services.assessments.models.visit import Visit, check_assessors

__all__ = [
    "Disagreement",
    "FamilyCopy",
    "FamilyMerge",
    "JointAssessment",
    "ReferralCopy",
    "Signature",
    "Version",
    "Visit",
    "changes_between",
    "check_assessors",
    "content_of",
]
