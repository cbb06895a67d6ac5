"""Places: the waiting list, the offer, the start, breaks and the end."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.errors import Forbidden, Invalid, InvalidTransition, NotFound, Stale
from services.sessions import contract
from services.sessions.contract import GroupFull, RegisterAlreadyClosed
from tests.support.desk import until
from tests.support.hall import ADMINISTRATOR, FIRST, WEEK, Hall


def offered(hall: Hall, group: dict[str, Any]) -> dict[str, Any]:
    """Return the place of a new family to whom it was offered."""
    family = hall.family()
    hall.agree(family, group)
    return hall.place(family)


def expected(hall: Hall, group: dict[str, Any]) -> list[UUID]:
    """Return the families on the day's register."""
    return [line["family_id"] for line in hall.register(group)["lines"]]


# From the assessment to the place


def test_a_family_that_was_agreed_a_place_in_a_group_is_offered_it(southwark: Hall) -> None:
    group, family = southwark.group(), southwark.family()
    southwark.agree(family, group)
    place = southwark.place(family)
    assert (place["status"], place["group_name"], place["family_name"]) == ("offered", "Peckham Tuesday", family["name"])
    assert (place["engagement"], place["asked_on"]) == ("not_yet_attended", FIRST)


def test_a_family_that_was_agreed_a_place_in_no_group_yet_waits(southwark: Hall) -> None:
    family = southwark.family()
    southwark.agree(family)
    assert southwark.place(family)["status"] == "waiting"


def test_a_family_waits_where_the_agreed_group_is_full(southwark: Hall) -> None:
    group = southwark.group(capacity=1)
    southwark.joined(group)
    family = southwark.family()
    southwark.agree(family, group)
    assert southwark.place(family)["status"] == "waiting"


@pytest.mark.parametrize("decision", ["not_now", "refer_on", "no_further_action"])
def test_any_other_decision_gives_no_place(southwark: Hall, decision: str) -> None:
    family = southwark.family()
    southwark.agree(family, southwark.group(), decision=decision)
    assert southwark.place(family) is None


def test_an_agreed_group_that_is_another_boroughs_is_no_group(southwark: Hall, lambeth: Hall) -> None:
    family = southwark.family()
    southwark.agree(family, lambeth.group())
    assert southwark.place(family)["status"] == "waiting"


def test_the_agreement_delivered_twice_makes_one_place(southwark: Hall) -> None:
    from services.assessments.contract import ASSESSMENT_AGREED
    from tests.support.hall import moment

    group, family = southwark.group(), southwark.family()
    southwark.agree(family, group)
    facts = {
        "family_id": family["family_id"], "family_name": family["name"], "referral_id": uuid4(), "version": 1, "decision": "offer_place",
        "group_id": group["id"], "group_name": group["name"], "before_joining": None, "agreed_at": moment(FIRST), "signed_by": ["A", "B"],
    }  # fmt: skip
    envelope = southwark.post.deliver(southwark.borough_id, ASSESSMENT_AGREED(uuid4(), 4, **facts))
    southwark.post.again(envelope)
    places = southwark.ask(contract.LIST_PLACES)
    assert places["total"] == 1
    entries = southwark.attendance(family)["entries"]
    assert [entry["kind"] for entry in entries].count("place.offered") == 1


def test_a_family_whose_details_arrive_after_the_agreement_has_a_place_all_the_same(southwark: Hall) -> None:
    from services.referrals.contract import FAMILY_REGISTERED
    from tests.support.families import family_facts

    group, family = southwark.group(), family_facts()
    southwark.agree(family, group)
    place = southwark.place(family)
    assert (place["status"], place["family_name"]) == ("offered", "A family (details on their way)")
    southwark.ask(contract.START_PLACE, place_id=place["id"], version=place["version"], starts_on=FIRST)
    (line,) = southwark.register(group)["lines"]
    assert line["members"] == []
    southwark.post.deliver(southwark.borough_id, FAMILY_REGISTERED(family["family_id"], 1, **family))
    (line,) = southwark.register(group)["lines"]
    assert line["family_name"] == family["name"]
    assert [member["id"] for member in line["members"]] == [person["id"] for person in (*family["parents"], *family["children"])]


