"""Every operation needs its permission, a valid caller and, where it changes something, a key."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from marshmallow import fields, validate

from chassis import clock
from chassis.caller import Caller, TokenSigner
from chassis.contract import Operation
from chassis.errors import Forbidden, Invalid, NotSignedIn, StayPlayError
from chassis.ids import new_id
from chassis.keys import fresh_secrets
from services.referrals import contract
from services.referrals.contract.records import erasure, packs
from tests import factories
from tests.support.desk import Desk
from tests.support.waiting_lists import row, sheet

EVERY = [pytest.param(operation, id=operation.name) for operation in contract.OPERATIONS]
CHANGES = [pytest.param(operation, id=operation.name) for operation in contract.OPERATIONS if operation.changes]

BY_TYPE: tuple[tuple[type[fields.Field[Any]], Callable[[], Any]], ...] = (
    (fields.UUID, new_id),
    (fields.Integer, lambda: 1),
    (fields.Boolean, lambda: False),
    (fields.Date, clock.today),
    (fields.List, list),
    (fields.Dict, dict),
    (fields.String, lambda: "Because"),
)
"""What fits a field of which no more is known, the likelier type first."""

SAID: dict[str, dict[str, Any]] = {
    "restrict_family": {"reason": "domestic_abuse"},
    "find_restricted": {"name": "Luz Castillo", "birth_date": date(1995, 7, 16)},
    "start_import": {"file_name": "list.csv", "content": b64encode(sheet(row(1))).decode()},
    "merge_families": {"people": [{"into": new_id(), "merged": new_id()}]},
    "ask_code": {"email": "grace@example.org"},
    "break_glass": {"reason": "She called in tears."},
    "save_parent": {"given_name": "Luz", "family_name": "Castillo", "relationship": "MTH"},
    "save_child": factories.child_details(),
    "give_consent": {"words": "That we come on Tuesdays."},
    "log_sharing": {"what": ["contact"]},
    "review_pack": {"decisions": [{"number": 1, "decision": next(iter(packs.DECISIONS))}]},
    "erase": {"confirm": erasure.CONFIRM},
}
"""By operation, what a stranger to its rules wouldn't guess."""

ONE_OF_SEVERAL: dict[str, set[str]] = {"find_restricted": {"name"}}
"""What is at fault where an operation needs one of several fields, and none by itself."""


def arguments(operation: Operation) -> dict[str, Any]:
    """Return arguments that fit the operation, about things that nobody has."""
    known = {**factories.referral_details(), **SAID.get(operation.name, {})}
    wanted = operation.request().fields.items()
    needed = {name: known.get(name, _fitting(field)) for name, field in wanted if field.required}
    return needed | SAID.get(operation.name, {})


def _fitting(field: fields.Field[Any]) -> Any:
    rules = [rule for rule in field.validators if isinstance(rule, validate.OneOf)]
    if rules:
        return next(iter(rules[0].choices))
    return next((made() for kind, made in BY_TYPE if isinstance(field, kind)), None)


@pytest.mark.parametrize("operation", EVERY)
def test_an_operation_is_refused_to_whom_it_was_not_granted_and_to_a_caller_whom_nobody_vouches_for(
    referrals: Desk, southwark: UUID, clinician: Caller, operation: Operation
) -> None:
    values = arguments(operation)
    everything = {other.permission for other in contract.OPERATIONS} | {"referrals.read_clinical"}
    caller = factories.caller(southwark, permissions=frozenset(everything - {operation.permission}))
    with pytest.raises(Forbidden) as refused:
        referrals.ask(operation, caller, **values)
    assert refused.value.facts == {"permission": operation.permission}
    allowed = replace(clinician, permissions=frozenset(everything))
    forger, signer = TokenSigner(fresh_secrets()["GATEWAY_SIGNING_KEY"]), TokenSigner(referrals.installed.env["GATEWAY_SIGNING_KEY"])
    of_another_key, over = forger.sign(expiring(allowed, timedelta(minutes=5))), signer.sign(expiring(allowed, timedelta(seconds=-30)))
    for false in (of_another_key, over):
        with pytest.raises(NotSignedIn):
            referrals.client.call(operation, false, idempotency_key=uuid4().hex, **values)
    assert referrals.told("referrals", southwark) == []


@pytest.mark.parametrize("operation", CHANGES)
def test_a_change_that_is_refused_leaves_its_key_free(referrals: Desk, southwark: UUID, operation: Operation) -> None:
    stranger = factories.caller(southwark, permissions=frozenset())
    allowed = factories.caller(southwark, permissions=frozenset({operation.permission}), name="Ada Nwosu")
    key, values = uuid4().hex, arguments(operation)
    with pytest.raises(Forbidden):
        referrals.ask(operation, stranger, key=key, **values)
    outcome = attempt(referrals, operation, allowed, key, values)
    assert outcome in {"received", "not_found", "done"}
    assert attempt(referrals, operation, allowed, key, values) == outcome


@pytest.mark.parametrize("operation", CHANGES)
def test_a_change_that_does_not_fit_is_refused_field_by_field(referrals: Desk, southwark: UUID, operation: Operation) -> None:
    allowed = factories.caller(southwark, permissions=frozenset({operation.permission}))
    needed = {name for name, field in operation.request().fields.items() if field.required}
    with pytest.raises(Invalid) as refused:
        referrals.ask(operation, allowed)
    assert set(refused.value.faults) == (needed or ONE_OF_SEVERAL[operation.name])


def attempt(desk: Desk, operation: Operation, caller: Caller, key: str, values: dict[str, Any]) -> str:
    try:
        answer = desk.ask(operation, caller, key=key, **values)
        return str(answer["status"]) if "status" in answer else "done"
    except StayPlayError as refused:
        return refused.code


def expiring(caller: Caller, after: timedelta) -> Caller:
    return replace(caller, expires_at=datetime.now(UTC).replace(microsecond=0) + after)
