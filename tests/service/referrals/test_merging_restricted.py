"""Restricted records that become one with others, or two again: nobody sees more than before, or hears of what they may not see."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from chassis.caller import Caller
from chassis.errors import Forbidden, NotFound, Restricted
from services.referrals import contract
from tests import factories
from tests.service.referrals.test_merging import get, merge, refer, restrict, sees, undo
from tests.support.desk import Desk

Register = Callable[..., dict[str, Any]]


@pytest.fixture
def register(referrals: Desk, clinician: Caller) -> Register:
    def accepted(**details: Any) -> dict[str, Any]:
        received = refer(referrals, clinician, **details)
        referrals.ask(contract.ACCEPT, clinician, referral_id=received["id"], version=1, reason="Fits")
        return get(referrals, clinician, received["family_id"])

    return accepted


@pytest.fixture
def colleague(southwark: UUID) -> Caller:
    """A clinician of the borough who is named on nothing unless a test does so."""
    return factories.caller(southwark, kind="adult_mental_health", name="Paul Lang")


def test_nobody_is_led_to_a_record_that_is_restricted_to_others(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller
) -> None:
    into, other = register(), register()
    merge(referrals, clinician, into, other)
    restrict(referrals, clinician, into)
    with pytest.raises(Restricted) as refused:
        get(referrals, colleague, other["id"])
    assert "into" not in refused.value.facts
    without_glass = replace(colleague, permissions=colleague.permissions - {"families.break_glass"})
    with pytest.raises(NotFound):
        get(referrals, without_glass, other["id"])


def test_under_the_old_address_the_glass_is_broken_of_the_record_that_goes_on(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller
) -> None:
    into, other = register(), register()
    merge(referrals, clinician, into, other)
    restrict(referrals, clinician, into)
    lent = referrals.ask(contract.BREAK_GLASS, colleague, family_id=other["id"], reason="She is in A&E and asks for us")
    assert lent["family_id"] == into["id"]
    assert sees(referrals, colleague, into["id"])


def test_both_stay_restricted_where_what_was_one_was_restricted_and_is_two_again(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller
) -> None:
    into, other = register(), register()
    made = merge(referrals, clinician, into, other)
    restrict(referrals, clinician, into)
    undo(referrals, clinician, made)
    assert [sees(referrals, clinician, one["id"]) for one in (into, other)] == [True, True]
    assert [sees(referrals, colleague, one["id"]) for one in (into, other)] == [False, False]


def test_of_a_record_that_was_restricted_all_along_the_other_is_as_open_again_as_it_was(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller
) -> None:
    into, other = register(), register()
    restrict(referrals, clinician, into)
    undo(referrals, clinician, merge(referrals, clinician, into, other))
    assert [sees(referrals, colleague, one["id"]) for one in (into, other)] == [False, True]


def test_who_broke_the_glass_can_not_undo_and_so_keep_what_they_were_lent(
    referrals: Desk, register: Register, clinician: Caller, colleague: Caller
) -> None:
    into, other = register(), register()
    restrict(referrals, clinician, other)
    made = merge(referrals, clinician, into, other)
    for family in (into, other):
        referrals.ask(contract.BREAK_GLASS, colleague, family_id=family["id"], reason="She is in A&E and asks for us")
    with pytest.raises(Forbidden):
        undo(referrals, colleague, made)
    undo(referrals, clinician, made)
