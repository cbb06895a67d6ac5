"""A referral is triaged, by whom may, once, in its own borough."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import eventlet
import pytest

from chassis import clock
from chassis.caller import Caller
from chassis.contract import Operation
from chassis.errors import Conflict, Forbidden, Invalid, InvalidTransition, NotFound, Stale, StayPlayError
from chassis.ids import new_id
from services.referrals import contract
from tests import factories
from tests.support.desk import Desk

MOVES: list[tuple[Operation, dict[str, Any]]] = [
    (contract.ACCEPT, {"reason": "Bring the CAMHS leaflet"}),
    (contract.ASK_FOR_INFORMATION, {"reason": "Does she have a GP?"}),
    (contract.REDIRECT, {"to": "Perinatal mental health team", "reason": "Needs more than a group"}),
    (contract.DECLINE, {"because": "outside_borough", "reason": "Lives in Kent"}),
    (contract.WITHDRAW, {"reason": "Changed her mind"}),
]
BY_NAME = {operation.name: words for operation, words in MOVES}
Refer = Callable[..., dict[str, Any]]


@pytest.fixture
def refer(referrals: Desk, health_visitor: Caller) -> Refer:
    def received(by: Caller | None = None, **changed: Any) -> dict[str, Any]:
        return referrals.ask(contract.REFER, by or health_visitor, **factories.referral_details(**changed))

    return received


def events_of(desk: Desk, borough_id: UUID) -> list[tuple[str, int]]:
    """Return what was told of referrals and families; what is to be mailed is told of in test_messages_of_triage."""
    told = [(event["type"], event["sequence"]) for event in desk.told("referrals", borough_id)]
    return [event for event in told if event[0] != "referrals.message.wanted"]


def test_an_accepted_referral_registers_its_family_first(referrals: Desk, refer: Refer, clinician: Caller, southwark: UUID) -> None:
    received = refer()
    accepted = referrals.ask(contract.ACCEPT, clinician, referral_id=received["id"], version=1, reason="Fits")
    assert (accepted["status"], accepted["version"]) == ("accepted", 2)
    assert events_of(referrals, southwark) == [
        ("referrals.referral.received", 1),
        ("referrals.family.registered", 1),
        ("referrals.referral.accepted", 2),
    ]
    family = referrals.ask(contract.GET_FAMILY, clinician, family_id=received["family_id"])
    assert (family["name"], family["version"]) == (received["family_name"], 1)


def test_a_family_is_not_in_the_registry_before_it_is_accepted(referrals: Desk, refer: Refer, clinician: Caller) -> None:
    received = refer()
    with pytest.raises(NotFound):
        referrals.ask(contract.GET_FAMILY, clinician, family_id=received["family_id"])
    assert referrals.ask(contract.LIST_FAMILIES, clinician)["items"] == []


@pytest.mark.parametrize(("operation", "words"), MOVES, ids=list(BY_NAME))
def test_each_move_tells_what_happened(
    referrals: Desk, refer: Refer, clinician: Caller, operation: Operation, words: dict[str, Any]
) -> None:
    received = refer()
    moved = referrals.ask(operation, clinician, referral_id=received["id"], version=1, **words)
    step = moved["steps"][-1]
    assert (step["status"], step["by_name"], step["agency_name"]) == (moved["status"], "Ruth Osei", "CAMHS")
    assert step["reason"] == words["reason"]
    assert moved["may_move_to"] == list(contract.MOVES[moved["status"]])


@pytest.mark.parametrize(("operation", "words"), MOVES, ids=list(BY_NAME))
def test_other_borough_cannot_move_a_referral(
    referrals: Desk, refer: Refer, clinician: Caller, neighbour: Caller, operation: Operation, words: dict[str, Any]
) -> None:
    received = refer()
    with pytest.raises(NotFound) as other:
        referrals.ask(operation, neighbour, referral_id=received["id"], version=1, **words)
    with pytest.raises(NotFound) as unknown:
        referrals.ask(operation, neighbour, referral_id=new_id(), version=1, **words)
    assert other.value.to_wire() == unknown.value.to_wire()
    assert referrals.ask(contract.GET_REFERRAL, clinician, referral_id=received["id"])["status"] == "received"


@pytest.mark.parametrize(("operation", "words"), MOVES, ids=list(BY_NAME))
def test_a_stale_move_is_refused_with_both_sides_shown(
    referrals: Desk, refer: Refer, clinician: Caller, operation: Operation, words: dict[str, Any]
) -> None:
    received = refer()
    asked = referrals.ask(contract.ASK_FOR_INFORMATION, clinician, referral_id=received["id"], version=1, reason="GP?")
    answered = referrals.ask(contract.ANSWER_INFORMATION, clinician, referral_id=received["id"], version=asked["version"], reason="Yes")
    with pytest.raises(Stale) as refused:
        referrals.ask(operation, clinician, referral_id=received["id"], version=1, **words)
    assert refused.value.facts["yours"]["version"] == 1
    assert refused.value.facts["theirs"] == {"version": answered["version"], "status": "received"}


@pytest.mark.parametrize(("operation", "words"), MOVES, ids=list(BY_NAME))
def test_a_move_repeated_with_its_key_happens_once(
    referrals: Desk, refer: Refer, clinician: Caller, southwark: UUID, operation: Operation, words: dict[str, Any]
) -> None:
    received, key = refer(), uuid4().hex
    first = referrals.ask(operation, clinician, key=key, referral_id=received["id"], version=1, **words)
    told = events_of(referrals, southwark)
    assert referrals.ask(operation, clinician, key=key, referral_id=received["id"], version=1, **words) == first
    assert events_of(referrals, southwark) == told


@pytest.mark.parametrize(("operation", "words"), MOVES, ids=list(BY_NAME))
def test_who_may_not_triage_moves_nothing(
    referrals: Desk, refer: Refer, facilitator: Caller, operation: Operation, words: dict[str, Any]
) -> None:
    received = refer()
    with pytest.raises(Forbidden):
        referrals.ask(operation, facilitator, referral_id=received["id"], version=1, **words)


def test_what_is_dealt_with_is_closed_and_then_nothing_moves_it(referrals: Desk, refer: Refer, clinician: Caller) -> None:
    received = refer()
    referrals.ask(contract.DECLINE, clinician, referral_id=received["id"], version=1, because="other", reason="Lives in Kent")
    closed = referrals.ask(contract.CLOSE, clinician, referral_id=received["id"], version=2, reason="Family knows")
    assert (closed["status"], closed["may_move_to"]) == ("closed", [])
    for operation, words in [*MOVES, (contract.CLOSE, {"reason": "Again"})]:
        with pytest.raises(InvalidTransition):
            referrals.ask(operation, clinician, referral_id=received["id"], version=3, **words)


def test_a_waiting_referral_is_not_closed_without_a_decision(referrals: Desk, refer: Refer, clinician: Caller) -> None:
    received = refer()
    with pytest.raises(InvalidTransition):
        referrals.ask(contract.CLOSE, clinician, referral_id=received["id"], version=1, reason="Old")


def test_a_duplicate_joins_the_family_of_the_first(referrals: Desk, refer: Refer, clinician: Caller) -> None:
    first, second = refer(), refer()
    merged = referrals.ask(contract.MARK_DUPLICATE, clinician, referral_id=second["id"], version=1, of=first["id"], reason="Same children")
    assert (merged["status"], merged["duplicate_of"], merged["family_id"]) == ("duplicate", first["id"], first["family_id"])
    story = referrals.ask(contract.FAMILY_STORY, clinician, family_id=first["family_id"])
    assert [entry["kind"] for entry in story["entries"]] == ["referral.duplicate", "referral.received", "referral.received"]


def test_a_duplicate_of_itself_or_of_a_duplicate_is_refused(referrals: Desk, refer: Refer, clinician: Caller) -> None:
    first, second, third = refer(), refer(), refer()
    referrals.ask(contract.MARK_DUPLICATE, clinician, referral_id=second["id"], version=1, of=first["id"], reason="Same children")
    for of in (third["id"], second["id"]):
        with pytest.raises(Conflict):
            referrals.ask(contract.MARK_DUPLICATE, clinician, referral_id=third["id"], version=1, of=of, reason="Same children")


def test_a_duplicate_of_another_boroughs_referral_is_not_found(referrals: Desk, refer: Refer, clinician: Caller, neighbour: Caller) -> None:
    ours, theirs = refer(), refer(neighbour)
    with pytest.raises(NotFound):
        referrals.ask(contract.MARK_DUPLICATE, clinician, referral_id=ours["id"], version=1, of=theirs["id"], reason="Same children")


@pytest.mark.parametrize(("operation", "left_out"), [(operation, name) for operation, words in MOVES for name in words])
@pytest.mark.parametrize("empty", [None, "", "  ", "nothing at all"])
def test_a_decision_needs_its_reason(
    referrals: Desk, refer: Refer, clinician: Caller, operation: Operation, left_out: str, empty: str | None
) -> None:
    received = refer()
    words = {name: words for name, words in {**BY_NAME[operation.name], left_out: empty}.items() if words != "nothing at all"}
    with pytest.raises(Invalid) as refused:
        referrals.ask(operation, clinician, referral_id=received["id"], version=1, **words)
    assert set(refused.value.faults) == {left_out}
    assert referrals.ask(contract.GET_REFERRAL, clinician, referral_id=received["id"])["version"] == 1


def test_a_duplicate_needs_its_reason(referrals: Desk, refer: Refer, clinician: Caller) -> None:
    first, second = refer(), refer()
    with pytest.raises(Invalid) as refused:
        referrals.ask(contract.MARK_DUPLICATE, clinician, referral_id=second["id"], version=1, of=first["id"])
    assert set(refused.value.faults) == {"reason"}
    assert referrals.ask(contract.GET_REFERRAL, clinician, referral_id=second["id"])["status"] == "received"


def test_of_two_who_decide_at_once_one_is_told(referrals: Desk, refer: Refer, clinician: Caller, southwark: UUID) -> None:
    received, outcomes = refer(), []

    def decide(operation: Operation) -> None:
        try:
            outcomes.append(referrals.ask(operation, clinician, referral_id=received["id"], version=1, **BY_NAME[operation.name])["status"])
        except StayPlayError as refused:
            outcomes.append(refused.code)

    threads = [eventlet.spawn(decide, operation) for operation in (contract.ACCEPT, contract.DECLINE)]
    for thread in threads:
        thread.wait()
    assert outcomes.count("stale") == 1
    assert len(events_of(referrals, southwark)) in {2, 3}
    assert referrals.ask(contract.GET_REFERRAL, clinician, referral_id=received["id"])["version"] == 2


def test_the_summary_says_what_waits_and_since_when(referrals: Desk, refer: Refer, clinician: Caller, neighbour: Caller) -> None:
    first, urgent, asked = refer(), refer(urgency="urgent"), refer()
    referrals.ask(contract.ASK_FOR_INFORMATION, clinician, referral_id=asked["id"], version=1, reason="GP?")
    summary = referrals.ask(contract.TRIAGE_SUMMARY, clinician)
    assert (summary["to_triage"], summary["urgent"], summary["waiting_for_information"]) == (2, 1, 1)
    assert summary["oldest_received_at"] == first["received_at"] < urgent["received_at"] <= clock.now()
    assert referrals.ask(contract.TRIAGE_SUMMARY, neighbour)["to_triage"] == 0
