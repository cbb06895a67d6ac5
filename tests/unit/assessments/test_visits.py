"""The joint visit: two people of the two agencies, and how it ends."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis import clock
from chassis.errors import InvalidTransition, NotReady
from services.assessments import contract
from services.assessments.models import check_assessors
from tests import factories
from tests.unit.assessments.conftest import arranged, opened, visit_request


def test_a_visit_is_arranged_with_two_agencies() -> None:
    assessment = opened()
    starts_at = clock.now() + timedelta(days=4)
    visit = assessment.arrange_visit(visit_request(starts_at), clock.now())
    assert (assessment.status, assessment.visit_starts_at) == ("visit_arranged", starts_at)
    event = visit.event()
    assert event.type is contract.VISIT_ARRANGED
    assert (event.subject, event.sequence) == (visit.id, 1)
    assert event.data["family_name"] == "Luz Castillo and Mateo"
    assert event.data["assessors"] == ["Ruth Osei", "Paul Lang"]
    assert contract.VisitFacts().validate(contract.VisitFacts().dump(event.data)) == {}


def test_two_of_the_same_agency_do_not_make_a_joint_visit() -> None:
    ruth, paul = factories.assessors()
    with pytest.raises(contract.TwoAgenciesNeeded):
        check_assessors([ruth, {**paul, "agency_id": ruth["agency_id"]}])


def test_two_of_the_same_side_do_not_make_a_joint_visit() -> None:
    ruth, _ = factories.assessors()
    other, _ = factories.assessors()
    with pytest.raises(contract.TwoAgenciesNeeded):
        check_assessors([ruth, other])


def test_one_person_alone_does_not_make_a_joint_visit() -> None:
    ruth, paul = factories.assessors()
    with pytest.raises(contract.TwoAgenciesNeeded):
        check_assessors([ruth, {**paul, "person_id": ruth["person_id"]}])


@pytest.mark.parametrize("kind", ["childrens_centre", "referring"])
def test_other_agencies_do_not_make_a_joint_visit(kind: str) -> None:
    ruth, paul = factories.assessors()
    with pytest.raises(contract.TwoAgenciesNeeded):
        check_assessors([ruth, {**paul, "agency_kind": kind}])


def test_a_refused_visit_leaves_the_assessment_waiting() -> None:
    assessment = opened()
    with pytest.raises(contract.TwoAgenciesNeeded):
        assessment.arrange_visit(visit_request(assessors=factories.assessors()[:1] * 2), clock.now())
    assert (assessment.status, assessment.visits) == ("waiting", [])


def test_nobody_goes_to_the_home_of_a_family_that_did_not_say_it_is_safe() -> None:
    assessment = opened("phone", "text")
    with pytest.raises(contract.UnsafeVisit) as refused:
        assessment.arrange_visit(visit_request(), clock.now())
    assert refused.value.facts == {"safe": ["phone", "text"], "times": "Weekdays", "avoid": None}
    assert (assessment.status, assessment.visits) == ("waiting", [])


def test_nobody_goes_to_the_home_of_a_family_before_it_is_known_whether_it_is_safe() -> None:
    assessment = opened(known=False)
    with pytest.raises(NotReady):
        assessment.arrange_visit(visit_request(), clock.now())
    assert (assessment.status, assessment.visits) == ("waiting", [])


def test_one_visit_at_a_time() -> None:
    assessment, _ = arranged()
    with pytest.raises(InvalidTransition):
        assessment.arrange_visit(visit_request(), clock.now())
    assert len(assessment.visits) == 1


def test_a_visit_that_was_done_opens_the_signing() -> None:
    assessment, visit = arranged()
    event = assessment.end_visit(visit, "done", None, clock.now())
    assert (assessment.status, visit.status) == ("visited", "done")
    assert (event.type, event.sequence) == (contract.VISIT_DONE, 2)


@pytest.mark.parametrize(("status", "event_type"), [("missed", contract.VISIT_MISSED), ("cancelled", contract.VISIT_CANCELLED)])
def test_after_a_visit_that_did_not_take_place_another_is_to_be_arranged(status: str, event_type: object) -> None:
    assessment, visit = arranged()
    event = assessment.end_visit(visit, status, "Nobody was in", clock.now())
    assert (assessment.status, assessment.visit_starts_at) == ("waiting", None)
    assert (event.type, visit.reason) == (event_type, "Nobody was in")
    assert assessment.arrange_visit(visit_request(), clock.now()).sequence == 1
    assert len(assessment.visits) == 2


def test_the_words_about_a_missed_visit_stay_here() -> None:
    assessment, visit = arranged()
    event = assessment.end_visit(visit, "missed", "Her brother opened, drunk", clock.now())
    assert "drunk" not in str(event.data)


@pytest.mark.parametrize("status", ["done", "missed", "cancelled"])
def test_a_visit_ends_once(status: str) -> None:
    assessment, visit = arranged()
    assessment.end_visit(visit, status, None, clock.now())
    for again in ("done", "missed", "cancelled"):
        with pytest.raises(InvalidTransition):
            assessment.end_visit(visit, again, None, clock.now())
    assert (visit.status, visit.sequence) == (status, 2)


@pytest.mark.parametrize("status", ["done", "missed"])
def test_nobody_says_how_a_visit_went_before_it_started(status: str) -> None:
    assessment = opened()
    visit = assessment.arrange_visit(visit_request(datetime(2026, 7, 14, 9, 0, tzinfo=UTC)), clock.now())
    with pytest.raises(InvalidTransition) as refused:
        assessment.end_visit(visit, status, None, datetime(2026, 7, 14, 8, 59, tzinfo=UTC))
    assert "14 July at 10:00" in refused.value.message
    assert assessment.status == "visit_arranged"


def test_a_visit_may_be_called_off_before_it_starts() -> None:
    assessment = opened()
    visit = assessment.arrange_visit(visit_request(clock.now() + timedelta(days=4)), clock.now())
    assessment.end_visit(visit, "cancelled", "She is at her sister's", clock.now())
    assert assessment.status == "waiting"


def test_an_older_visit_does_not_move_the_assessment() -> None:
    assessment, first = arranged()
    assessment.end_visit(first, "missed", None, clock.now())
    assessment.arrange_visit(visit_request(), clock.now())
    with pytest.raises(InvalidTransition):
        assessment.end_visit(first, "done", None, clock.now())
    assert assessment.status == "visit_arranged"
