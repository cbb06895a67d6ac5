"""Every operation needs its permission, a valid caller and, where it changes something, a key."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.caller import Caller, TokenSigner
from chassis.contract import Operation
from chassis.errors import Forbidden, Invalid, NotSignedIn, StayPlayError
from chassis.ids import new_id
from chassis.keys import fresh_secrets
from services.referrals import contract
from tests import factories
from tests.support.desk import Desk

EVERY = [pytest.param(operation, id=operation.name) for operation in contract.OPERATIONS]
CHANGES = [pytest.param(operation, id=operation.name) for operation in contract.OPERATIONS if operation.changes]

REASONS: dict[Operation, dict[str, Any]] = {
    contract.RESTRICT_FAMILY: {"reason": "domestic_abuse"},
    contract.BREAK_GLASS: {"reason": "She called in tears"},
    contract.LIST_FAMILIES: {"name": None},
}

LEFT_OUT: dict[Operation, set[str]] = {
    contract.RESTRICT_FAMILY: {"family_id"},
    contract.BREAK_GLASS: {"family_id"},
    contract.FIND_RESTRICTED: {"name"},
}


def arguments(operation: Operation) -> dict[str, Any]:
    """Return arguments that fit the operation, about things that nobody has."""
    family = {"family_id": new_id(), "version": 1, **factories.family_details()}
    move = {"referral_id": new_id(), "version": 1, "reason": "Because", "to": "Perinatal team", "of": new_id()}
    restriction: dict[str, Any] = {
        "people": [],
        "words": None,
        "without_me": False,
        "name": "Luz Castillo",
        "birth_date": date(1995, 7, 16),
    }
    known: dict[str, Any] = {**factories.referral_details(), **family, **move, **restriction}
    return {name: known[name] for name in operation.request().fields if name in known} | REASONS.get(operation, {})


@pytest.mark.parametrize("operation", EVERY)
def test_an_operation_is_refused_to_who_holds_every_other_permission(referrals: Desk, southwark: UUID, operation: Operation) -> None:
    everything = {other.permission for other in contract.OPERATIONS} | {"referrals.read_clinical"}
    caller = factories.caller(southwark, permissions=frozenset(everything - {operation.permission}))
    with pytest.raises(Forbidden) as refused:
        referrals.ask(operation, caller, **arguments(operation))
    assert refused.value.facts == {"permission": operation.permission}
    assert referrals.told("referrals", southwark) == []


@pytest.mark.parametrize("operation", EVERY)
def test_an_operation_is_refused_to_a_caller_whom_another_key_vouches_for(referrals: Desk, clinician: Caller, operation: Operation) -> None:
    forger = TokenSigner(fresh_secrets()["GATEWAY_SIGNING_KEY"])
    token = forger.sign(expiring(clinician, timedelta(minutes=5)))
    with pytest.raises(NotSignedIn):
        referrals.client.call(operation, token, idempotency_key=uuid4().hex, **arguments(operation))


@pytest.mark.parametrize("operation", EVERY)
def test_an_operation_is_refused_to_a_caller_whose_time_is_over(referrals: Desk, clinician: Caller, operation: Operation) -> None:
    signer = TokenSigner(referrals.installed.env["GATEWAY_SIGNING_KEY"])
    token = signer.sign(expiring(clinician, timedelta(seconds=-30)))
    with pytest.raises(NotSignedIn):
        referrals.client.call(operation, token, idempotency_key=uuid4().hex, **arguments(operation))


@pytest.mark.parametrize("operation", CHANGES)
def test_a_change_that_is_refused_leaves_its_key_free(referrals: Desk, southwark: UUID, operation: Operation) -> None:
    stranger = factories.caller(southwark, permissions=frozenset())
    allowed = factories.caller(southwark, permissions=frozenset({operation.permission}), name="Ada Nwosu")
    key, values = uuid4().hex, arguments(operation)
    with pytest.raises(Forbidden):
        referrals.ask(operation, stranger, key=key, **values)
    outcome = attempt(referrals, operation, allowed, key, values)
    assert outcome in {"received", "not_found", "nothing"}
    assert attempt(referrals, operation, allowed, key, values) == outcome


@pytest.mark.parametrize("operation", CHANGES)
def test_a_change_that_does_not_fit_is_refused_field_by_field(referrals: Desk, clinician: Caller, operation: Operation) -> None:
    left_out = LEFT_OUT.get(operation, {"version", "language"})
    values = {name: value for name, value in arguments(operation).items() if name not in left_out}
    with pytest.raises(Invalid) as refused:
        referrals.ask(operation, clinician, **values)
    assert set(refused.value.faults) <= left_out


def attempt(desk: Desk, operation: Operation, caller: Caller, key: str, values: dict[str, Any]) -> str:
    try:
        answer = desk.ask(operation, caller, key=key, **values)
        return str(answer["status"]) if "status" in answer else "nothing"
    except StayPlayError as refused:
        return refused.code


def expiring(caller: Caller, after: timedelta) -> Caller:
    return replace(caller, expires_at=datetime.now(UTC).replace(microsecond=0) + after)
