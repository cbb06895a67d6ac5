"""Venues, groups and the sessions that they are laid out in."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.errors import Forbidden, IdempotencyMismatch, Invalid, NotFound
from services.sessions import contract
from tests.support.hall import ADMINISTRATOR, FIRST, WEEK, Hall


def test_a_weekly_group_has_a_session_each_week_by_the_clock_on_the_wall(southwark: Hall) -> None:
    group = southwark.group()
    sessions = southwark.ask(contract.GET_GROUP, group_id=group["id"])["sessions"]
    assert [session["on"] for session in sessions] == [FIRST + week * WEEK for week in range(9)]
    starts = {session["on"]: session["starts_at"] for session in sessions}
    assert starts[date(2025, 3, 25)] == datetime(2025, 3, 25, 10, tzinfo=UTC)
    assert starts[date(2025, 4, 1)] == datetime(2025, 4, 1, 9, tzinfo=UTC)


def test_a_group_on_a_monday_leaves_out_bank_holidays_and_says_so(southwark: Hall) -> None:
    group = southwark.group(weekday="0")
    found = southwark.ask(contract.GET_GROUP, group_id=group["id"])
    assert date(2025, 4, 21) not in [session["on"] for session in found["sessions"]]
    assert found["skipped"] == [{"on": date(2025, 4, 21), "bank_holiday": "Easter Monday"}]


def test_a_group_is_listed_with_its_venue_and_how_full_it_is(southwark: Hall) -> None:
    group = southwark.group(capacity=2)
    southwark.joined(group)
    (listed,) = southwark.ask(contract.LIST_GROUPS)["items"]
    assert (listed["name"], listed["venue_name"]) == ("Peckham Tuesday", "1st Place Children's Centre")
    assert (listed["capacity"], listed["taken"], listed["waiting"]) == (2, 1, 0)


def test_groups_come_in_pages_by_name_without_gap_or_repeat(southwark: Hall) -> None:
    names = [f"Group {number:02}" for number in range(7)]
    for name in reversed(names):
        southwark.group(name=name)
    found: list[str] = []
    after = None
    while True:
        page = southwark.ask(contract.LIST_GROUPS, limit=3, after=after)
        found += [group["name"] for group in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == names


def test_venues_come_in_pages_by_name(southwark: Hall) -> None:
    for name in ("Burgess Park", "Albany", "Camberwell Library"):
        southwark.ask(contract.ADD_VENUE, name=name, address=None, postcode=None)
    first = southwark.ask(contract.LIST_VENUES, limit=2)
    rest = southwark.ask(contract.LIST_VENUES, limit=2, after=first["next"])
    assert [venue["name"] for venue in (*first["items"], *rest["items"])] == ["Albany", "Burgess Park", "Camberwell Library"]
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"ends_at": time(9)}, "ends_at"), ({"starts_on": FIRST - timedelta(days=400)}, "starts_on")],
)
def test_a_group_that_cannot_be_is_refused_and_nothing_is_kept(southwark: Hall, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as fault:
        southwark.group(**changed)
    assert list(fault.value.faults) == [field]
    assert southwark.ask(contract.LIST_GROUPS)["items"] == []


def test_a_repeated_request_adds_one_group(southwark: Hall) -> None:
    key, venue = uuid4().hex, southwark.ask(contract.ADD_VENUE, name="Albany", address=None, postcode=None)
    values: dict[str, Any] = {
        "name": "Albany Friday", "venue_id": venue["id"], "room": None, "weekday": "4", "starts_at": time(13, 30), "ends_at": time(15),
        "starts_on": FIRST, "capacity": 6, "meets_on_bank_holidays": False,
    }  # fmt: skip
    first = southwark.ask(contract.ADD_GROUP, key=key, **values)
    assert southwark.ask(contract.ADD_GROUP, key=key, **values) == first
    with pytest.raises(IdempotencyMismatch):
        southwark.ask(contract.ADD_GROUP, key=key, **{**values, "capacity": 7})
    assert [group["id"] for group in southwark.ask(contract.LIST_GROUPS)["items"]] == [first["id"]]


def test_an_administrator_sees_how_full_a_group_is_but_no_family(southwark: Hall) -> None:
    """Rule 7: administrators see no family data."""
    group = southwark.group()
    family = southwark.joined(group)
    seen = southwark.ask(contract.GET_GROUP, by=southwark.person("Olu Administrator", ADMINISTRATOR), group_id=group["id"])
    assert (seen["taken"], seen["places"]) == (1, [])
    assert family["name"] not in str(seen)
    shown = southwark.ask(contract.GET_GROUP, group_id=group["id"])["places"]
    assert [place["family_name"] for place in shown] == [family["name"]]


def test_who_may_only_read_adds_no_group(southwark: Hall) -> None:
    reader = southwark.person("Ruth Osei", frozenset({"groups.read"}))
    with pytest.raises(Forbidden):
        southwark.ask(contract.ADD_VENUE, by=reader, name="Albany", address=None, postcode=None)


def test_another_boroughs_group_is_not_found_just_as_an_unknown_one(southwark: Hall, lambeth: Hall, nowhere: UUID) -> None:
    group = southwark.group()
    told = []
    for group_id in (group["id"], nowhere):
        with pytest.raises(NotFound) as fault:
            lambeth.ask(contract.GET_GROUP, group_id=group_id)
        told.append(fault.value.to_wire())
    assert told[0] == told[1]
    assert lambeth.ask(contract.LIST_GROUPS)["items"] == []
    assert lambeth.ask(contract.LIST_VENUES)["items"] == []


def test_a_group_cannot_be_put_into_another_boroughs_venue(southwark: Hall, lambeth: Hall) -> None:
    with pytest.raises(NotFound):
        lambeth.group(venue_id=southwark.group()["venue_id"])


def test_sessions_stay_laid_out_eight_weeks_ahead_as_registers_are_closed(southwark: Hall) -> None:
    group = southwark.group()
    for week in (1, 2, 3):
        southwark.week(week).close(group, {})
    ahead = southwark.week(3).ask(contract.GET_GROUP, group_id=group["id"])["sessions"]
    assert ahead[-1]["on"] == FIRST + 10 * WEEK


def test_the_timer_lays_out_sessions_that_are_missing(southwark: Hall) -> None:
    from chassis.caller import Caller
    from chassis.database import open_work
    from services.sessions.repository import Work
    from services.sessions.service import SessionsService

    group = southwark.group()
    with open_work(Work, southwark.desk.databases["sessions"], Caller.service("sessions", southwark.borough_id)) as work:
        SessionsService().lay_out_sessions(work)
    with open_work(Work, southwark.desk.databases["sessions"], Caller.service("sessions", southwark.borough_id)) as work:
        assert work.groups.get(group["id"]).laid_out_to >= work.today + 8 * WEEK
        before = work.groups.count(work.sessions.rows())  # type: ignore[arg-type]  # any statement can be counted
        SessionsService().lay_out_sessions(work)
        assert work.groups.count(work.sessions.rows()) == before  # type: ignore[arg-type]  # any statement can be counted
