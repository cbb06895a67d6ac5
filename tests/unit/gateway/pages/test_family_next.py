"""What is due next for a family, whichever service knows of it, the soonest first."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from chassis import clock
from chassis.ids import new_id
from gateway.pages.family.next import Step, next_steps
from tests.support.families import a_family
from tests.support.pages import NOW

TODAY = NOW.date()


def entry(kind: str, days_ago: int = 3, **facts: Any) -> dict[str, Any]:
    return {"id": new_id(), "kind": kind, "occurred_at": clock.now() - timedelta(days=days_ago), "facts": facts}


def steps(*entries: dict[str, Any], attendance: Any = None, outreach: Any = None, **family: Any) -> list[Step]:
    return next_steps(a_family(**family), entries, attendance, outreach)


def place(status: str) -> dict[str, Any]:
    return {"place": {"status": status, "asked_on": TODAY - timedelta(days=9)}, "next_session": None}


def visit(days: int, visit_id: str = "one") -> dict[str, Any]:
    starts = clock.now() + timedelta(days=days)
    return entry("visit.arranged", 5, visit_id=visit_id, starts_at=clock.london(starts).isoformat())


def test_nothing_is_due_where_nothing_waits() -> None:
    assert steps() == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("referral.received", "Waits for triage since"),
        ("referral.informed", "Waits for triage since"),
        ("referral.needs_information", "was asked"),
    ],
)
def test_a_referral_waits_until_it_is_decided(kind: str, words: str) -> None:
    (step,) = steps(entry(kind, referral_id="one"))
    assert words in step.words
    assert (step.page, step.permission, step.values) == ("referrals.show", "referrals.read", {"referral_id": "one"})
    assert steps(entry(kind, 3, referral_id="one"), entry("referral.accepted", 2, referral_id="one")) == []


def test_each_referral_waits_by_itself() -> None:
    entries = [entry("referral.received", 9, referral_id="one"), entry("referral.closed", 2, referral_id="one")]
    assert [step.values for step in steps(*entries, entry("referral.received", 1, referral_id="two"))] == [{"referral_id": "two"}]


def test_an_assessment_waits_for_its_visit_then_for_two_signatures() -> None:
    opened = entry("assessment.opened", assessment_id="one")
    assert steps(opened)[0].words.startswith("Open since")
    assert steps(opened, entry("visit.done", 1, visit_id="one"))[0].words == "To be written and signed by both agencies"
    assert steps(opened, entry("assessment.agreed", 1, assessment_id="one")) == []


def test_a_visit_that_is_arranged_comes_next() -> None:
    (step,) = steps(visit(0))
    assert step.term == "Joint visit"
    (late,) = steps(visit(-2))
    assert late.words.endswith("say what came of it")


@pytest.mark.parametrize("what", ["visit.done", "visit.missed", "visit.cancelled"])
def test_a_visit_of_which_something_came_is_over(what: str) -> None:
    assert steps(visit(-2), entry(what, 1, visit_id="one")) == []
    assert len(steps(visit(-2), entry(what, 1, visit_id="one"), visit(3, "two"))) == 1


@pytest.mark.parametrize(("status", "words"), [("waiting", "On the waiting list"), ("offered", "Offered, not taken up yet")])
def test_a_place_that_is_not_taken_up_waits(status: str, words: str) -> None:
    (step,) = steps(attendance=place(status))
    assert step.words.startswith(words)


@pytest.mark.parametrize("status", ["active", "paused", "ended"])
def test_a_place_that_is_taken_up_waits_for_nothing(status: str) -> None:
    assert steps(attendance=place(status)) == []


def test_a_contact_is_due_and_has_an_owner_or_none_yet() -> None:
    case = {"id": uuid4(), "due_on": TODAY + timedelta(days=1), "owner_name": None}
    (step,) = steps(outreach={"open_cases": [case]})
    assert (step.words, step.page, step.permission) == ("Due tomorrow, not taken yet", "outreach.show", "outreach.read")
    (owned,) = steps(outreach={"open_cases": [{**case, "due_on": TODAY - timedelta(days=2), "owner_name": "Jo Marsh"}]})
    assert owned.words == "Overdue by 2 days, Jo Marsh"


def test_a_session_comes_with_whether_they_are_collected() -> None:
    session = {"on": TODAY, "starts_at": clock.now(), "collection": "arranged"}
    (step,) = steps(attendance={"place": None, "next_session": session})
    assert step.words.endswith(", to be collected")
    (alone,) = steps(attendance={"place": None, "next_session": {**session, "collection": None}})
    assert "collected" not in alone.words


def test_a_baby_is_expected_until_it_is_born() -> None:
    baby = {"id": new_id(), "given_name": "", "birth_date": None, "expected_date": date(2027, 1, 3)}
    (step,) = steps(children=[baby])
    assert (step.term, step.words) == ("Baby", "Expected baby, 3 January 2027")
    assert steps(children=[{**baby, "birth_date": date(2027, 1, 5), "given_name": "Aoife"}]) == []


def test_the_soonest_of_all_services_stands_first() -> None:
    case = {"id": uuid4(), "due_on": TODAY + timedelta(days=2), "owner_name": "Jo Marsh"}
    session = {"on": TODAY + timedelta(days=1), "starts_at": clock.now(), "collection": None}
    found = steps(
        visit(4),
        entry("assessment.opened", 3, assessment_id="one"),
        attendance={"place": None, "next_session": session},
        outreach={"open_cases": [case]},
    )
    assert [step.term for step in found] == ["Joint assessment", "Session", "Contact", "Joint visit"]


def test_a_service_that_does_not_answer_leaves_the_others_their_steps() -> None:
    assert [step.term for step in steps(entry("referral.received", referral_id="one"), attendance=None, outreach=None)] == ["Referral"]
