"""A joint assessment, and the people of two agencies."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis import clock
from chassis.caller import Caller
from chassis.ids import new_id
from services.assessments import contract
from services.assessments.models import FamilyCopy, JointAssessment, Visit
from tests import factories

BOROUGH = new_id()


def opened(*channels: str, known: bool = True) -> JointAssessment:
    """Return a blank assessment, as an accepted referral opens it; by default the family may be visited."""
    safe = {"channels": list(channels) or ["text", "visit"], "times": "Weekdays", "avoid": None}
    document = {"safe_contact": safe} if known else {}
    family = FamilyCopy(borough_id=BOROUGH, id=new_id(), sequence=int(known), name="Luz Castillo and Mateo", document=document)
    return JointAssessment.open(family, new_id(), clock.now())


def visit_request(starts_at: datetime | None = None, **changed: Any) -> dict[str, Any]:
    """Return a loaded `ArrangeVisitRequest`, but for which assessment."""
    request = {"starts_at": starts_at or clock.now() - timedelta(hours=2), "minutes": 90, "assessors": factories.assessors()}
    return {**request, **changed}


def arranged() -> tuple[JointAssessment, Visit]:
    """Return an assessment with a visit that was to start two hours ago."""
    assessment = opened()
    return assessment, assessment.arrange_visit(visit_request(), clock.now())


def visited() -> JointAssessment:
    """Return an assessment whose visit was done; nothing is written yet."""
    assessment, visit = arranged()
    assessment.end_visit(visit, "done", None, clock.now())
    return assessment


def halves(**changed: Any) -> dict[str, Any]:
    """Return what two agencies write, as loaded."""
    written: dict[str, Any] = contract.Halves().load(factories.as_json(contract.Halves, factories.halves_details(**changed)))
    return written


def written(**changed: Any) -> JointAssessment:
    """Return an assessment that is written and decided, in version 2, and unsigned."""
    assessment = visited()
    assessment.edit(1, halves(**changed), factories.caller(BOROUGH), clock.now())
    return assessment


@pytest.fixture
def assessment() -> JointAssessment:
    return written()


@pytest.fixture
def ruth() -> Caller:
    """Ruth of CAMHS."""
    return factories.caller(BOROUGH, name="Ruth Osei")


@pytest.fixture
def paul() -> Caller:
    """Paul of the adult mental health team."""
    return factories.caller(BOROUGH, kind="adult_mental_health", name="Paul Lang")