def test_older_news_of_a_family_does_not_overwrite_newer(southwark: Hall) -> None:
    family = southwark.family()
    southwark.change(family, 5, language="Welsh")
    southwark.change(family, 3, language="Latin")
    group = southwark.group()
    southwark.start(family, group)
    assert southwark.register(group)["lines"][0]["language"] == "Welsh"


# Offer, start


def test_a_family_that_waits_is_offered_a_place_by_a_person(southwark: Hall) -> None:
    group, family = southwark.group(), southwark.family()
    southwark.agree(family)
    waiting = southwark.place(family)
    place = southwark.ask(contract.OFFER_PLACE, place_id=waiting["id"], version=waiting["version"], group_id=group["id"])
    assert (place["status"], place["group_id"], place["version"]) == ("offered", group["id"], waiting["version"] + 1)


def test_a_full_group_offers_no_place(southwark: Hall) -> None:
    group = southwark.group(capacity=1)
    southwark.joined(group)
    family = southwark.family()
    southwark.agree(family)
    waiting = southwark.place(family)
    with pytest.raises(GroupFull) as fault:
        southwark.ask(contract.OFFER_PLACE, place_id=waiting["id"], version=waiting["version"], group_id=group["id"])
    assert fault.value.facts == {"capacity": 1, "taken": 1}


def test_two_offers_at_once_of_the_last_place_make_one(southwark: Hall) -> None:
    import eventlet

    group = southwark.group(capacity=1)
    families = [southwark.family() for _ in range(3)]
    for family in families:
        southwark.agree(family)
    places = [southwark.place(family) for family in families]

    def offer(place: dict[str, Any]) -> str:
        try:
            southwark.ask(contract.OFFER_PLACE, place_id=place["id"], version=place["version"], group_id=group["id"])
        except GroupFull:
            return "full"
        return "offered"

    threads = [eventlet.spawn(offer, place) for place in places]
    assert sorted(thread.wait() for thread in threads) == ["full", "full", "offered"]


def test_a_place_that_starts_puts_the_family_on_registers_from_that_day(southwark: Hall) -> None:
    group, family = southwark.group(), southwark.family()
    southwark.start(family, group, FIRST + WEEK)
    assert expected(southwark.week(1), group) == []
    assert expected(southwark.week(2), group) == [family["family_id"]]
    assert expected(southwark.week(8), group) == [family["family_id"]]


def test_a_place_can_be_entered_afterwards_while_that_days_register_is_open(southwark: Hall) -> None:
    group, family = southwark.group(), southwark.family()
    southwark.week(3).start(family, group, FIRST)
    assert expected(southwark.week(1), group) == [family["family_id"]]


def test_a_place_cannot_start_on_a_day_whose_register_is_closed(southwark: Hall) -> None:
    group = southwark.group()
    southwark.week(1).close(group, {})
    with pytest.raises(RegisterAlreadyClosed) as fault:
        southwark.week(2).start(southwark.family(), group, FIRST)
    assert fault.value.facts == {"last_closed": FIRST.isoformat()}


@pytest.mark.parametrize("starts_on", [FIRST - timedelta(days=1), FIRST + timedelta(days=200)])
def test_a_place_starts_between_the_groups_first_day_and_half_a_year_ahead(southwark: Hall, starts_on: date) -> None:
    with pytest.raises(Invalid) as fault:
        southwark.start(southwark.family(), southwark.group(), starts_on)
    assert list(fault.value.faults) == ["starts_on"]


# Breaks and the end


