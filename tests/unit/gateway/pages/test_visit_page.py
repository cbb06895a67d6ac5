"""The page on which a joint visit is arranged."""

from typing import Any
from uuid import uuid4

from gateway.pages.assessments import visits
from gateway.pages.forms import Form
from services.assessments.contract import ArrangeVisitRequest, UnsafeVisit
from tests.support.pages import ME, Looking, Seen, seen
from tests.unit.gateway.pages.triaged import member

SAFE = {"channels": ["text"], "times": "Weekdays 9:30 to 14:30", "avoid": "Never leave a voicemail"}


def shown(
    safe: dict[str, Any] | None,
    refusal: UnsafeVisit | None = None,
    proposed: list[dict[str, Any]] | None = None,
    people: list[dict[str, Any]] | None = None,
) -> Seen:
    assessment = {"id": uuid4(), "family_name": "Sinead Doyle and Finn", "proposed": proposed or []}
    filled = Form(ArrangeVisitRequest, "assessment_id", "assessors").blank(minutes=90)
    if refusal:
        filled.refuse(refusal)
    return seen(visits.asked(assessment, filled, people or [], safe))


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


def test_whom_triage_proposed_is_chosen_when_the_page_opens(looking: Looking) -> None:
    ours, theirs = member("camhs"), member("adult_mental_health")
    with looking("practitioner", path=f"/southwark/assessments/{uuid4()}/visit"):
        page = shown(SAFE, proposed=[ours, theirs], people=[ours, theirs])
    assert page.one("#camhs option[selected]")["value"] == str(ours["person_id"])
    assert page.one("#adult_mental_health option[selected]")["value"] == str(theirs["person_id"])
    assert "Proposed at triage: Somebody of camhs (CAMHS) and Somebody of adult_mental_health (Adult team)" in page.text


def test_where_triage_proposed_nobody_whoever_arranges_it_is_chosen(looking: Looking) -> None:
    ours, theirs = member("camhs"), member("adult_mental_health")
    with looking("practitioner", path=f"/southwark/assessments/{uuid4()}/visit"):
        page = shown(SAFE, people=[ours, theirs])
    assert page.one("#camhs option[selected]")["value"] == str(ME)
    assert not page.all("#adult_mental_health option[selected]")
