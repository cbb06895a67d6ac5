"""Places: from the waiting list into a group, breaks, and the end that only a person decides."""

import inspect
from datetime import timedelta

import pytest

from chassis.errors import Invalid, InvalidTransition
from services.sessions import contract, service
from services.sessions.contract import GroupFull, RegisterAlreadyClosed
from services.sessions.models import Group, Place, Spell
from services.sessions.models.places import MOVES
from tests.support.groups import TUESDAY, a_group, a_place, by

WEEK = timedelta(weeks=1)
STATUSES = sorted(MOVES)


def started(group: Group) -> tuple[Place, Spell]:
    """Return a place that started on the Tuesday, with its first spell."""
    place = a_place("offered", group)
    return place, place.start(group, TUESDAY, today=TUESDAY, last_closed=None)[1]


def test_a_family_that_waits_is_offered_a_place_in_a_group() -> None:
    group, place = a_group(), a_place()
    event = place.offer(group, taken=7)
    assert (place.status, place.group_id) == ("offered", group.id)
    assert event.type is contract.PLACE_OFFERED
    assert (event.subject, event.sequence) == (place.id, 2)
    assert event.data["group_id"] == group.id


def test_a_full_group_offers_no_place() -> None:
    with pytest.raises(GroupFull):
        a_place().offer(a_group(capacity=3), taken=3)


def test_another_group_can_be_offered_before_the_family_has_begun() -> None:
    place, other = a_place("offered", a_group()), a_group(name="Camberwell afternoon")
    place.offer(other, taken=0)
    assert place.group_id == other.id


@pytest.mark.parametrize("status", ["active", "paused", "ended"])
def test_a_place_that_was_taken_up_is_not_offered_again(status: str) -> None:
    with pytest.raises(InvalidTransition):
        a_place(status, a_group()).offer(a_group(), taken=0)


def test_a_place_that_starts_expects_the_family_from_that_day_on_without_end() -> None:
    group, place = a_group(), a_place("offered")
    event, spell = place.start(group, TUESDAY + WEEK, today=TUESDAY, last_closed=None)
    assert (place.status, place.starts_on) == ("active", TUESDAY + WEEK)
    assert (spell.from_on, spell.until_on) == (TUESDAY + WEEK, None)
    assert (spell.family_id, spell.group_id, spell.place_id) == (place.family_id, group.id, place.id)
    assert event.type is contract.PLACE_STARTED


@pytest.mark.parametrize("status", ["waiting", "active", "paused", "ended"])
def test_only_an_offered_place_starts(status: str) -> None:
    with pytest.raises(InvalidTransition):
        a_place(status).start(a_group(), TUESDAY, today=TUESDAY, last_closed=None)


def test_a_place_can_start_in_the_past_while_that_days_register_is_open() -> None:
    group, place = a_group(starts_on=TUESDAY - 4 * WEEK), a_place("offered")
    _, spell = place.start(group, TUESDAY - WEEK, today=TUESDAY, last_closed=TUESDAY - 2 * WEEK)
    assert spell.from_on == TUESDAY - WEEK


def test_a_place_cannot_start_on_a_day_whose_register_is_closed_without_its_mark() -> None:
    group, place = a_group(starts_on=TUESDAY - 4 * WEEK), a_place("offered")
    with pytest.raises(RegisterAlreadyClosed) as fault:
        place.start(group, TUESDAY - WEEK, today=TUESDAY, last_closed=TUESDAY - WEEK)
    assert fault.value.facts == {"last_closed": "2025-02-25"}


def test_a_place_cannot_start_before_its_group_nor_in_the_far_future() -> None:
    for day in (TUESDAY - timedelta(days=1), TUESDAY + timedelta(days=184)):
        with pytest.raises(Invalid) as fault:
            a_place("offered").start(a_group(starts_on=TUESDAY), day, today=TUESDAY, last_closed=None)
        assert list(fault.value.faults) == ["starts_on"]


def test_a_break_keeps_the_place_and_today_still_counts() -> None:
    group = a_group()
    place, spell = started(group)
    event = place.pause(group, spell, today=TUESDAY + WEEK)
    assert (place.status, place.group_id, spell.until_on) == ("paused", group.id, TUESDAY + WEEK)
    assert event.type is contract.PLACE_PAUSED


def test_a_break_before_the_first_day_leaves_no_day_on_which_the_family_is_expected() -> None:
    group, place = a_group(), a_place("offered")
    _, spell = place.start(group, TUESDAY + WEEK, today=TUESDAY, last_closed=None)
    place.pause(group, spell, today=TUESDAY)
    assert spell.until_on == spell.from_on - timedelta(days=1)


def test_after_a_break_the_family_is_expected_again_from_today() -> None:
    group = a_group()
    place, spell = started(group)
    place.pause(group, spell, today=TUESDAY)
    event, again = place.resume(group, spell, today=TUESDAY + 3 * WEEK, last_closed=TUESDAY + 2 * WEEK)
    assert (place.status, again.from_on, again.until_on) == ("active", TUESDAY + 3 * WEEK, None)
    assert event.type is contract.PLACE_RESUMED


