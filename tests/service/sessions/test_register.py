"""The register, marked by people in a noisy hall, and what its closing tells."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import eventlet
import pytest

from chassis.errors import Forbidden, Invalid, InvalidTransition, NotFound, Stale
from services.sessions import contract
from services.sessions.contract import RegisterIncomplete, SessionNotYet
from tests.support.hall import ADMINISTRATOR, FIRST, Hall, moment


def given(family: dict[str, Any], mark: str, **more: Any) -> dict[str, Any]:
    """Return one mark as a form sends it."""
    return {"family_id": family["family_id"], "mark": mark, **more}


def record(hall: Hall, register: dict[str, Any], *marks: dict[str, Any], by: str = "Amina Khan", **more: Any) -> dict[str, Any]:
    """Send marks made on a register as it was seen."""
    return hall.ask(
        contract.RECORD_REGISTER, by=by, session_id=register["session"]["id"], version=register["version"], marks=list(marks), **more
    )


def line_of(register: dict[str, Any], family: dict[str, Any]) -> dict[str, Any]:
    """Return a family's line."""
    found: dict[str, Any]
    (found,) = [line for line in register["lines"] if line["family_id"] == family["family_id"]]
    return found


def test_the_register_names_everybody_who_is_expected_with_all_that_the_page_needs(southwark: Hall) -> None:
    group = southwark.group()
    families = [southwark.joined(group, language="Spanish") for _ in range(3)]
    register = southwark.register(group)
    assert {line["family_id"] for line in register["lines"]} == {family["family_id"] for family in families}
    assert [line["surname"].casefold() for line in register["lines"]] == sorted(line["surname"].casefold() for line in register["lines"])
    assert (register["expected"], register["to_mark"], register["people_here"], register["families_here"]) == (3, 3, 0, 0)
    session = register["session"]
    where = (session["group_name"], session["venue_name"], session["room"])
    assert where == ("Peckham Tuesday", "1st Place Children's Centre", "Garden room")
    assert (session["status"], register["may_mark"]) == ("open", True)
    line = line_of(register, families[0])
    assert (line["family_name"], line["language"], line["first_time"], line["missed"]) == (families[0]["name"], "Spanish", True, 0)
    assert [member["birth_date"] for member in line["members"] if member["kind"] == "child"] == [families[0]["children"][0]["birth_date"]]
    assert line["mark"] is line["collection"] is line["arrived_at"] is None


def test_membership_is_as_of_the_sessions_date(southwark: Hall) -> None:
    """Rule 5."""
    group = southwark.group()
    stays, leaves, comes = southwark.joined(group), southwark.joined(group), southwark.family()
    place = southwark.week(2).place(leaves)
    southwark.week(2).ask(contract.END_PLACE, place_id=place["id"], version=place["version"], reason="They moved to Leeds")
    southwark.week(2).start(comes, group, southwark.week(3).today)
    wanted = {1: {"stays", "leaves"}, 2: {"stays", "leaves"}, 3: {"stays", "comes"}}
    names = {stays["family_id"]: "stays", leaves["family_id"]: "leaves", comes["family_id"]: "comes"}
    for seen_in in (2, 4, 6):
        for week, families in wanted.items():
            session_id = southwark.week(week).session(group)["id"]
            register = southwark.week(seen_in).ask(contract.GET_REGISTER, session_id=session_id)
            assert {names[line["family_id"]] for line in register["lines"]} == families


def test_marks_count_who_is_in_the_building(southwark: Hall) -> None:
    group = southwark.group()
    came, told_us, unmarked = (southwark.joined(group) for _ in range(3))
    register = southwark.mark(group, {came["family_id"]: "here", told_us["family_id"]: "told_us"})
    assert (register["people_here"], register["families_here"], register["to_mark"]) == (2, 1, 1)
    line = line_of(register, came)
    assert (line["mark"], line["marked_by"], line["arrived_at"]) == ("here", "Amina Khan", moment(FIRST))
    assert set(line["people"]) == {person["id"] for person in (*came["parents"], *came["children"])}
    assert line_of(register, unmarked)["mark"] is None


