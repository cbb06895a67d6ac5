"""A referral moves only as the domain allows, and each move leaves its trace."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import clock
from chassis.caller import Caller
from chassis.contract import Event
from chassis.database.work import _dumped
from chassis.errors import Conflict, InvalidTransition, Stale, StayPlayError
from chassis.ids import new_id
from services.referrals import contract
from services.referrals.models import Referral
from tests import factories
from tests.unit.referrals.conftest import received

MOVES = {
    "needs_information": lambda referral, by: referral.ask(referral.version, "Does she have a GP?", by, clock.now()),
    "received": lambda referral, by: referral.answer(referral.version, "Yes, at Lambeth Walk", by, clock.now()),
    "accepted": lambda referral, by: referral.accept(referral.version, "Fits", by, clock.now()),
    "redirected": lambda referral, by: referral.redirect(referral.version, "Perinatal team", "Too unwell", by, clock.now()),
    "declined": lambda referral, by: referral.decline(referral.version, "Lives in Kent", by, clock.now(), because="other"),
    "withdrawn": lambda referral, by: referral.withdraw(referral.version, "Changed her mind", by, clock.now()),
    "duplicate": lambda referral, by: referral.mark_duplicate(referral.version, received(), "Same children", by, clock.now()),
    "closed": lambda referral, by: referral.close(referral.version, "Dealt with", by, clock.now()),
}
WAYS = {
    "received": [],
    "needs_information": ["needs_information"],
    "accepted": ["accepted"],
    "redirected": ["redirected"],
    "declined": ["declined"],
    "withdrawn": ["withdrawn"],
    "duplicate": ["duplicate"],
    "closed": ["declined", "closed"],
}


def brought_to(status: str, by: Caller) -> Referral:
    referral = received()
    for step in WAYS[status]:
        MOVES[step](referral, by)
    return referral


def test_a_new_referral_waits_for_triage(referral: Referral) -> None:
    assert referral.status == "received"
    assert referral.version == 1
    assert [step.status for step in referral.history] == ["received"]


def test_a_new_referral_tells_that_it_arrived(referral: Referral) -> None:
    event = referral.arrived()
    assert event.type is contract.REFERRAL_RECEIVED
    assert (event.subject, event.sequence) == (referral.id, 1)
    assert contract.ReferralFacts().validate(contract.ReferralFacts().dump(event.data)) == {}


def test_no_event_of_a_referral_holds_anything_clinical(clinician: Caller) -> None:
    for steps in WAYS.values():
        referral = received()
        events = [referral.arrived(), *(MOVES[step](referral, clinician) for step in steps)]
        for event in events:
            assert factories.CLINICAL not in str(event.data)
            assert not set(event.data) & {"concern", "why_now", "reason", "secondary_care"}


@pytest.mark.parametrize("wanted", list(MOVES))
@pytest.mark.parametrize("status", list(WAYS))
def test_each_status_lets_through_just_the_moves_of_the_domain(status: str, wanted: str, clinician: Caller) -> None:
    referral = brought_to(status, clinician)
    version = referral.version
    if wanted in contract.MOVES[status]:
        event = MOVES[wanted](referral, clinician)
        assert referral.status == wanted
        assert (event.sequence, referral.version) == (version + 1, version + 1)
    else:
        with pytest.raises(InvalidTransition):
            MOVES[wanted](referral, clinician)
        assert (referral.status, referral.version) == (status, version)


def test_a_refused_move_says_where_the_referral_stands_and_what_can_be_done(clinician: Caller) -> None:
    referral = brought_to("accepted", clinician)
    with pytest.raises(InvalidTransition) as refused:
        MOVES["declined"](referral, clinician)
    assert "Accepted for joint assessment" in refused.value.message
    assert refused.value.facts["may_move_to"] == ["closed"]


def test_nobody_moves_a_referral_that_somebody_else_moved_first(referral: Referral, clinician: Caller) -> None:
    referral.ask(1, "Does she have a GP?", clinician, clock.now())
    with pytest.raises(Stale) as refused:
        referral.accept(1, "Fits", clinician, clock.now())
    assert refused.value.facts["yours"] == {"version": 1, "status": "accepted"}
    assert refused.value.facts["theirs"] == {"version": 2, "status": "needs_information"}
    assert referral.status == "needs_information"


@pytest.mark.parametrize(
    ("status", "event"),
    [
        ("needs_information", contract.REFERRAL_NEEDS_INFORMATION),
        ("accepted", contract.REFERRAL_ACCEPTED),
        ("redirected", contract.REFERRAL_REDIRECTED),
        ("declined", contract.REFERRAL_DECLINED),
        ("withdrawn", contract.REFERRAL_WITHDRAWN),
        ("duplicate", contract.REFERRAL_DUPLICATE),
    ],
)
def test_each_move_has_its_event(status: str, event: Any, referral: Referral, clinician: Caller) -> None:
    assert MOVES[status](referral, clinician).type is event


def test_an_answer_puts_the_referral_back_to_triage(clinician: Caller) -> None:
    referral = brought_to("needs_information", clinician)
    event = referral.answer(2, "Yes, at Lambeth Walk", clinician, clock.now())
    assert event.type is contract.REFERRAL_INFORMED
    assert referral.status == "received"
    assert [step.status for step in referral.history] == ["received", "needs_information", "received"]


def test_a_step_keeps_who_when_and_why(referral: Referral, clinician: Caller) -> None:
    at = clock.now()
    referral.redirect(1, "Perinatal mental health team", "Needs more than a group", clinician, at)
    step = referral.history[-1]
    assert (step.by_name, step.agency_name, step.at) == ("Ruth Osei", "CAMHS", at)
    assert (step.to, step.reason) == ("Perinatal mental health team", "Needs more than a group")


def test_a_duplicate_belongs_to_the_family_of_the_first(referral: Referral, clinician: Caller) -> None:
    first = received()
    event = referral.mark_duplicate(1, first, "Same address", clinician, clock.now())
    assert (referral.duplicate_of, referral.family_id) == (first.id, first.family_id)
    assert event.data["status"] == "duplicate"


def test_a_referral_is_not_a_duplicate_of_itself(referral: Referral, clinician: Caller) -> None:
    with pytest.raises(Conflict):
        referral.mark_duplicate(1, referral, "Same children", clinician, clock.now())
    assert referral.status == "received"


def test_a_referral_is_not_a_duplicate_of_a_duplicate(referral: Referral, clinician: Caller) -> None:
    other = brought_to("duplicate", clinician)
    with pytest.raises(Conflict):
        referral.mark_duplicate(1, other, "Same children", clinician, clock.now())


def test_a_family_comes_into_the_registry_whatever_day_the_work_is_dated_at(referral: Referral, clinician: Caller) -> None:
    """In a practice borough, acceptance may be dated before the child was born: nonsense, but none that breaks anything."""
    referral.accept(1, "Fits", clinician, clock.now())
    with clock.acting_at(datetime(2000, 1, 1, tzinfo=UTC)):
        event = referral.register_family(clock.now()).registered()
        assert _dumped(event)["children"]


def test_an_accepted_referral_brings_its_family_into_the_registry(referral: Referral, clinician: Caller) -> None:
    referral.accept(1, "Fits", clinician, clock.now())
    family = referral.register_family(clock.now())
    event = family.registered()
    assert (family.id, family.version) == (referral.family_id, 1)
    assert event.data["name"] == referral.family_name
    written = {child["id"] for child in referral.family["children"]}
    assert {str(child.id) for child in family.children} == written
    assert contract.FamilyFacts().validate(contract.FamilyFacts().dump(event.data)) == {}


@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=12))
def test_whatever_is_tried_in_whatever_order_the_history_is_a_path_of_the_domain(tries: list[str]) -> None:
    referral, by = received(), factories.caller()
    events: list[Event] = []
    for wanted in tries:
        try:
            events.append(MOVES[wanted](referral, by))
        except StayPlayError:
            continue
    path = [step.status for step in referral.history]
    assert all(after in contract.MOVES[before] for before, after in pairwise(path))
    assert path[-1] == referral.status
    assert [event.sequence for event in events] == list(range(2, len(events) + 2))
    assert referral.version == len(path)


def test_every_status_can_be_reached_and_closed_is_the_end() -> None:
    assert {move for moves in contract.MOVES.values() for move in moves} | {"received"} == set(contract.STATUSES)
    assert [status for status, moves in contract.MOVES.items() if not moves] == ["closed"]


def test_two_referrals_of_one_family_have_keys_of_their_own(receive: Any) -> None:
    first, second = receive(), receive()
    assert len({first.id, second.id, first.family_id, second.family_id, new_id()}) == 5