def test_a_family_on_a_break_is_not_expected_and_keeps_its_place(southwark: Hall) -> None:
    group = southwark.group(capacity=1)
    family = southwark.joined(group)
    place = southwark.place(family)
    paused = southwark.ask(contract.PAUSE_PLACE, place_id=place["id"], version=place["version"], reason="Visiting family")
    assert paused["status"] == "paused"
    assert expected(southwark.week(1), group) == [family["family_id"]]
    assert expected(southwark.week(2), group) == []
    back = southwark.week(4)
    resumed = back.ask(contract.RESUME_PLACE, place_id=place["id"], version=paused["version"])
    assert resumed["status"] == "active"
    assert [expected(southwark.week(number), group) for number in (3, 4, 5)] == [[], [family["family_id"]], [family["family_id"]]]


def test_a_place_that_ends_after_a_break_before_its_start_is_on_no_register(southwark: Hall) -> None:
    group, family = southwark.group(), southwark.family()
    place = southwark.start(family, group, southwark.week(2).today)
    for operation, more in (
        (contract.PAUSE_PLACE, {"reason": "Ill"}),
        (contract.RESUME_PLACE, {}),
        (contract.END_PLACE, {"reason": "Moved"}),
    ):
        place = southwark.ask(operation, place_id=place["id"], version=place["version"], **more)
    assert [southwark.week(week).register(group)["expected"] for week in (1, 2, 3)] == [0, 0, 0]


def test_a_break_that_ends_after_the_days_register_closed_counts_from_the_next_week(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    place = southwark.place(family)
    paused = southwark.ask(contract.PAUSE_PLACE, place_id=place["id"], version=place["version"], reason="Visiting family")
    week_2 = southwark.week(2)
    week_2.close(group, {})
    week_2.ask(contract.RESUME_PLACE, place_id=place["id"], version=paused["version"])
    assert expected(week_2, group) == []
    assert expected(southwark.week(3), group) == [family["family_id"]]


def test_a_place_ends_by_a_persons_decision_with_a_reason(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    place = southwark.place(family)
    ended = southwark.ask(contract.END_PLACE, place_id=place["id"], version=place["version"], reason="They moved to Leeds")
    assert (ended["status"], ended["ended_on"], ended["end_reason"]) == ("ended", FIRST, "They moved to Leeds")
    assert expected(southwark.week(1), group) == [family["family_id"]]
    assert expected(southwark.week(2), group) == []


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001])
def test_a_place_does_not_end_without_a_proper_reason(southwark: Hall, reason: str) -> None:
    group = southwark.group()
    place = southwark.place(southwark.joined(group))
    with pytest.raises(Invalid) as fault:
        southwark.ask(contract.END_PLACE, place_id=place["id"], version=place["version"], reason=reason)
    assert list(fault.value.faults) == ["reason"]


def test_nobody_is_ended_for_missing_or_for_time_passing(southwark: Hall) -> None:
    """Rule 4."""
    group = southwark.group()
    family = southwark.joined(group)
    for week in range(1, 8):
        southwark.week(week).close(group, {family["family_id"]: "did_not_come"})
    place = southwark.week(8).place(family)
    assert (place["status"], place["missed"], place["engagement"]) == ("active", 7, "not_yet_attended")
    assert expected(southwark.week(8), group) == [family["family_id"]]