def test_who_came_and_when_they_came_and_left_can_be_said(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    child = family["children"][0]["id"]
    mark = given(family, "late", people=[child], arrived_at=moment(FIRST, 10, 40), left_at=moment(FIRST, 11, 20))
    line = line_of(record(southwark, southwark.register(group), mark), family)
    assert (line["mark"], line["people"]) == ("late", [child])
    assert (line["arrived_at"], line["left_at"]) == (moment(FIRST, 10, 40), moment(FIRST, 11, 20))


# Two facilitators mark one register at once


def test_marks_of_different_families_merge(southwark: Hall) -> None:
    group = southwark.group()
    one, other = southwark.joined(group), southwark.joined(group)
    seen_by_both = southwark.register(group)
    record(southwark, seen_by_both, given(one, "here"), by="Amina Khan")
    merged = record(southwark, seen_by_both, given(other, "told_us"), by="Jo Marsh")
    assert (line_of(merged, one)["mark"], line_of(merged, one)["marked_by"]) == ("here", "Amina Khan")
    assert (line_of(merged, other)["mark"], line_of(merged, other)["marked_by"]) == ("told_us", "Jo Marsh")


def test_the_same_family_marked_differently_is_stale_with_both_shown_and_nothing_half_written(southwark: Hall) -> None:
    group = southwark.group()
    one, other = southwark.joined(group), southwark.joined(group)
    seen_by_both = southwark.register(group)
    record(southwark, seen_by_both, given(one, "here"), by="Amina Khan")
    with pytest.raises(Stale) as fault:
        record(southwark, seen_by_both, given(other, "here"), given(one, "did_not_come"), by="Jo Marsh")
    (mine,), (hers,) = fault.value.facts["yours"]["marks"], fault.value.facts["theirs"]["marks"]
    assert (mine["mark"], mine["family_id"]) == ("did_not_come", str(one["family_id"]))
    assert (hers["mark"], hers["by"]) == ("here", "Amina Khan")
    after = southwark.register(group)
    assert line_of(after, other)["mark"] is None
    assert line_of(after, one)["mark"] == "here"


def test_many_hands_at_the_same_moment_lose_no_mark(southwark: Hall) -> None:
    group = southwark.group(capacity=8)
    families = [southwark.joined(group) for _ in range(8)]
    seen = southwark.register(group)
    threads = [eventlet.spawn(record, southwark, seen, given(family, "here")) for family in families]
    for thread in threads:
        thread.wait()
    register = southwark.register(group)
    assert (register["families_here"], register["to_mark"]) == (8, 0)
    assert register["version"] == seen["version"] + 8


def test_of_two_at_the_same_moment_on_one_family_one_is_told(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    seen = southwark.register(group)

    def mark(what: str, by: str) -> str:
        try:
            record(southwark, seen, given(family, what), by=by)
        except Stale:
            return "stale"
        return what

    threads = [eventlet.spawn(mark, "here", "Amina Khan"), eventlet.spawn(mark, "did_not_come", "Jo Marsh")]
    outcomes = {thread.wait() for thread in threads}
    assert "stale" in outcomes
    assert line_of(southwark.register(group), family)["mark"] in outcomes - {"stale"}


def test_a_whole_form_changes_only_what_its_sender_touched(southwark: Hall) -> None:
    group = southwark.group()
    one, other = southwark.joined(group), southwark.joined(group)
    seen = southwark.mark(group, {one["family_id"]: "told_us"})
    record(southwark, seen, given(one, "here"), by="Jo Marsh")
    after = record(southwark, seen, given(one, "told_us", was="told_us"), given(other, "here"), by="Amina Khan")
    assert [line_of(after, family)["mark"] for family in (one, other)] == ["here", "here"]


def test_a_repeated_request_marks_once(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    seen, key = southwark.register(group), uuid4().hex
    first = record(southwark, seen, given(family, "here"), key=key)
    assert record(southwark, seen, given(family, "here"), key=key) == first
    assert southwark.register(group)["version"] == seen["version"] + 1


# What can't be


def test_a_register_opens_on_its_day(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    ahead = southwark.ask(contract.GET_REGISTER, session_id=southwark.week(2).session(group)["id"])
    assert (ahead["session"]["status"], ahead["may_mark"]) == ("planned", False)
    with pytest.raises(SessionNotYet):
        record(southwark, ahead, given(family, "here"))
    with pytest.raises(SessionNotYet):
        southwark.ask(contract.CLOSE_REGISTER, session_id=ahead["session"]["id"], version=ahead["version"])


def test_a_family_of_another_borough_is_refused_just_as_one_that_does_not_exist(southwark: Hall, lambeth: Hall, nowhere: UUID) -> None:
    group, theirs = southwark.group(), lambeth.joined(lambeth.group())
    register, told = southwark.register(group), []
    for family_id in (theirs["family_id"], nowhere):
        with pytest.raises(Invalid) as fault:
            record(southwark, register, {"family_id": family_id, "mark": "here"})
        told.append(fault.value.to_wire())
    assert told[0] == told[1]


def test_another_boroughs_register_is_not_found_just_as_an_unknown_one(southwark: Hall, lambeth: Hall, nowhere: UUID) -> None:
    session = southwark.session(southwark.group())
    for operation, more in (
        (contract.GET_REGISTER, {}),
        (contract.CLOSE_REGISTER, {"version": 1}),
        (contract.RECORD_REGISTER, {"version": 1, "marks": [{"family_id": nowhere, "mark": "here"}]}),
    ):
        told = []
        for session_id in (session["id"], nowhere):
            with pytest.raises(NotFound) as fault:
                lambeth.ask(operation, session_id=session_id, **more)
            told.append(fault.value.to_wire())
        assert told[0] == told[1]


@pytest.mark.parametrize(
    ("marks", "where"),
    [
        ([], "marks"),
        ([{"family_id": uuid4(), "mark": "asleep"}], "marks"),
        ([{"family_id": uuid4(), "mark": "here", "people": [uuid4()] * 21}], "marks"),
    ],
)
def test_bad_marks_are_named(southwark: Hall, marks: list[dict[str, Any]], where: str) -> None:
    with pytest.raises(Invalid) as fault:
        record(southwark, southwark.register(southwark.group()), *marks)
    assert list(fault.value.faults) == [where]


def test_who_may_read_may_not_mark_and_administrators_may_not_read(southwark: Hall) -> None:
    group = southwark.group()
    family, register = southwark.joined(group), southwark.register(group)
    reader = southwark.person("Ruth Osei", frozenset({"registers.read", "families.read", "groups.read"}))
    southwark.ask(contract.GET_REGISTER, by=reader, session_id=register["session"]["id"])
    with pytest.raises(Forbidden):
        southwark.ask(contract.RECORD_REGISTER, by=reader, session_id=register["session"]["id"], version=1, marks=[given(family, "here")])
    with pytest.raises(Forbidden):
        southwark.ask(contract.GET_REGISTER, by=southwark.person("Olu", ADMINISTRATOR), session_id=register["session"]["id"])


# Closing


def test_a_register_does_not_close_while_a_family_has_no_mark(southwark: Hall) -> None:
    group = southwark.group()
    one, other = southwark.joined(group), southwark.joined(group)
    register = southwark.mark(group, {one["family_id"]: "here"})
    with pytest.raises(RegisterIncomplete) as fault:
        southwark.ask(contract.CLOSE_REGISTER, session_id=register["session"]["id"], version=register["version"])
    assert fault.value.facts["families"] == [{"family_id": str(other["family_id"]), "name": other["name"]}]
    assert southwark.register(group)["closed_at"] is None


def test_a_closed_register_says_who_closed_it_and_takes_no_more_marks(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    closed = southwark.close(group, {family["family_id"]: "here"})
    assert (closed["session"]["status"], closed["closed_by"], closed["closed_at"]) == ("closed", "Amina Khan", moment(FIRST))
    assert not closed["may_mark"]
    with pytest.raises(InvalidTransition):
        record(southwark, closed, given(family, "told_us"))
    with pytest.raises(InvalidTransition):
        southwark.ask(contract.CLOSE_REGISTER, session_id=closed["session"]["id"], version=closed["version"])


def test_who_closes_must_have_seen_every_mark(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    seen = southwark.register(group)
    record(southwark, seen, given(family, "here"), by="Jo Marsh")
    with pytest.raises(Stale):
        southwark.ask(contract.CLOSE_REGISTER, session_id=seen["session"]["id"], version=seen["version"])


def test_closing_tells_of_everybody_once(southwark: Hall) -> None:
    group = southwark.group()
    came, missed, told_us = (southwark.joined(group) for _ in range(3))
    key = uuid4().hex
    register = southwark.mark(group, {came["family_id"]: "late", missed["family_id"]: "did_not_come", told_us["family_id"]: "told_us"})
    for _ in range(2):
        southwark.ask(contract.CLOSE_REGISTER, key=key, session_id=register["session"]["id"], version=register["version"])
    told = southwark.desk.told("sessions", southwark.borough_id)
    by_type: dict[str, list[Any]] = {}
    for event in told:
        by_type.setdefault(event["type"], []).append(event)
    (closed,) = by_type["sessions.session.closed"]
    assert (closed["data"]["expected"], closed["data"]["attended"]) == (3, 1)
    recorded = {event["data"]["family_id"]: event["data"]["mark"] for event in by_type["sessions.attendance.recorded"]}
    assert recorded == {str(came["family_id"]): "late", str(missed["family_id"]): "did_not_come", str(told_us["family_id"]): "told_us"}
    assert [event["subject"] for event in by_type["sessions.family.attended"]] == [came["family_id"]]
    assert [(event["subject"], event["data"]["consecutive"]) for event in by_type["sessions.family.missed"]] == [(missed["family_id"], 1)]


def test_the_count_of_missed_sessions_follows_the_rules_week_by_week(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    for week, mark in enumerate(["here", "did_not_come", "told_us", "we_cancelled", "did_not_come", "here", "did_not_come"], start=1):
        southwark.week(week).close(group, {family["family_id"]: mark})
    told = southwark.desk.told("sessions", southwark.borough_id)
    missed = [event["data"]["consecutive"] for event in told if event["type"] == "sessions.family.missed"]
    assert missed == [1, 2, 1]


def test_a_register_closed_after_a_later_one_tells_the_count_as_it_stands(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    southwark.week(1).close(group, {family["family_id"]: "here"})
    southwark.week(3).close(group, {family["family_id"]: "did_not_come"})
    southwark.week(2).close(group, {family["family_id"]: "did_not_come"})
    told = [event for event in southwark.desk.told("sessions", southwark.borough_id) if event["type"] == "sessions.family.missed"]
    missed = [(event["data"]["on"], event["data"]["consecutive"]) for event in told]
    assert missed == [(southwark.week(3).today.isoformat(), 1), (southwark.week(2).today.isoformat(), 2)]
    assert told[0]["sequence"] < told[1]["sequence"]


def test_next_weeks_register_knows_who_comes_first_and_who_was_missed(southwark: Hall) -> None:
    group = southwark.group()
    came, missed = southwark.joined(group), southwark.joined(group)
    southwark.close(group, {came["family_id"]: "here", missed["family_id"]: "did_not_come"})
    register = southwark.week(2).register(group)
    assert (line_of(register, came)["first_time"], line_of(register, came)["missed"]) == (False, 0)
    assert (line_of(register, missed)["first_time"], line_of(register, missed)["missed"]) == (True, 1)


def test_a_family_cannot_be_left_without_a_mark_by_starting_while_the_register_closes(southwark: Hall) -> None:
    """Rule 5: whichever comes first, every expected family has a mark in a closed register."""
    group = southwark.group()
    newcomer = southwark.family()
    southwark.agree(newcomer, group)
    place, register = southwark.place(newcomer), southwark.register(group)
    outcomes = []

    def attempt(what: str, operation: Any, **values: Any) -> None:
        try:
            southwark.ask(operation, **values)
            outcomes.append(what)
        except (RegisterIncomplete, contract.RegisterAlreadyClosed):
            pass

    threads = [
        eventlet.spawn(attempt, "started", contract.START_PLACE, place_id=place["id"], version=place["version"], starts_on=FIRST),
        eventlet.spawn(attempt, "closed", contract.CLOSE_REGISTER, session_id=register["session"]["id"], version=register["version"]),
    ]
    for thread in threads:
        thread.wait()
    after = southwark.register(group)
    assert len(outcomes) == 1
    assert after["closed_at"] is None or after["to_mark"] == 0


def test_a_family_can_be_marked_while_somebody_changes_its_place(southwark: Hall) -> None:
    """A lock on a place holds up who changes the place, not who marks the family: else three at once could deadlock."""
    from chassis.caller import Caller
    from chassis.database import open_work
    from services.sessions.repository import Work

    group = southwark.group()
    family = southwark.joined(group)
    place, changer = southwark.place(family), Caller.service("sessions", southwark.borough_id)
    with open_work(Work, southwark.desk.databases["sessions"], changer) as work:
        work.places.get(place["id"], for_update=True)
        with eventlet.Timeout(5):
            assert southwark.mark(group, {family["family_id"]: "here"})["families_here"] == 1


def test_reading_a_register_is_in_the_audit_trail_of_each_family(southwark: Hall) -> None:
    """Rule 9."""
    from sqlalchemy import select

    from chassis.database.tables import audit

    group = southwark.group()
    family = southwark.joined(group)
    southwark.register(group)
    with southwark.desk.work("sessions", southwark.borough_id) as work:
        of_family = select(audit).where(audit.c.family_id == family["family_id"])
        reads = work.session.execute(of_family.where(audit.c.operation == "sessions.get_register"))
        assert {(entry.kind, entry.person_name) for entry in reads} == {("read", "Amina Khan")}


def test_yesterdays_register_can_be_marked_and_closed_today(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    session, tomorrow = southwark.session(group), southwark.on(FIRST + timedelta(days=1))
    marked = tomorrow.ask(contract.RECORD_REGISTER, session_id=session["id"], version=1, marks=[given(family, "here")])
    assert line_of(marked, family)["arrived_at"] is None
    tomorrow.ask(contract.CLOSE_REGISTER, session_id=session["id"], version=marked["version"])