def test_a_break_that_ends_on_a_day_whose_register_is_closed_counts_from_the_next_day() -> None:
    group = a_group()
    place, spell = started(group)
    place.pause(group, spell, today=TUESDAY)
    _, again = place.resume(group, spell, today=TUESDAY + WEEK, last_closed=TUESDAY + WEEK)
    assert again.from_on == TUESDAY + WEEK + timedelta(days=1)


def test_a_break_that_ends_on_the_day_it_began_makes_no_family_expected_twice() -> None:
    group = a_group()
    place, spell = started(group)
    place.pause(group, spell, today=TUESDAY)
    _, again = place.resume(group, spell, today=TUESDAY, last_closed=None)
    assert spell.until_on is not None
    assert again.from_on > spell.until_on


def test_a_break_begun_and_over_before_the_place_started_leaves_one_time_that_counts() -> None:
    group, place = a_group(), a_place("offered")
    _, spell = place.start(group, TUESDAY + WEEK, today=TUESDAY, last_closed=None)
    place.pause(group, spell, today=TUESDAY)
    _, again = place.resume(group, spell, today=TUESDAY, last_closed=None)
    assert again is spell
    assert (again.from_on, again.until_on) == (TUESDAY + WEEK, None)
    place.end(group, again, "They moved to Leeds", today=TUESDAY)
    assert again.counts_on_no_day


@pytest.mark.parametrize("status", ["waiting", "offered", "active", "ended"])
def test_only_a_break_can_end(status: str) -> None:
    with pytest.raises(InvalidTransition):
        a_place(status).resume(a_group(), None, today=TUESDAY, last_closed=None)


@pytest.mark.parametrize("status", ["waiting", "offered", "active", "paused"])
def test_a_person_can_end_any_place_with_a_reason(status: str) -> None:
    place = a_place(status)
    event = place.end(None, None, "They are moving to Leeds", today=TUESDAY)
    assert (place.status, place.ended_on, place.end_reason) == ("ended", TUESDAY, "They are moving to Leeds")
    assert event.type is contract.PLACE_ENDED
    assert "reason" not in event.data


def test_the_day_on_which_a_place_ends_still_counts() -> None:
    group = a_group()
    place, spell = started(group)
    place.end(group, spell, "They are moving to Leeds", today=TUESDAY + WEEK)
    assert spell.until_on == TUESDAY + WEEK


def test_ending_a_break_for_good_leaves_the_last_day_as_it_was() -> None:
    group = a_group()
    place, spell = started(group)
    place.pause(group, spell, today=TUESDAY)
    place.end(group, spell, "They are moving to Leeds", today=TUESDAY + 3 * WEEK)
    assert spell.until_on == TUESDAY


def test_a_place_ends_once() -> None:
    with pytest.raises(InvalidTransition):
        a_place("ended").end(None, None, "Again", today=TUESDAY)


def test_no_event_and_no_timer_can_end_a_place() -> None:
    """Rule 4: nobody is discharged for missing sessions or for time passing."""
    methods = [method for _, method in inspect.getmembers(service.SessionsService, inspect.isfunction)]
    ending = [method.__name__ for method in methods if ".end(" in inspect.getsource(method)]
    assert ending == ["end_place"]
    assert contract.END_PLACE.request().fields["reason"].required


def test_a_family_whose_place_ended_can_wait_again() -> None:
    earlier = a_place("ended")
    again = earlier.again(at=by().at)
    assert (again.family_id, again.status, again.group_id) == (earlier.family_id, "waiting", None)
    assert again.id != earlier.id


@pytest.mark.parametrize("status", ["waiting", "offered", "active", "paused"])
def test_a_family_with_a_place_does_not_wait_twice(status: str) -> None:
    with pytest.raises(InvalidTransition):
        a_place(status).again(at=by().at)


def test_news_of_the_agreed_group_offers_a_place_only_where_none_was_taken_up() -> None:
    group, other = a_group(capacity=1), a_group(name="Camberwell afternoon")
    assert a_place().can_be_offered(group, taken=0)
    assert a_place("offered", other).can_be_offered(group, taken=0)
    assert not a_place("offered", group).can_be_offered(group, taken=0)
    assert not a_place("active", other).can_be_offered(group, taken=0)
    assert not a_place().can_be_offered(group, taken=1)


def test_a_place_with_no_group_says_that_one_is_to_be_offered_first() -> None:
    with pytest.raises(InvalidTransition, match="Offer the family a place first"):
        _ = a_place().in_group


def test_a_step_of_the_story_names_the_group_and_who_did_it_but_not_why() -> None:
    group = a_group()
    place, _ = started(group)
    step = place.step("place.ended", by(), group, "They are moving to Leeds")
    assert step.facts == {"group_name": "Peckham Tuesday", "by_name": "Amina Khan", "starts_on": "2025-03-04"}
    assert step.reason == "They are moving to Leeds"


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_words(status: str) -> None:
    assert contract.PLACE_STATUSES[status]
