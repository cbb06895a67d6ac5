"""Records that are one now, held, limited or on their way to be erased: what was decided about one is never lost with it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import eventlet
import pytest

from chassis import clock
from chassis.caller import Caller
from chassis.contract import Operation
from chassis.errors import Conflict, FamilyMerged, StayPlayError
from chassis.keeping import HELD
from services.referrals import contract
from services.referrals.contract.records import controls, erasure, packs, requests
from tests.service.referrals.test_merging import get, merge, pairs, refer, undo
from tests.support.desk import Desk

Register = Callable[..., dict[str, Any]]
ERASED = {"because": "asked", "confirm": "erase"}
DECISIONS: dict[str, tuple[Operation, dict[str, Any]]] = {
    "held": (controls.PLACE_HOLD, {"because": "claim", "reason": "A solicitor's letter came"}),
    "limited": (controls.LIMIT_USE, {"because": "contested", "reason": "She says the address is wrong"}),
    "erased": (erasure.ERASE, ERASED),
}


@pytest.fixture
def lead(clinician: Caller) -> Caller:
    """Somebody who treats families and answers for data, so that one person can try it all."""
    return replace(clinician, permissions=clinician.permissions | {"records.manage"})


@pytest.fixture
def register(referrals: Desk, lead: Caller) -> Register:
    def accepted(**details: Any) -> dict[str, Any]:
        received = refer(referrals, lead, **details)
        referrals.ask(contract.ACCEPT, lead, referral_id=received["id"], version=1, reason="Fits")
        return referrals.ask(contract.GET_FAMILY, lead, family_id=received["family_id"])

    return accepted


def decide(desk: Desk, by: Caller, what: str, family: dict[str, Any]) -> dict[str, Any]:
    operation, given = DECISIONS[what]
    return desk.ask(operation, by, family_id=family["id"], **given)


ASKED: dict[str, Any] = {
    "kind": "access",
    "asked_by": "Amina Begum",
    "asked_as": "self",
    "identity_checked": "known",
    "received_on": clock.today(),
}


@pytest.mark.parametrize(
    ("operation", "given"),
    [*DECISIONS.values(), (requests.OPEN_REQUEST, ASKED), (controls.FAMILY_RECORDS, {})],
    ids=[*DECISIONS, "asked about", "read"],
)
def test_what_is_decided_under_an_old_address_is_led_to_the_record_that_goes_on(
    referrals: Desk, register: Register, lead: Caller, operation: Operation, given: dict[str, Any]
) -> None:
    into, other = register(), register()
    merge(referrals, lead, into, other)
    with pytest.raises(FamilyMerged) as led:
        referrals.ask(operation, lead, family_id=other["id"], **given)
    assert led.value.facts["into"] == str(into["id"])


@pytest.mark.parametrize("what", DECISIONS)
@pytest.mark.parametrize("which", ["into", "other"])
def test_nothing_is_merged_about_which_something_was_decided(
    referrals: Desk, register: Register, lead: Caller, which: str, what: str
) -> None:
    into, other = register(), register()
    decide(referrals, lead, what, {"into": into, "other": other}[which])
    with pytest.raises(Conflict):
        merge(referrals, lead, into, other)


@pytest.mark.parametrize("what", DECISIONS)
def test_a_merge_is_not_undone_while_something_is_decided_about_the_whole(
    referrals: Desk, register: Register, lead: Caller, what: str
) -> None:
    into, other = register(), register()
    made = merge(referrals, lead, into, other)
    decide(referrals, lead, what, into)
    with pytest.raises(Conflict):
        undo(referrals, lead, made)
    with pytest.raises(FamilyMerged):
        get(referrals, lead, other["id"])


def test_once_a_hold_is_lifted_a_merge_is_undone(referrals: Desk, register: Register, lead: Caller) -> None:
    into, other = register(), register()
    made = merge(referrals, lead, into, other)
    hold = decide(referrals, lead, "held", into)
    referrals.ask(controls.LIFT_CONTROL, lead, control_id=hold["id"], version=hold["version"], reason="The claim was settled")
    undo(referrals, lead, made)
    assert get(referrals, lead, other["id"])["id"] == other["id"]


@pytest.mark.parametrize("what", ["held", "erased"])
def test_of_who_merges_and_who_decides_about_a_record_at_once_one_is_refused(
    referrals: Desk, register: Register, lead: Caller, what: str
) -> None:
    into, other = register(), register()
    people = pairs(referrals, lead, into["id"], other["id"])
    both = [
        eventlet.spawn(asked, lambda: merge(referrals, lead, into, other, people=people)),
        eventlet.spawn(asked, lambda: decide(referrals, lead, what, other)),
    ]
    assert sum(one.wait() is None for one in both) == 1


def asked(ask: Callable[[], object]) -> StayPlayError | None:
    """Ask; return what was said instead of an answer."""
    try:
        ask()
    except StayPlayError as refused:
        return refused
    return None


def test_a_pack_of_a_record_that_was_two_holds_both_and_knows_whom_they_were_about(
    referrals: Desk, register: Register, lead: Caller
) -> None:
    into, other = register(), register(given="Aminah", phone="07700 900222", child="Maryam")
    merge(referrals, lead, into, other)
    mother = into["parents"][0]["id"]
    of_family: dict[str, Any] = {"family_id": into["id"]}
    items = referrals.ask(HELD["referrals"], lead, **of_family)["items"]
    headings = {item["heading"]: item for item in items if item["title"] == "Aminah Begum"}
    assert headings["The same family on another record, before they became one"]["person_id"] == mother
    request = referrals.ask(requests.OPEN_REQUEST, lead, **of_family, **ASKED, person_id=mother)
    gathered = [{**item, "service": "referrals"} for item in items]
    pack = referrals.ask(packs.FREEZE_PACK, lead, request_id=request["id"], items=gathered)
    proposed = {item["title"]: item["proposed"] for item in pack["items"] if item["about"] in {"parent", "child"}}
    assert proposed["Aminah Begum, as referred"] == proposed["Amina Begum, as referred"] == proposed["Aminah Begum"] == "give"
    assert proposed["Maryam Begum, as referred"] == proposed["Yusuf Begum"] == "withhold"