def test_a_family_whose_place_ended_can_wait_again_and_begins_afresh(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    southwark.close(group, {family["family_id"]: "did_not_come"})
    place = southwark.place(family)
    southwark.ask(contract.END_PLACE, place_id=place["id"], version=place["version"], reason="Not the right time")
    again = southwark.week(2).ask(contract.ADD_PLACE, family_id=family["family_id"])
    assert (again["status"], again["missed"]) == ("waiting", 0)
    with pytest.raises(InvalidTransition):
        southwark.week(2).ask(contract.ADD_PLACE, family_id=family["family_id"])


def test_a_family_that_never_had_a_place_is_not_put_on_the_list_by_hand(southwark: Hall) -> None:
    with pytest.raises(NotFound):
        southwark.ask(contract.ADD_PLACE, family_id=southwark.family()["family_id"])


# Who, and on which version


def test_a_stale_change_of_a_place_is_refused_with_both_versions(southwark: Hall) -> None:
    group = southwark.group()
    place = southwark.place(southwark.joined(group))
    southwark.ask(contract.PAUSE_PLACE, place_id=place["id"], version=place["version"], reason="Visiting family")
    with pytest.raises(Stale) as fault:
        southwark.ask(contract.END_PLACE, by="Jo Marsh", place_id=place["id"], version=place["version"], reason="Moved")
    assert (fault.value.facts["yours"]["version"], fault.value.facts["theirs"]["version"]) == (place["version"], place["version"] + 1)


def test_a_repeated_request_starts_a_place_once(southwark: Hall) -> None:
    place, key = offered(southwark, southwark.group()), uuid4().hex
    first = southwark.ask(contract.START_PLACE, key=key, place_id=place["id"], version=place["version"], starts_on=FIRST)
    again = southwark.ask(contract.START_PLACE, key=key, place_id=place["id"], version=place["version"], starts_on=FIRST)
    assert again == first
    started = [event for event in southwark.desk.told("sessions", southwark.borough_id) if event["type"] == "sessions.place.started"]
    assert len(started) == 1


def test_another_boroughs_place_is_not_found_just_as_an_unknown_one(southwark: Hall, lambeth: Hall, nowhere: UUID) -> None:
    place = offered(southwark, southwark.group())
    told = []
    for place_id in (place["id"], nowhere):
        with pytest.raises(NotFound) as fault:
            lambeth.ask(contract.START_PLACE, place_id=place_id, version=place["version"], starts_on=FIRST)
        told.append(fault.value.to_wire())
    assert told[0] == told[1]
    assert lambeth.ask(contract.LIST_PLACES)["items"] == []


def test_administrators_see_and_move_no_places(southwark: Hall) -> None:
    administrator = southwark.person("Olu Administrator", ADMINISTRATOR)
    with pytest.raises(Forbidden):
        southwark.ask(contract.LIST_PLACES, by=administrator)
    with pytest.raises(Forbidden):
        southwark.ask(contract.END_PLACE, by=administrator, place_id=uuid4(), version=1, reason="Tidying up")


def test_the_waiting_list_is_in_the_order_in_which_families_came_to_it(southwark: Hall) -> None:
    families = []
    for week in (3, 1, 2):
        hall = southwark.week(week)
        families.append((week, hall.family()))
        hall.agree(families[-1][1])
    in_order = [family["family_id"] for _, family in sorted(families, key=lambda pair: pair[0])]
    first = southwark.ask(contract.LIST_PLACES, status="waiting", limit=2)
    rest = southwark.ask(contract.LIST_PLACES, status="waiting", limit=2, after=first["next"])
    assert [place["family_id"] for place in (*first["items"], *rest["items"])] == in_order
    assert (first["total"], rest["next"]) == (3, None)


def test_places_are_listed_by_group_and_status(southwark: Hall) -> None:
    group, other = southwark.group(), southwark.group(name="Camberwell afternoon")
    southwark.joined(group)
    southwark.joined(other)
    offered(southwark, group)
    assert southwark.ask(contract.LIST_PLACES, group_id=group["id"])["total"] == 2
    assert southwark.ask(contract.LIST_PLACES, group_id=group["id"], status="active")["total"] == 1


def test_reading_and_changing_a_place_is_in_the_audit_trail(southwark: Hall) -> None:
    """Rule 9."""
    from sqlalchemy import select

    from chassis.database.tables import audit

    family = southwark.joined(southwark.group())
    southwark.attendance(family)

    def entries() -> list[Any]:
        with southwark.desk.work("sessions", southwark.borough_id) as work:
            return list(work.session.execute(select(audit).where(audit.c.family_id == family["family_id"])))

    kinds = {(entry.operation, entry.kind, entry.person_name) for entry in until(entries)}
    assert ("sessions.start_place", "change", "Amina Khan") in kinds
    assert ("sessions.family_attendance", "read", "Amina Khan") in kinds
