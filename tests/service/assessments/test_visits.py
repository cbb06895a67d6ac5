"""The joint visit is arranged by two agencies, and ends."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis import clock
from chassis.caller import Caller
from chassis.errors import Forbidden, Invalid, InvalidTransition, NotFound
from chassis.ids import new_id
from services.assessments import contract
from services.referrals import contract as referrals
from tests import factories
from tests.service.assessments.conftest import Open
from tests.support.desk import Desk, until


@pytest.fixture
def arrange(both: Desk, ruth: Caller, paul: Caller) -> Any:
    def arranged(assessment: dict[str, Any], starts_at: datetime | None = None, **changed: Any) -> dict[str, Any]:
        request = {"starts_at": starts_at or clock.now() - timedelta(hours=2), "minutes": 90, "assessors": factories.assessors(ruth, paul)}
        return both.ask(contract.ARRANGE_VISIT, changed.pop("by", ruth), assessment_id=assessment["id"], **{**request, **changed})

    return arranged


def test_a_visit_is_arranged_and_told(both: Desk, opened: Open, arrange: Any, ruth: Caller, southwark: UUID) -> None:
    assessment = opened()
    starts_at = clock.now() + timedelta(days=3)
    visit = arrange(assessment, starts_at)
    assert (visit["status"], visit["starts_at"], visit["family_name"]) == ("arranged", starts_at, assessment["family_name"])
    assert [assessor["name"] for assessor in visit["assessors"]] == ["Ruth Osei", "Paul Lang"]
    read = both.ask(contract.GET_ASSESSMENT, ruth, assessment_id=assessment["id"])
    assert (read["status"], read["visit_starts_at"]) == ("visit_arranged", starts_at)
    event = both.told("assessments", southwark)[-1]
    assert (event["type"], event["subject"], event["sequence"]) == ("assessments.visit.arranged", visit["id"], 1)


def test_a_family_that_did_not_say_a_visit_is_safe_is_visited_once_it_does(
    both: Desk, opened: Open, arrange: Any, ruth: Caller, southwark: UUID
) -> None:
    assessment = opened(safe_contact=factories.safe_contact_details(channels=["phone"]))
    before = both.told("assessments", southwark)
    with pytest.raises(contract.UnsafeVisit):
        arrange(assessment)
    assert both.told("assessments", southwark) == before
    family = both.ask(referrals.GET_FAMILY, ruth, family_id=assessment["family_id"])
    asked = referrals.ChangeFamilyRequest().fields.keys() - {"family_id"}
    now_safe = {**{name: family[name] for name in asked}, "safe_contact": factories.safe_contact_details(channels=["phone", "visit"])}
    both.ask(referrals.CHANGE_FAMILY, ruth, family_id=family["id"], **now_safe)
    assert until(lambda: arranged_if_safe(arrange, assessment))["status"] == "arranged"


def arranged_if_safe(arrange: Any, assessment: dict[str, Any]) -> dict[str, Any]:
    try:
        visit: dict[str, Any] = arrange(assessment)
    except contract.UnsafeVisit:
        return {}
    return visit


def test_two_of_the_same_agency_are_not_enough_for_a_visit(both: Desk, opened: Open, arrange: Any, ruth: Caller) -> None:
    assessment = opened()
    with pytest.raises(contract.TwoAgenciesNeeded) as refused:
        arrange(assessment, assessors=factories.assessors(ruth, ruth))
    assert refused.value.status == 409
    assert both.ask(contract.GET_ASSESSMENT, ruth, assessment_id=assessment["id"])["visits"] == []


@pytest.mark.parametrize(
    ("changed", "field"), [({"minutes": 5}, "minutes"), ({"assessors": []}, "assessors"), ({"minutes": 481}, "minutes")]
)
def test_a_visit_that_can_not_be_is_refused(opened: Open, arrange: Any, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        arrange(opened(), **changed)
    assert list(refused.value.faults) == [field]


def test_a_visit_arranged_twice_with_its_key_is_one(both: Desk, opened: Open, ruth: Caller, paul: Caller, southwark: UUID) -> None:
    assessment, key = opened(), uuid4().hex
    request = {"starts_at": clock.now() + timedelta(days=3), "minutes": 90, "assessors": factories.assessors(ruth, paul)}
    first = both.ask(contract.ARRANGE_VISIT, ruth, key=key, assessment_id=assessment["id"], **request)
    assert both.ask(contract.ARRANGE_VISIT, ruth, key=key, assessment_id=assessment["id"], **request) == first
    assert [event["type"] for event in both.told("assessments", southwark)].count("assessments.visit.arranged") == 1


def test_a_second_visit_at_the_same_time_is_refused(opened: Open, arrange: Any) -> None:
    assessment = opened()
    arrange(assessment)
    with pytest.raises(InvalidTransition):
        arrange(assessment)


@pytest.mark.parametrize(
    ("operation", "status", "then"),
    [
        (contract.MARK_VISIT_DONE, "done", "visited"),
        (contract.MARK_VISIT_MISSED, "missed", "waiting"),
        (contract.CANCEL_VISIT, "cancelled", "waiting"),
    ],
)
def test_a_visit_ends_and_the_assessment_moves_with_it(
    both: Desk, opened: Open, arrange: Any, ruth: Caller, southwark: UUID, operation: Any, status: str, then: str
) -> None:
    assessment = opened()
    visit = arrange(assessment)
    ended = both.ask(operation, ruth, visit_id=visit["id"])
    assert ended["status"] == status
    assert both.ask(contract.GET_ASSESSMENT, ruth, assessment_id=assessment["id"])["status"] == then
    event = both.told("assessments", southwark)[-1]
    assert (event["type"], event["sequence"]) == (f"assessments.visit.{status}", 2)
    with pytest.raises(InvalidTransition):
        both.ask(operation, ruth, visit_id=visit["id"])


def test_a_visit_that_has_not_started_is_not_done(both: Desk, opened: Open, arrange: Any, ruth: Caller) -> None:
    visit = arrange(opened(), clock.now() + timedelta(hours=1))
    with pytest.raises(InvalidTransition):
        both.ask(contract.MARK_VISIT_DONE, ruth, visit_id=visit["id"])


def test_after_a_missed_visit_another_is_arranged(both: Desk, opened: Open, arrange: Any, ruth: Caller) -> None:
    assessment = opened()
    both.ask(contract.MARK_VISIT_MISSED, ruth, visit_id=arrange(assessment)["id"], reason="Nobody was in")
    arrange(assessment)
    visits = both.ask(contract.GET_ASSESSMENT, ruth, assessment_id=assessment["id"])["visits"]
    assert sorted(visit["status"] for visit in visits) == ["arranged", "missed"]


@pytest.mark.parametrize("operation", [contract.MARK_VISIT_DONE, contract.MARK_VISIT_MISSED, contract.CANCEL_VISIT])
def test_other_borough_does_not_end_a_visit(both: Desk, opened: Open, arrange: Any, neighbour: Caller, operation: Any) -> None:
    visit = arrange(opened())
    with pytest.raises(NotFound) as other:
        both.ask(operation, neighbour, visit_id=visit["id"])
    with pytest.raises(NotFound) as unknown:
        both.ask(operation, neighbour, visit_id=new_id())
    assert other.value.to_wire() == unknown.value.to_wire()


def test_other_borough_does_not_arrange_a_visit(opened: Open, arrange: Any, neighbour: Caller) -> None:
    with pytest.raises(NotFound):
        arrange(opened(), by=neighbour)


def test_a_facilitator_does_not_arrange_a_visit(opened: Open, arrange: Any, facilitator: Caller) -> None:
    with pytest.raises(Forbidden):
        arrange(opened(), by=facilitator)
