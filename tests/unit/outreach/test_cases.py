"""Outreach cases: when contact is due, who owns them, what escalates and what closes them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import InvalidTransition
from chassis.ids import new_id
from chassis.working_days import is_working_day, working_days_after
from services.outreach import contract
from services.outreach.models import Case, Contact, Policy
from tests.support.reaching import BOROUGH, TUESDAY, a_case, a_family, at, by, contact_values

FRIDAY = date(2025, 3, 7)
POLICY = Policy()


@pytest.mark.parametrize(
    ("reason", "due_on"),
    [
        ("missed_sessions", date(2025, 3, 5)), ("before_joining", date(2025, 3, 11)), ("referrers_concern", date(2025, 3, 6)),
        ("re_engagement", date(2025, 3, 6)),
    ],
)  # fmt: skip
def test_first_contact_is_due_in_as_many_working_days_as_the_reason_asks_for(reason: str, due_on: date) -> None:
    assert a_case(reason).due_on == due_on


def test_before_joining_the_policy_of_the_borough_says_how_soon_to_be_in_touch() -> None:
    opened: dict[str, Any] = {"on": date(2025, 3, 4), "at": datetime(2025, 3, 4, 10, tzinfo=UTC)}
    soon, _ = Case.opened(new_id(), new_id(), "before_joining", policy=Policy.of({"first_contact_days": 2}), **opened)
    other, _ = Case.opened(new_id(), new_id(), "re_engagement", policy=Policy.of({"first_contact_days": 9}), **opened)
    assert (soon.due_on, other.due_on) == (date(2025, 3, 6), date(2025, 3, 6))


def test_nobody_is_to_be_reached_on_a_weekend_or_a_bank_holiday() -> None:
    assert working_days_after(FRIDAY, 1) == date(2025, 3, 10)
    assert working_days_after(date(2025, 4, 17), 1) == date(2025, 4, 22)


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(1, 20))
def test_so_many_working_days_later_is_a_working_day_with_so_many_in_between(day: date, count: int) -> None:
    later = working_days_after(day, count)
    between = [day + timedelta(days=step) for step in range(1, (later - day).days + 1)]
    assert is_working_day(later)
    assert sum(map(is_working_day, between)) == count


def test_a_case_that_opens_says_for_whom_and_why() -> None:
    family_id = new_id()
    case, event = Case.opened(BOROUGH, family_id, "missed_sessions", on=TUESDAY, at=at(), missed=2)
    assert (case.status, case.owner_id, case.escalated, case.contacts) == ("open", None, False, 0)
    assert event.type is contract.CASE_OPENED
    assert (event.subject, event.sequence, event.data) == (case.id, 1, {"family_id": family_id, "reason": "missed_sessions", "missed": 2})


def test_a_person_can_say_when_contact_is_due() -> None:
    case, _ = Case.opened(BOROUGH, new_id(), "referrers_concern", on=TUESDAY, at=at(), words="Not seen", due_on=TUESDAY)
    assert case.due_on == TUESDAY


def test_a_case_is_overdue_from_the_day_after_its_contact_was_due_until_it_closes() -> None:
    case = a_case()
    assert not case.is_overdue(case.due_on)
    assert case.is_overdue(case.due_on + timedelta(days=1))
    case.close("back", at=at(), by="Jo Marsh")
    assert not case.is_overdue(case.due_on + timedelta(days=1))


def test_whoever_takes_a_case_owns_it_and_may_take_it_from_somebody_else() -> None:
    case, jo, amina = a_case(), by("Jo Marsh"), by("Amina Khan")
    case.take(jo)
    assert (case.owner_id, case.owner_name) == (jo.person_id, "Jo Marsh")
    case.take(amina)
    assert case.owner_name == "Amina Khan"


def test_missing_more_escalates_a_case_once_and_makes_contact_due_the_same_day() -> None:
    case = a_case(due_on=TUESDAY + timedelta(days=9))
    assert case.hear_missed(3, POLICY, on=TUESDAY, at=at()) == []
    (event,) = case.hear_missed(4, POLICY, on=TUESDAY, at=at())
    assert event.type is contract.CASE_ESCALATED
    assert event.data["missed"] == 4
    assert (case.escalated, case.due_on) == (True, TUESDAY)
    assert case.hear_missed(5, POLICY, on=TUESDAY, at=at()) == []
    assert case.missed == 5


def test_escalating_never_makes_contact_due_later() -> None:
    case = a_case(due_on=TUESDAY - timedelta(days=3))
    case.hear_missed(4, POLICY, on=TUESDAY, at=at())
    assert case.due_on == TUESDAY - timedelta(days=3)


def test_the_borough_says_when_to_escalate() -> None:
    patient = Policy.of({"missed_before_outreach": 3, "missed_before_escalation": 6})
    case = a_case()
    assert case.hear_missed(5, patient, on=TUESDAY, at=at()) == []
    assert len(case.hear_missed(6, patient, on=TUESDAY, at=at())) == 1


def test_a_policy_that_is_silent_leaves_what_is_usual() -> None:
    assert Policy.of({}) == Policy.of({"missed_before_outreach": None, "colour": "#0f5c63"}) == Policy(2, 4)


@pytest.mark.parametrize(("outcome", "due_on"), [("reached", date(2025, 3, 11)), ("no_answer", date(2025, 3, 6))])
def test_what_came_of_a_contact_decides_when_the_next_is_due(outcome: str, due_on: date) -> None:
    case, family = a_case(), a_family()
    contact, _ = Contact.made(family, contact_values(outcome=outcome), case.id, by())
    case.contacted(contact, None, today=TUESDAY)
    assert (case.contacts, case.last_contact_at, case.due_on) == (1, at(), due_on)


@pytest.mark.parametrize(
    ("due_on", "then"),
    [(date(2025, 3, 28), date(2025, 3, 10)), (date(2025, 3, 10), date(2025, 3, 10)), (date(2025, 3, 5), date(2025, 3, 5))],
)
def test_a_missed_visit_makes_contact_due_soon_and_never_later(due_on: date, then: date) -> None:
    case = a_case("before_joining", due_on=due_on)
    case.hear_of_missed_visit(at(on=FRIDAY), on=FRIDAY)
    assert case.due_on == then


def test_who_writes_a_contact_down_can_say_when_the_next_is_due() -> None:
    case = a_case()
    contact, _ = Contact.made(a_family(), contact_values(), case.id, by())
    case.contacted(contact, FRIDAY, today=TUESDAY)
    assert case.due_on == FRIDAY


def test_a_contact_written_down_late_is_not_taken_for_the_last_one() -> None:
    case, family = a_case(), a_family()
    for moment in (at(12), at(9)):
        case.contacted(Contact.made(family, contact_values(made_at=moment), case.id, by())[0], None, today=TUESDAY)
    assert (case.contacts, case.last_contact_at) == (2, at(12))


def test_a_case_closes_for_a_reason_and_says_so() -> None:
    case = a_case(version=3)
    event = case.close("family_decided", at=at(), by="Jo Marsh", words="They prefer the library")
    assert (case.status, case.closed_because, case.closed_by, case.closed_at) == ("closed", "family_decided", "Jo Marsh", at())
    assert event.type is contract.CASE_CLOSED
    assert (event.sequence, event.data["because"]) == (4, "family_decided")
    assert "words" not in event.data


def test_a_closed_case_takes_nothing_more() -> None:
    case = a_case()
    case.close("back", at=at(), by="Jo Marsh")
    contact, _ = Contact.made(a_family(), contact_values(), case.id, by())
    with pytest.raises(InvalidTransition):
        case.take(by())
    with pytest.raises(InvalidTransition):
        case.contacted(contact, None, today=TUESDAY)
    with pytest.raises(InvalidTransition):
        case.close("back", at=at(), by="Jo Marsh")


def test_a_step_of_the_story_says_why_and_by_when_but_not_what_was_written() -> None:
    case = a_case(owner_name="Jo Marsh", words="The referrer has not seen them")
    step = case.step("case.opened", at=at(), by="Stay & Play (outreach)")
    assert step.facts == {"reason": "missed_sessions", "missed": 0, "due_on": "2025-03-05", "owner_name": "Jo Marsh"}
    assert step.case_id == case.id
    assert step.kind in contract.STORY_KINDS
