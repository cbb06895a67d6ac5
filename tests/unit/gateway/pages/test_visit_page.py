"""The page on which a joint visit is arranged."""

from typing import Any
from uuid import uuid4

from gateway.pages.assessments import visits
from gateway.pages.forms import Form
from services.assessments.contract import ArrangeVisitRequest, UnsafeVisit
from tests.support.pages import Looking, Seen, seen

SAFE = {"channels": ["text"], "times": "Weekdays 9:30 to 14:30", "avoid": "Never leave a voicemail"}


def shown(safe: dict[str, Any] | None, refusal: UnsafeVisit | None = None) -> Seen:
    assessment = {"id": uuid4(), "family_name": "Sinead Doyle and Finn"}
    filled = Form(ArrangeVisitRequest, "assessment_id", "assessors").blank(minutes=90)
    if refusal:
        filled.refuse(refusal)
    return seen(visits.asked(assessment, filled, [], safe))


def test_how_the_family_may_be_reached_stands_above_the_questions(looking: Looking) -> None:
    with looking("practitioner", path=f"/southwark/assessments/{uuid4()}/visit"):
        page = shown(SAFE)
    assert "Text message only" in page.one(".before-contact").text
    assert "Never leave a voicemail" in page.one(".before-contact").text
    assert page.text.index("Before you make contact") < page.text.index("Arrange the visit")


def test_an_unsafe_visit_is_refused_with_what_to_do(looking: Looking) -> None:
    with looking("practitioner", path=f"/southwark/assessments/{uuid4()}/visit"):
        page = shown(SAFE, UnsafeVisit(safe=["text"]))
    assert page.one(".govuk-error-summary__title").words == "A visit is not safe for this family"
    assert "Ask them in a way that is" in page.one(".govuk-error-summary").words


def test_a_page_without_the_family_is_still_a_page(looking: Looking) -> None:
    with looking("practitioner", path=f"/southwark/assessments/{uuid4()}/visit"):
        assert not shown(None).all(".before-contact")
