"""Where things end: the day in London, the longest names, the last page, and nothing at all."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from chassis.ids import new_id
from services.outreach import contract as outreach
from services.sessions import contract
from services.sessions.contract import SessionNotYet
from tests.support.families import family_facts
from tests.support.hall import FIRST, WEEK, Hall, moment

CLOCKS_GO_FORWARD, CLOCKS_GO_BACK = date(2025, 3, 30), date(2025, 10, 26)


def at(hall: Hall, when: datetime) -> dict[str, Any]:
    """Return somebody who acts at a moment."""
    return {"by": replace(hall.person(), at=when)}


def largest_family() -> dict[str, Any]:
    """Return the facts of as many people as a family may have, each with the longest name."""
    plain = family_facts()
    named = {"given_name": "Maximiliana-Konstantina " * 5, "family_name": "Featherstonehaugh-Cholmondeley " * 4}
    short = {name: words.strip()[:120] for name, words in named.items()}
    people = {
        side: [{**plain[side][0], **short, "id": new_id()} for _ in range(count)] for side, count in (("parents", 6), ("children", 8))
    }
    return family_facts(**people, language="L" * 60)


# The day in London


@pytest.mark.parametrize("sunday", [CLOCKS_GO_FORWARD, CLOCKS_GO_BACK])
def test_a_group_keeps_its_time_on_the_wall_when_the_clocks_change(southwark: Hall, sunday: date) -> None:
    before = southwark.on(sunday - timedelta(days=5))
    group = before.group(starts_on=before.today)
    session, later = before.session(group), southwark.on(before.today + WEEK).session(group)
    assert (session["starts_at"], later["starts_at"]) == (moment(before.today, 10), moment(before.today + WEEK, 10))
    hours = (later["starts_at"] - session["starts_at"]) / timedelta(hours=1)
    assert hours == 7 * 24 + (-1 if sunday == CLOCKS_GO_FORWARD else 1)


def test_in_summer_the_day_begins_at_eleven_at_night_by_the_universal_clock(southwark: Hall) -> None:
    tuesday = date(2025, 6, 3)
    group = southwark.on(tuesday - WEEK).group(starts_on=tuesday)
    family = southwark.on(tuesday - WEEK).family()
    southwark.on(tuesday - WEEK).start(family, group, tuesday)
    session_id = southwark.on(tuesday).session(group)["id"]
    marks = [{"family_id": family["family_id"], "mark": "told_us"}]
    with pytest.raises(SessionNotYet):
        midnight = datetime(2025, 6, 2, 22, 59, tzinfo=UTC)
        southwark.ask(contract.RECORD_REGISTER, session_id=session_id, version=1, marks=marks, **at(southwark, midnight))
    marked = southwark.ask(
        contract.RECORD_REGISTER, session_id=session_id, version=1, marks=marks, **at(southwark, datetime(2025, 6, 2, 23, 0, tzinfo=UTC))
    )
    assert marked["to_mark"] == 0
    assert southwark.ask(contract.SESSIONS_ON, **at(southwark, datetime(2025, 6, 2, 23, 0, tzinfo=UTC)))["on"] == tuesday


def test_a_register_marked_after_midnight_of_the_clock_change_belongs_to_its_day(southwark: Hall) -> None:
    """Neither the hour that is missing nor the one that comes twice moves a session to another day."""
    for sunday in (CLOCKS_GO_FORWARD, CLOCKS_GO_BACK):
        group = southwark.on(sunday).group(
            name=f"Sundays {sunday}", weekday="6", starts_on=sunday, starts_at=time(1, 30), ends_at=time(3, 30)
        )
        session = southwark.on(sunday).session(group)
        assert session["on"] == sunday
        assert session["ends_at"] > session["starts_at"]


# The longest names


def test_the_largest_family_with_the_longest_names_fits_everywhere(southwark: Hall) -> None:
    told = largest_family()
    southwark.family(**{name: told[name] for name in ("family_id", "parents", "children", "language", "name")})
    group = southwark.group(name="G" * 100, room="R" * 100, capacity=60)
    southwark.start(told, group)
    (line,) = southwark.register(group)["lines"]
    assert (line["family_name"], len(line["members"])) == (told["name"], 14)
    marked = southwark.mark(group, {told["family_id"]: "here"})
    assert marked["people_here"] == 14
    assert southwark.attendance(told)["next_session"]["group_name"] == "G" * 100
    (place,) = southwark.ask(contract.GET_GROUP, group_id=group["id"])["places"]
    assert place["family_name"] == told["name"]
    southwark.accept(told)
    assert [case["family_name"] for case in southwark.cases()] == [told["name"]]


def test_the_largest_family_needs_a_minibus(southwark: Hall) -> None:
    told = largest_family()
    southwark.family(**{name: told[name] for name in ("family_id", "parents", "children", "language", "name")})
    run = southwark.ask(
        outreach.ARRANGE_COLLECTION, session_id=new_id(), session_starts_at=moment(FIRST, 10), group_name="G" * 100,
        family_id=told["family_id"], pick_up_at=time(9), driver_name="D" * 100, seats=16, child_seats=8,
    )  # fmt: skip
    assert (run["stops"][0]["people"], run["stops"][0]["children"]) == (14, 8)


# Pages


def test_places_asked_for_at_one_moment_come_in_pages_without_gap_or_repeat(southwark: Hall) -> None:
    families = [southwark.family() for _ in range(5)]
    for family in families:
        southwark.agree(family)
    seen: list[Any] = []
    page = southwark.ask(contract.LIST_PLACES, limit=2)
    while True:
        seen += [place["family_id"] for place in page["items"]]
        if not page["next"]:
            break
        page = southwark.ask(contract.LIST_PLACES, limit=2, after=page["next"])
    assert len(seen) == len(set(seen)) == 5
    assert set(seen) == {family["family_id"] for family in families}


def test_a_page_that_follows_takes_in_what_was_added_behind_it(southwark: Hall) -> None:
    for name in ("Alpha", "Charlie"):
        southwark.group(name=name)
    page = southwark.ask(contract.LIST_GROUPS, limit=1)
    southwark.group(name="Bravo")
    rest = southwark.ask(contract.LIST_GROUPS, limit=10, after=page["next"])
    assert [group["name"] for group in page["items"] + rest["items"]] == ["Alpha", "Bravo", "Charlie"]


# Nothing at all


def test_a_borough_that_has_just_begun_has_nothing_and_says_so(southwark: Hall) -> None:
    for operation in (contract.LIST_VENUES, contract.LIST_GROUPS, contract.LIST_PLACES, contract.OPEN_REGISTERS):
        page = southwark.ask(operation)
        assert (page["items"], page["next"]) == ([], None)
    seen = southwark.ask(contract.SESSIONS_ON, on=FIRST)
    assert (seen["sessions"], seen["unclosed"], seen["unclosed_total"], seen["starting"], seen["waiting"]) == ([], [], 0, 0, 0)


def test_a_register_of_nobody_can_be_closed_and_opened_again(southwark: Hall) -> None:
    group = southwark.group()
    closed = southwark.close(group, {})
    assert (closed["expected"], closed["people_here"], closed["may_reopen"]) == (0, 0, True)
    again = southwark.ask(contract.REOPEN_REGISTER, session_id=closed["session"]["id"], version=closed["version"], reason="too_soon")
    assert again["may_mark"]
