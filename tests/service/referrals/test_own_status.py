"""A referrer sees of what they referred its status, as far as the family agreed, and of nothing else anything."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from chassis.caller import Caller, TokenSigner
from chassis.errors import Forbidden
from chassis.ids import new_id
from gateway.access.roles import permissions_of
from services.referrals import contract
from tests import factories
from tests.support.desk import Desk

TOLD = {"id", "reference", "family_name", "referred_on", "told", "told_words", "told_at", "question", "question_id", "answer_until"}
"""Every field of an own referral. Whoever adds one explains in a review why a referrer may see it."""

DRAFTING = {"start_draft", "get_draft", "save_draft", "ask_code", "prove_mail", "send_draft", "discard_draft", "own_drafts"}
OPEN = {"refer", "own_referral", "own_referrals", "answer_own_question", "question_by_link", "answer_by_link", *DRAFTING}
"""The operations that a referrer may use: of their own referrals, with what is asked about them, and drafts; and a question by its link."""

MARKS = ("Zzwhynow", "Zzconcern", "Zzrisk", "Zzaddress", "Zzavoid", "Zztimes", "Zzreason", "07700 900321", "Zzredirected")


@pytest.fixture
def helen(southwark: UUID) -> Caller:
    """A referrer as the gateway describes one."""
    return factories.caller(southwark, kind="referring", permissions=permissions_of(["referrer"], "referring"), name="Helen Vance")


def details(**changed: Any) -> dict[str, Any]:
    """Return a referral with a word of its own in every field that a referrer wrote but nobody tells them again."""
    safe = factories.safe_contact_details(times="Zztimes", avoid="Zzavoid")
    return factories.referral_details(
        why_now="Zzwhynow", concern="Zzconcern", risks_to_visitors="Zzrisk", safe_contact=safe,
        address=factories.address_details(line="Zzaddress"), **changed,
    )  # fmt: skip


def own(desk: Desk, who: Caller) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = desk.ask(contract.OWN_REFERRALS, who)["items"]
    return items


def test_each_field_of_an_own_referral_is_one_of_these(referrals: Desk, helen: Caller) -> None:
    referrals.ask(contract.REFER, helen, **details())
    assert set(contract.OwnReferral().fields) == TOLD
    assert [set(item) for item in own(referrals, helen)] == [TOLD]


@pytest.mark.parametrize("may_be_told", list(contract.MAY_BE_TOLD))
@pytest.mark.parametrize("step", ["received", "ask", "accept", "redirect", "decline", "withdraw"])
def test_no_field_says_what_triage_wrote_or_what_is_in_the_record(
    referrals: Desk, helen: Caller, clinician: Caller, may_be_told: str, step: str
) -> None:
    received = referrals.ask(contract.REFER, helen, **details(referrer=factories.referrer_details(may_be_told=may_be_told)))
    asked: dict[str, Any] = {"referral_id": received["id"], "version": 1, "reason": "Zzreason"}
    moves = {
        "ask": contract.ASK_FOR_INFORMATION, "accept": contract.ACCEPT, "redirect": contract.REDIRECT, "decline": contract.DECLINE,
        "withdraw": contract.WITHDRAW,
    }  # fmt: skip
    if step in moves:
        more = {"redirect": {"to": "Zzredirected"}, "decline": {"because": "other"}}
        referrals.ask(moves[step], clinician, **asked, **more.get(step, {}))
    (item,) = own(referrals, helen)
    asked_back = step == "ask" and may_be_told == "status"
    assert item["question"] == ("Zzreason" if asked_back else None)
    told = str({**item, "question": None})
    assert [mark for mark in MARKS if mark in told] == []
    if may_be_told == "nothing":
        assert (item["told"], item["told_at"]) == ("received", received["received_at"])


def test_a_colleague_of_the_same_service_sees_only_their_own(referrals: Desk, helen: Caller) -> None:
    colleague = replace(helen, person_id=new_id(), member_id=new_id(), person_name="Hana Vance")
    mine, theirs = referrals.ask(contract.REFER, helen, **details()), referrals.ask(contract.REFER, colleague, **details())
    assert [item["id"] for item in own(referrals, helen)] == [mine["id"]]
    assert [item["id"] for item in own(referrals, colleague)] == [theirs["id"]]


KNOWN = {"referral_id": new_id(), "family_id": new_id(), "version": 1, "reason": "x" * 20, "to": "x", "of": new_id()}


def asked_with(operation: Any) -> dict[str, Any]:
    return {name: KNOWN[name] for name in operation.request().fields if name in KNOWN}


CLOSED = [each for each in contract.OPERATIONS if each.name not in OPEN and not each.request().validate(asked_with(each))]
"""The others of which nothing more need be known than which referral or family; the rest is in test_permissions."""


@pytest.mark.parametrize("operation", CLOSED, ids=lambda operation: operation.name)
def test_every_other_operation_is_closed_to_a_referrer_even_for_their_own_referral(referrals: Desk, helen: Caller, operation: Any) -> None:
    received = referrals.ask(contract.REFER, helen, **details())
    own_one = {"referral_id": received["id"], "family_id": received["family_id"]}
    values = {name: own_one.get(name, value) for name, value in asked_with(operation).items()}
    with pytest.raises(Forbidden) as refused:
        referrals.client.call(operation, signed(referrals, helen), idempotency_key=new_id().hex, **values)
    assert refused.value.facts == {"permission": operation.permission}


def signed(desk: Desk, caller: Caller) -> str:
    expires_at = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=5)
    return TokenSigner(desk.installed.env["GATEWAY_SIGNING_KEY"]).sign(replace(caller, expires_at=expires_at))


def test_the_operations_that_are_open_to_a_referrer_are_these() -> None:
    held = permissions_of(["referrer"], "referring")
    assert {operation.name for operation in contract.OPERATIONS if operation.permission in held} == OPEN
