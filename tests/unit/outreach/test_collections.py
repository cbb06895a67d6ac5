"""Collection runs: who is picked up when, whether they fit, and what came of it."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Invalid, InvalidTransition
from chassis.ids import new_id
from services.outreach import contract
from services.outreach.contract import CollectionIncomplete, NoSeatsLeft
from services.outreach.models import CollectionRun, Family
from tests import factories
from tests.support.reaching import TUESDAY, a_family, a_run, at, pick_up


def family_of(parents: int = 1, children: int = 1) -> Family:
    """Return a family of so many people."""
    people = {
        "parents": [{**factories.parent_details(), "id": new_id()} for _ in range(parents)],
        "children": [{**factories.child_details(), "id": new_id()} for _ in range(children)],
    }
    return a_family(**people)


def collected(run: CollectionRun, outcome: str = "collected") -> list[dict[str, object]]:
    """Return the same outcome for every stop."""
    return [{"family_id": stop.family_id, "outcome": outcome} for stop in run.stops]


def test_the_first_family_opens_the_run() -> None:
    run, family = a_run(), family_of(1, 2)
    stop, event = run.arrange(family, pick_up(9, 35))
    assert (stop.family_id, stop.pick_up_at, stop.people, stop.children, stop.state) == (family.id, at(9, 35), 3, 2, "arranged")
    assert stop.pick_up_from == family.address
    assert event.type is contract.RUN_ARRANGED
    assert (event.subject, event.sequence) == (run.id, 2)
    assert event.data["stops"] == [{"family_id": family.id, "state": "arranged", "pick_up_at": at(9, 35)}]


def test_a_pick_up_is_by_the_clock_on_the_wall_in_summer_too() -> None:
    summer = date(2025, 7, 1)
    stop, _ = a_run(on=summer, session_starts_at=at(10, on=summer)).arrange(family_of(), pick_up(9, 35))
    assert (stop.pick_up_at.hour, stop.pick_up_at.minute) == (8, 35)


def test_no_car_comes_to_the_door_of_a_family_that_may_not_be_visited() -> None:
    family = a_family("text", "letter")
    stop, _ = a_run().arrange(family, pick_up())
    assert (family.address is not None, stop.pick_up_from) == (True, None)
    stop, _ = a_run().arrange(family, pick_up(pick_up_from="Peckham Library"))
    assert stop.pick_up_from == "Peckham Library"


def test_a_run_needs_a_driver_for_its_first_family_and_not_again() -> None:
    run = a_run()
    with pytest.raises(Invalid) as fault:
        run.arrange(family_of(), pick_up(driver_name=None))
    assert list(fault.value.faults) == ["driver_name"]
    run.arrange(family_of(), pick_up(driver_name="Sam Okoro"))
    run.arrange(family_of(), pick_up(driver_name=None))
    assert run.driver_name == "Sam Okoro"


@pytest.mark.parametrize(("hour", "minute"), [(10, 0), (10, 5), (23, 59)])
def test_a_family_is_picked_up_before_the_session(hour: int, minute: int) -> None:
    with pytest.raises(Invalid) as fault:
        a_run().arrange(family_of(), pick_up(hour, minute))
    assert list(fault.value.faults) == ["pick_up_at"]


def test_arranging_a_family_again_changes_its_stop() -> None:
    run, family = a_run(), family_of()
    run.arrange(family, pick_up(9, 35))
    run.arrange(family, pick_up(9, 20, people=1, children=0, pick_up_from="Peckham Library"))
    (stop,) = run.stops
    assert (stop.pick_up_at, stop.people, stop.children, stop.pick_up_from) == (at(9, 20), 1, 0, "Peckham Library")


def test_a_family_that_does_not_fit_is_refused() -> None:
    run = a_run(seats=4, child_seats=4)
    run.arrange(family_of(1, 2), pick_up())
    with pytest.raises(NoSeatsLeft) as fault:
        run.arrange(family_of(1, 1), pick_up())
    assert (fault.value.facts["seats"], fault.value.facts["needed"]) == (4, 5)


def test_every_child_needs_a_child_seat() -> None:
    run = a_run(seats=7, child_seats=1)
    with pytest.raises(NoSeatsLeft):
        run.arrange(family_of(1, 2), pick_up())
    run.arrange(family_of(1, 2), pick_up(children=1))


def test_a_larger_car_makes_room() -> None:
    run = a_run(seats=2)
    run.arrange(family_of(1, 2), pick_up(seats=8, child_seats=4))
    assert (run.seats, run.child_seats) == (8, 4)


def test_there_are_no_more_child_seats_than_seats() -> None:
    with pytest.raises(Invalid) as fault:
        a_run().arrange(family_of(), pick_up(seats=2, child_seats=3))
    assert list(fault.value.faults) == ["child_seats"]
    run = a_run()
    run.arrange(family_of(), pick_up(seats=2))
    assert run.child_seats == 2


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), max_size=8))
def test_a_car_never_holds_more_than_it_has_seats(families: list[tuple[int, int]]) -> None:
    run = a_run()
    for adults, toddlers in families:
        with suppress(NoSeatsLeft):
            run.arrange(family_of(adults, toddlers), pick_up())
    people, children = sum(stop.people for stop in run.stops), sum(stop.children for stop in run.stops)
    assert people <= run.seats
    assert children <= run.child_seats


def test_a_run_is_done_when_every_stop_has_an_outcome() -> None:
    run = a_run()
    came, was_not_in = family_of(), family_of()
    run.arrange(came, pick_up(9, 20))
    run.arrange(was_not_in, pick_up(9, 35))
    outcomes = [{"family_id": came.id, "outcome": "collected"}, {"family_id": was_not_in.id, "outcome": "not_in"}]
    event = run.complete(outcomes, {}, at=at(10, 5), today=TUESDAY)
    assert (run.status, run.completed_at) == ("completed", at(10, 5))
    assert event.type is contract.RUN_COMPLETED
    assert {stop["family_id"]: stop["state"] for stop in event.data["stops"]} == {came.id: "collected", was_not_in.id: "not_in"}  # type: ignore[attr-defined]  # data holds anything


def test_a_stop_without_an_outcome_keeps_the_run_open_and_is_named() -> None:
    run, family = a_run(), family_of()
    run.arrange(family, pick_up())
    with pytest.raises(CollectionIncomplete) as fault:
        run.complete([], {family.id: family.name}, at=at(), today=TUESDAY)
    assert fault.value.facts["families"] == [{"family_id": str(family.id), "name": family.name}]
    assert run.status == "arranged"


def test_a_family_that_is_not_on_the_run_is_refused() -> None:
    run = a_run()
    run.arrange(family_of(), pick_up())
    with pytest.raises(Invalid) as fault:
        run.complete([*collected(run), {"family_id": new_id(), "outcome": "collected"}], {}, at=at(), today=TUESDAY)
    assert list(fault.value.faults["outcomes"]) == ["1"]


def test_a_run_is_not_done_before_its_day() -> None:
    run = a_run()
    run.arrange(family_of(), pick_up())
    with pytest.raises(InvalidTransition):
        run.complete(collected(run), {}, at=at(), today=TUESDAY - timedelta(days=1))


def test_a_run_that_is_done_takes_nobody_and_is_not_done_again() -> None:
    run = a_run()
    run.arrange(family_of(), pick_up())
    run.complete(collected(run), {}, at=at(), today=TUESDAY)
    with pytest.raises(InvalidTransition):
        run.arrange(family_of(), pick_up())
    with pytest.raises(InvalidTransition):
        run.complete(collected(run), {}, at=at(), today=TUESDAY)


def test_no_event_names_anybody() -> None:
    run, family = a_run(), family_of()
    _, event = run.arrange(family, pick_up(pick_up_from="The blue door behind the library"))
    assert family.name not in str(event.data)
    assert "blue door" not in str(event.data)
    assert "Sam Okoro" not in str(event.data)
