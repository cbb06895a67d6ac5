"""The story of a family: its places and the marks of closed registers, newest first."""

from datetime import timedelta
from uuid import UUID

from chassis.ids import new_id
from services.sessions.contract import STORY_KINDS
from services.sessions.models import story
from services.sessions.models.story import Day
from tests.support.groups import TUESDAY, a_group, a_place, at, by

PLACE = new_id()


def days(*marks: str, place: UUID = PLACE, first: int = 0) -> list[Day]:
    """Return the marks of weekly sessions."""
    weeks = [(TUESDAY + timedelta(weeks=first + week), mark) for week, mark in enumerate(marks)]
    return [Day(new_id(), new_id(), place, on, at(10, on=on), "Peckham Tuesday", mark, [new_id()]) for on, mark in weeks]


def test_each_day_knows_how_many_were_missed_before_and_with_it() -> None:
    told = list(story.told(days("here", "did_not_come", "did_not_come", "here")))
    assert [(one.missed_before, one.missed) for one in told] == [(0, 0), (0, 1), (1, 2), (2, 0)]


def test_the_first_time_is_the_first_time_that_the_family_came() -> None:
    told = list(story.told(days("did_not_come", "late", "here")))
    assert [one.first for one in told] == [False, True, False]


def test_a_new_place_counts_by_itself() -> None:
    told = list(story.told([*days("did_not_come", "did_not_come"), *days("did_not_come", place=new_id(), first=20)]))
    assert [one.missed for one in told] == [1, 2, 1]


def test_the_story_is_told_newest_first() -> None:
    group, place = a_group(), a_place("offered")
    steps = [place.step("place.offered", by(on=TUESDAY - timedelta(days=9)), group), place.step("place.ended", by(minutes=900), group)]
    entries = story.entries(steps, list(story.told(days("here", "did_not_come"))))
    assert [entry["kind"] for entry in entries] == ["family.missed", "place.ended", "family.attended", "place.offered"]


def test_every_entry_is_of_a_kind_that_has_words() -> None:
    entries = story.entries([], list(story.told(days("here", "late", "told_us", "did_not_come", "we_cancelled"))))
    assert {str(entry["kind"]) for entry in entries} <= set(STORY_KINDS)


def test_coming_back_tells_how_many_were_missed_before() -> None:
    newest = story.entries([], list(story.told(days("here", "did_not_come", "did_not_come", "here"))))[0]
    assert newest["facts"] == {
        "group_name": "Peckham Tuesday", "on": "2025-03-25", "mark": "here", "missed": 0, "missed_before": 2, "first": False, "people": 1,
    }  # fmt: skip
