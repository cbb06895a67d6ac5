"""Groups and sessions: what can be entered, how many fit, when a register is open."""

from datetime import time, timedelta

import pytest

from chassis.errors import Invalid, InvalidTransition, Stale
from services.sessions import contract
from services.sessions.contract import GroupFull, SessionNotYet
from tests.support.groups import NEW_GROUP, TUESDAY, a_group, a_session, at


@pytest.mark.parametrize("ends_at", [time(9, 59), time(10)])
def test_a_group_ends_after_it_starts(ends_at: time) -> None:
    with pytest.raises(Invalid) as fault:
        a_group(ends_at=ends_at)
    assert list(fault.value.faults) == ["ends_at"]


def test_a_group_can_have_begun_a_year_ago_but_not_earlier() -> None:
    assert len(a_group(starts_on=TUESDAY - timedelta(days=366)).lay_out(TUESDAY)) > 52
    with pytest.raises(Invalid) as fault:
        a_group(starts_on=TUESDAY - timedelta(days=367))
    assert list(fault.value.faults) == ["starts_on"]


def test_every_fault_of_a_group_is_named_at_once() -> None:
    with pytest.raises(Invalid) as fault:
        a_group(ends_at=time(9), starts_on=TUESDAY - timedelta(days=400))
    assert set(fault.value.faults) == {"ends_at", "starts_on"}


def test_a_group_of_eight_takes_an_eighth_family_and_no_ninth() -> None:
    group = a_group(capacity=8)
    group.require_room(7)
    with pytest.raises(GroupFull) as fault:
        group.require_room(8)
    assert fault.value.facts == {"capacity": 8, "taken": 8}


def test_a_session_is_planned_until_its_day_and_open_from_then_until_it_is_closed() -> None:
    session = a_session()
    assert session.status(TUESDAY - timedelta(days=1)) == "planned"
    assert session.status(TUESDAY) == "open"
    assert session.status(TUESDAY + timedelta(days=30)) == "open"
    session.closed_at = at(12)
    assert session.status(TUESDAY + timedelta(days=30)) == "closed"


def test_a_register_takes_marks_from_the_morning_of_its_day() -> None:
    session = a_session()
    session.require_open(TUESDAY)
    with pytest.raises(SessionNotYet) as fault:
        session.require_open(TUESDAY - timedelta(days=1))
    assert fault.value.facts == {"on": "2025-03-04"}


def test_a_closed_register_takes_no_marks() -> None:
    session = a_session()
    session.closed_at = at(12)
    with pytest.raises(InvalidTransition):
        session.require_open(TUESDAY)


def test_a_register_that_moved_on_says_both_versions() -> None:
    session = a_session()
    session.version = 4
    session.expect(4)
    with pytest.raises(Stale) as fault:
        session.expect(3)
    assert fault.value.facts == {"yours": {"version": 3}, "theirs": {"version": 4}}


def test_a_group_is_entered_in_words_of_a_form() -> None:
    loaded = contract.ADD_GROUP.request().load({
        "name": " Peckham Tuesday ", "venue_id": str(NEW_GROUP["venue_id"]), "weekday": "1", "starts_at": "10:00", "ends_at": "11:30",
        "starts_on": "2025-03-04", "capacity": 8, "room": "Garden room",
    })  # fmt: skip
    assert loaded == NEW_GROUP


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("weekday", "7"), ("starts_at", "25:00"), ("starts_on", "2025-02-30"), ("starts_on", "1899-12-31"), ("capacity", 0),
        ("capacity", "many"), ("capacity", 61), ("name", ""), ("name", "x" * 101), ("venue_id", "not an id"), ("colour", "red"),
    ],
)  # fmt: skip
def test_bad_input_is_named_by_its_field(field: str, wrong: object) -> None:
    whole = {
        "name": "Peckham Tuesday", "venue_id": str(NEW_GROUP["venue_id"]), "weekday": "1", "starts_at": "10:00", "ends_at": "11:30",
        "starts_on": "2025-03-04", "capacity": 8,
    }  # fmt: skip
    assert set(contract.ADD_GROUP.request().validate({**whole, field: wrong})) == {field}
