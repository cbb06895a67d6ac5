"""A closed register that was wrong: opened again with a reason, corrected, closed again, and told anew."""

from datetime import timedelta
from typing import Any

import eventlet
import pytest
from sqlalchemy import select

from chassis.database.tables import audit
from chassis.errors import Forbidden, Invalid, InvalidTransition, NotFound, Stale
from services.sessions import contract
from tests.support.hall import FACILITATOR, FIRST, Hall


def reopen(hall: Hall, register: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """Open a register again."""
    asked = {"session_id": register["session"]["id"], "version": register["version"], "reason": "wrong_mark"}
    return hall.ask(contract.REOPEN_REGISTER, **{**asked, **changed})


def missed(hall: Hall) -> list[tuple[str, int]]:
    """Return the days and counts of missed sessions, in the order in which they were told."""
    told = [event for event in hall.desk.told("sessions", hall.borough_id) if event["type"] == "sessions.family.missed"]
    return [(event["data"]["on"], event["data"]["consecutive"]) for event in told]


def test_a_closed_register_can_be_opened_again_marked_otherwise_and_closed(southwark: Hall) -> None:
    group = southwark.group()
    came, stayed_away = southwark.joined(group), southwark.joined(group)
    closed = southwark.close(group, {came["family_id"]: "did_not_come", stayed_away["family_id"]: "here"})
    assert (closed["may_mark"], closed["may_reopen"]) == (False, True)
    opened = reopen(southwark, closed)
    assert (opened["may_mark"], opened["may_reopen"], opened["closed_at"], opened["to_mark"]) == (True, False, None, 0)
    again = southwark.close(group, {came["family_id"]: "here", stayed_away["family_id"]: "did_not_come"})
    assert again["version"] > closed["version"]
    assert southwark.attendance(came)["days"][0]["mark"] == "here"
    assert southwark.attendance(stayed_away)["missed"] == 1


def test_nothing_in_it_is_a_fact_until_it_is_closed_again(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    closed = southwark.close(group, {family["family_id"]: "did_not_come"})
    reopen(southwark, closed)
    assert (southwark.attendance(family)["days"], southwark.attendance(family)["missed"]) == ([], 0)
    tomorrow = southwark.on(FIRST + timedelta(days=1))
    assert [one["id"] for one in tomorrow.ask(contract.OPEN_REGISTERS)["items"]] == [closed["session"]["id"]]


def test_the_correction_is_told_with_the_count_as_it_stands_and_as_the_newest_news(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    for week in (1, 2, 3):
        southwark.week(week).close(group, {family["family_id"]: "did_not_come"})
    southwark.week(2).correct(group, {family["family_id"]: "here"})
    told = [event for event in southwark.desk.told("sessions", southwark.borough_id) if event["type"] == "sessions.attendance.recorded"]
    assert [(event["data"]["mark"], event["data"]["consecutive"]) for event in told] == [
        ("did_not_come", 1), ("did_not_come", 2), ("did_not_come", 3), ("here", 1),
    ]  # fmt: skip
    sequences = [event["sequence"] for event in told]
    assert sequences == sorted(set(sequences))


def test_the_next_register_counts_on_from_the_corrected_one(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    southwark.week(1).close(group, {family["family_id"]: "did_not_come"})
    southwark.week(1).correct(group, {family["family_id"]: "told_us"})
    southwark.week(2).close(group, {family["family_id"]: "did_not_come"})
    first, second = southwark.week(1).today.isoformat(), southwark.week(2).today.isoformat()
    assert missed(southwark) == [(first, 1), (second, 1)]


@pytest.mark.parametrize(("days", "may"), [(14, True), (15, False)])
def test_it_can_be_opened_again_for_fourteen_days_after_the_session(southwark: Hall, days: int, *, may: bool) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    southwark.close(group, {family["family_id"]: "here"})
    later = southwark.on(FIRST + timedelta(days=days))
    register = southwark.register(group)
    seen = later.ask(contract.GET_REGISTER, session_id=register["session"]["id"])
    assert seen["may_reopen"] == may
    if may:
        assert reopen(later, seen)["may_mark"]
    else:
        with pytest.raises(InvalidTransition, match="more than 14 days ago"):
            reopen(later, seen)


def test_an_open_register_is_not_opened_again(southwark: Hall) -> None:
    group = southwark.group()
    southwark.joined(group)
    with pytest.raises(InvalidTransition, match="is open"):
        reopen(southwark, southwark.register(group))


def test_it_needs_a_reason_and_the_version_that_was_seen(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    closed = southwark.close(group, {family["family_id"]: "here"})
    with pytest.raises(Invalid) as nothing_said:
        reopen(southwark, closed, reason="because")
    assert list(nothing_said.value.faults) == ["reason"]
    with pytest.raises(Stale):
        reopen(southwark, closed, version=closed["version"] - 1)


def test_who_only_reads_registers_opens_none_again(southwark: Hall, lambeth: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    closed = southwark.close(group, {family["family_id"]: "here"})
    with pytest.raises(Forbidden):
        reopen(southwark, closed, by=southwark.person("Ruth Osei", FACILITATOR - {"registers.record"}))
    with pytest.raises(NotFound):
        reopen(lambeth, closed)


def test_who_opened_it_again_and_why_is_in_the_audit_trail(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    closed = southwark.close(group, {family["family_id"]: "here"})
    reopen(southwark, closed, reason="wrong_people")
    with southwark.desk.work("sessions", southwark.borough_id) as work:
        entries = work.session.execute(select(audit).where(audit.c.operation == "sessions.reopen_register")).mappings().all()
    told = {(entry["person_name"], entry["family_id"], str(entry["subject_id"]), entry["facts"].get("reason")) for entry in entries}
    assert told == {("Amina Khan", family["family_id"], str(closed["session"]["id"]), "wrong_people")}


def test_a_family_whose_place_starts_on_the_day_of_a_register_that_is_open_again_is_to_be_marked_too(southwark: Hall) -> None:
    group = southwark.group()
    family, newcomer = southwark.joined(group), southwark.family()
    closed = southwark.close(group, {family["family_id"]: "here"})
    reopen(southwark, closed)
    southwark.start(newcomer, group)
    register = southwark.register(group)
    assert (register["expected"], register["to_mark"]) == (2, 1)
    assert southwark.close(group, {newcomer["family_id"]: "late"})["families_here"] == 2


def test_of_two_who_open_it_again_at_the_same_moment_one_is_told(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    closed = southwark.close(group, {family["family_id"]: "here"})
    outcomes: list[str] = []

    def attempt() -> None:
        try:
            reopen(southwark, closed)
            outcomes.append("opened")
        except InvalidTransition:
            outcomes.append("told")

    for thread in [eventlet.spawn(attempt) for _ in range(2)]:
        thread.wait()
    assert sorted(outcomes) == ["opened", "told"]
