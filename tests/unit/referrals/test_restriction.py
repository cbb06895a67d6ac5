"""The rules of a restriction: who is named, who is lent the record, who may change what."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import clock
from chassis.caller import Caller
from chassis.errors import Conflict, Forbidden, Invalid, Stale
from chassis.ids import new_id
from services.referrals.models import Restriction
from tests import factories

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOURS = timedelta(hours=4)
BOROUGH = new_id()
REASON = "She is in A&E and asks for us"


def somebody(name: str = "Ruth Osei") -> Caller:
    return factories.caller(BOROUGH, name=name)


def named(*callers: Caller, practitioner: bool = True) -> list[dict[str, Any]]:
    return [{"person_id": one.person_id, "name": one.person_name, "practitioner": practitioner} for one in callers]


def blank() -> Restriction:
    return Restriction(borough_id=BOROUGH, id=new_id(), **Restriction.blank())


def imposed(by: Caller, *others: Caller, without_me: bool = False) -> Restriction:
    restriction = blank()
    restriction.impose({"reason": "domestic_abuse", "words": None, "people": named(*others), "without_me": without_me}, by, AT)
    return restriction


def test_the_one_who_restricts_is_named_with_the_others() -> None:
    ruth, paul = somebody(), somebody("Paul Lang")
    assert [person["name"] for person in imposed(ruth, paul).people] == ["Paul Lang", "Ruth Osei"]


def test_nobody_is_named_twice() -> None:
    ruth = somebody()
    assert len(imposed(ruth, ruth).people) == 1


def test_the_one_who_restricts_may_stay_out() -> None:
    ruth, paul = somebody(), somebody("Paul Lang")
    assert not imposed(ruth, paul, without_me=True).names(ruth.person_id)


def test_a_practitioner_is_always_named() -> None:
    with pytest.raises(Invalid):
        imposed(somebody(), without_me=True)
    request = {"reason": "other", "words": None, "people": named(somebody("Amina Khan"), practitioner=False), "without_me": True}
    with pytest.raises(Invalid):
        blank().impose(request, somebody(), AT)


def test_each_change_is_told_in_whole_with_the_next_version() -> None:
    ruth, paul = somebody(), somebody("Paul Lang")
    restriction = imposed(ruth)
    event = restriction.change(1, named(paul), [], ruth, AT)
    assert (event.subject, event.sequence, restriction.version) == (restriction.id, 2, 2)
    access: Any = event.data["access"]
    assert {one["person_id"]: one["until"] for one in access} == {ruth.person_id: None, paul.person_id: None}


def test_a_lifted_restriction_tells_that_nobody_is_named() -> None:
    ruth = somebody()
    event = imposed(ruth).lift(1, "It is over", ruth, AT)
    assert (event.data["in_force"], event.data["access"]) == (False, [])


@pytest.mark.parametrize(
    "act",
    [
        lambda restriction, by: restriction.change(0, [], [], by, AT),
        lambda restriction, by: restriction.lift(0, "It is over", by, AT),
        lambda restriction, by: restriction.break_glass(REASON, by, AT),
    ],
)
def test_what_is_not_restricted_can_neither_be_changed_nor_lifted_nor_broken(act: Callable[[Restriction, Caller], object]) -> None:
    with pytest.raises(Conflict):
        act(blank(), somebody())


def test_a_stale_change_says_both() -> None:
    ruth, paul = somebody(), somebody("Paul Lang")
    restriction = imposed(ruth)
    restriction.change(1, named(paul), [], ruth, AT)
    with pytest.raises(Stale) as refused:
        restriction.change(1, [], [paul.person_id], ruth, AT)
    assert refused.value.facts["yours"] == {"version": 1, "add": [], "remove": [str(paul.person_id)]}
    assert [person["name"] for person in refused.value.facts["theirs"]["people"]] == ["Paul Lang", "Ruth Osei"]


def test_a_stranger_lifts_nothing_and_names_nobody_but_others() -> None:
    ruth, paul, third = somebody(), somebody("Paul Lang"), somebody("Dr Third")
    restriction = imposed(ruth)
    with pytest.raises(Forbidden):
        restriction.lift(1, "It is over", paul, AT)
    for add, remove in ((named(paul), []), ([], [ruth.person_id])):
        with pytest.raises(Forbidden):
            restriction.change(1, add, remove, paul, AT)
    restriction.change(1, named(third), [], paul, AT)
    assert restriction.names(third.person_id)


def test_the_glass_holds_four_hours_and_is_told_once() -> None:
    ruth, paul = somebody(), somebody("Paul Lang")
    restriction = imposed(ruth)
    until, events = restriction.break_glass(REASON, paul, AT)
    assert until == AT + HOURS
    assert [event.type.name for event in events] == ["referrals.family.restricted", "referrals.glass.broken"]
    assert restriction.break_glass("Another reason by now", paul, AT + HOURS - timedelta(seconds=1)) == (until, [])
    assert len(restriction.broken) == 1


def test_who_broke_it_can_be_told_whatever_day_the_work_is_dated_at() -> None:
    restriction = imposed(somebody())
    restriction.break_glass(REASON, somebody("Paul Lang"), AT)
    with clock.acting_at(datetime(2000, 1, 1, tzinfo=UTC)):
        assert [one["at"] for one in restriction.broken] == [AT]


def test_after_four_hours_it_is_broken_anew() -> None:
    ruth, paul = somebody(), somebody("Paul Lang")
    restriction = imposed(ruth)
    restriction.break_glass(REASON, paul, AT)
    assert restriction.glass_of(paul.person_id, AT + HOURS) is None
    until, events = restriction.break_glass("She calls again, from the ward", paul, AT + HOURS)
    assert (until, len(events)) == (AT + 2 * HOURS, 2)
    assert restriction.access()[paul.person_id].until == AT + 2 * HOURS
    assert [one["reason"] for one in restriction.broken] == ["She calls again, from the ward", REASON]


def test_who_is_named_breaks_nothing() -> None:
    ruth = somebody()
    with pytest.raises(Conflict):
        imposed(ruth).break_glass(REASON, ruth, AT)


def test_who_is_removed_is_lent_nothing_any_more() -> None:
    ruth, paul = somebody(), somebody("Paul Lang")
    restriction = imposed(ruth)
    restriction.break_glass(REASON, paul, AT)
    restriction.change(2, [], [paul.person_id], ruth, AT + timedelta(minutes=1))
    assert restriction.glass_of(paul.person_id, AT + timedelta(minutes=2)) is None


def test_who_is_named_after_breaking_the_glass_sees_it_for_good() -> None:
    ruth, paul = somebody(), somebody("Paul Lang")
    restriction = imposed(ruth)
    restriction.break_glass(REASON, paul, AT)
    restriction.change(2, named(paul), [], ruth, AT)
    assert restriction.access()[paul.person_id].until is None


@given(st.lists(st.sampled_from(["break", "add", "remove", "lift", "impose"]), max_size=12))
def test_in_whatever_order_things_happen_only_named_and_lent_people_have_access(acts: list[str]) -> None:
    ruth, paul = somebody(), somebody("Paul Lang")
    restriction, at, version = imposed(ruth), AT, 1
    for number, act in enumerate(acts, 1):
        at = AT + number * timedelta(hours=1)
        try:
            if act == "break":
                restriction.break_glass(REASON, paul, at)
            elif act == "add":
                restriction.change(restriction.version, named(paul), [], ruth, at)
            elif act == "remove":
                restriction.change(restriction.version, [], [paul.person_id], ruth, at)
            elif act == "lift":
                restriction.lift(restriction.version, "It is over", ruth, at)
            else:
                restriction.impose({"reason": "other", "words": None, "people": [], "without_me": False}, ruth, at)
        except (Conflict, Forbidden):
            continue
        assert restriction.version == version + 1 or act == "break"
        version = restriction.version
        access = restriction.access()
        assert set(access) <= {ruth.person_id, paul.person_id}
        assert bool(access) == restriction.in_force
        lent = access.get(paul.person_id)
        seen = lent is not None and (lent.until is None or lent.until > at)
        assert seen == (
            restriction.in_force and (restriction.names(paul.person_id) or restriction.glass_of(paul.person_id, at) is not None)
        )
