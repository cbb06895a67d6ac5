"""What the family's page shows of sessions: every week, where the family is on its way, what is next, the story."""

from datetime import timedelta
from uuid import UUID

import pytest

from chassis.errors import Forbidden
from services.sessions import contract
from tests.support.hall import ADMINISTRATOR, FIRST, WEEK, Hall


def live(hall: Hall, marks: list[str]) -> dict[str, object]:
    """Let a family live through weekly marks; return how it is doing on the day of the last one."""
    group = hall.group()
    family = hall.joined(group)
    for week, mark in enumerate(marks, start=1):
        hall.week(week).close(group, {family["family_id"]: mark})
    return hall.week(len(marks)).attendance(family)


def test_a_family_that_is_not_known_here_yet_has_attended_nothing(southwark: Hall, nowhere: UUID) -> None:
    seen = southwark.ask(contract.FAMILY_ATTENDANCE, family_id=nowhere)
    assert (seen["engagement"], seen["place"], seen["next_session"]) == ("not_yet_attended", None, None)
    assert (seen["days"], seen["entries"]) == ([], [])


def test_another_boroughs_family_answers_exactly_as_an_unknown_one(southwark: Hall, lambeth: Hall, nowhere: UUID) -> None:
    family = southwark.joined(southwark.group())
    theirs = lambeth.ask(contract.FAMILY_ATTENDANCE, family_id=family["family_id"])
    assert {**theirs, "family_id": nowhere} == lambeth.ask(contract.FAMILY_ATTENDANCE, family_id=nowhere)


@pytest.mark.parametrize(
    ("marks", "where", "missed"),
    [
        (["did_not_come"], "not_yet_attended", 1),
        (["here"], "trying", 0),
        (["here", "did_not_come", "did_not_come"], "drifting", 2),
        (["here", "did_not_come", "did_not_come", "late"], "back", 0),
        (["here", "here", "here", "here"], "settled", 0),
    ],
)
def test_engagement_follows_from_the_marks(southwark: Hall, marks: list[str], where: str, missed: int) -> None:
    seen = live(southwark, marks)
    assert (seen["engagement"], seen["missed"]) == (where, missed)


def test_marks_count_when_the_register_is_closed_and_not_before(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    southwark.mark(group, {family["family_id"]: "here"})
    assert southwark.attendance(family)["days"] == []
    southwark.close(group, {family["family_id"]: "here"})
    assert [day["mark"] for day in southwark.attendance(family)["days"]] == ["here"]


def test_the_strip_has_every_week_oldest_first_and_says_how_often_the_family_came(southwark: Hall) -> None:
    seen = live(southwark, ["here", "told_us", "we_cancelled", "did_not_come", "here"])
    days = seen["days"]
    assert isinstance(days, list)
    assert [(day["on"], day["mark"]) for day in days] == [
        (FIRST, "here"), (FIRST + WEEK, "told_us"), (FIRST + 2 * WEEK, "we_cancelled"), (FIRST + 3 * WEEK, "did_not_come"),
        (FIRST + 4 * WEEK, "here"),
    ]  # fmt: skip
    assert (seen["attended"], seen["of"]) == (2, 4)


def test_the_next_session_is_the_next_that_the_family_is_expected_at(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    following = southwark.attendance(family)["next_session"]
    assert (following["on"], following["group_name"], following["collection"]) == (FIRST, "Peckham Tuesday", None)
    southwark.close(group, {family["family_id"]: "here"})
    assert southwark.attendance(family)["next_session"]["on"] == FIRST + WEEK


def test_a_family_on_a_break_has_no_next_session_and_is_away(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    southwark.close(group, {family["family_id"]: "here"})
    place = southwark.place(family)
    southwark.ask(contract.PAUSE_PLACE, place_id=place["id"], version=place["version"], reason="Visiting family")
    seen = southwark.on(FIRST + timedelta(days=1)).attendance(family)
    assert (seen["next_session"], seen["engagement"], seen["place"]["status"]) == (None, "away", "paused")


def test_the_story_tells_it_all_newest_first(southwark: Hall) -> None:
    seen = live(southwark, ["here", "did_not_come", "did_not_come", "here"])
    entries = seen["entries"]
    assert isinstance(entries, list)
    kinds = [entry["kind"] for entry in entries]
    assert kinds == [
        "family.attended",
        "family.missed",
        "family.missed",
        "place.started",
        "family.attended",
        "place.offered",
        "place.waiting",
    ]
    assert [entry["facts"]["missed"] for entry in entries[:3]] == [0, 2, 1]
    assert entries[0]["facts"]["missed_before"] == 2
    assert entries[3]["facts"]["by_name"] == "Amina Khan"


def test_the_reason_for_an_end_stays_with_the_place(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    place = southwark.place(family)
    southwark.ask(contract.END_PLACE, place_id=place["id"], version=place["version"], reason="They moved to Leeds")
    seen = southwark.attendance(family)
    assert seen["place"]["end_reason"] == "They moved to Leeds"
    assert "Leeds" not in str(seen["entries"])


def test_administrators_see_no_familys_attendance(southwark: Hall, nowhere: UUID) -> None:
    with pytest.raises(Forbidden):
        southwark.ask(contract.FAMILY_ATTENDANCE, by=southwark.person("Olu", ADMINISTRATOR), family_id=nowhere)
