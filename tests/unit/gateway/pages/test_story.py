from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from chassis import clock
from gateway.pages.family.story import TELLERS, attended_words, told
from services.outreach.contract import STORY_KINDS as OUTREACH_KINDS
from services.sessions.contract import STORY_KINDS as SESSIONS_KINDS

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
GROUP: dict[str, Any] = {"group_name": "Peckham Monday"}


@pytest.fixture(autouse=True)
def now() -> object:
    with clock.acting_at(MONDAY + timedelta(hours=6)):
        yield


def entry(kind: str, at: datetime = MONDAY, **facts: Any) -> dict[str, Any]:
    return {"id": uuid4(), "kind": kind, "occurred_at": at, "facts": facts}


def said(*entries: dict[str, Any]) -> list[tuple[str, str]]:
    return [(line.words, line.more) for line in told(entries)]


def came(weeks_ago: int, mark: str = "here", **facts: Any) -> dict[str, Any]:
    about = {"mark": mark, "missed_before": 0, "people": 2, **GROUP, **facts}
    return entry("family.attended", MONDAY - timedelta(weeks=weeks_ago), **about)


def test_every_kind_of_the_services_has_words() -> None:
    assert {*OUTREACH_KINDS, *SESSIONS_KINDS} <= set(TELLERS)


def test_an_unknown_kind_is_told_rather_than_hidden() -> None:
    assert said(entry("measure.scored")) == [("Measure scored", "")]


def test_a_referral_names_who_referred_in_plain_words() -> None:
    assert said(entry("referral.received", source="A2", service="Bermondsey health visiting team")) == [
        ("Referred by health visitor", "Bermondsey health visiting team")
    ]
    assert said(entry("referral.received", source="A1", service="Aylesham"))[0][0] == "Referred by GP practice"


def test_an_agreed_assessment_names_both_who_signed_and_what_follows() -> None:
    signed = [{"name": "Ruth Osei", "agency": "CAMHS"}, {"name": "Paul Lang", "agency": "adult team"}]
    agreed = entry("assessment.agreed", version=2, outcome="offer_place", group_name="Peckham Monday", signed_by=signed)
    offered = entry("place.offered", MONDAY + timedelta(seconds=1), by_name="Stay & Play (sessions)", **GROUP)
    assert said(agreed, offered) == [
        (
            "Joint assessment agreed: offer a place, Peckham Monday",
            "Signed by R. Osei (CAMHS) and P. Lang (adult team), version 2 · Place offered",
        )
    ]


@pytest.mark.parametrize(
    ("missed", "words"), [(1, "Missed a week"), (2, "Missed a second week"), (3, "Missed a third week"), (11, "Missed a 11th week")]
)
def test_missed_weeks_are_counted_in_words(missed: int, words: str) -> None:
    assert said(entry("family.missed", missed=missed, **GROUP))[0][0] == words


def test_outreach_that_opens_by_itself_stands_with_what_it_followed_from() -> None:
    missed = entry("family.missed", missed=2, **GROUP)
    opened = entry(
        "case.opened", MONDAY + timedelta(hours=2), reason="missed_sessions", due_on="2026-11-24", by_name="Stay & Play (outreach)"
    )
    assert said(missed, opened) == [
        ("Missed a second week", "Peckham Monday · Outreach opened by itself, no owner yet, first contact due tomorrow")
    ]


def test_outreach_on_another_day_has_a_line_of_its_own() -> None:
    opened = entry("case.opened", MONDAY + timedelta(days=1), reason="referrers_concern", by_name="Jo Marsh", owner_name="Jo Marsh")
    lines = said(entry("family.missed", missed=2, **GROUP), opened)
    assert lines[0] == ("Outreach opened by Jo Marsh", "Referrer's concern, owner Jo Marsh")


def test_contact_after_a_missed_visit_stands_with_the_visit() -> None:
    due = entry("case.visit_missed", due_on="2026-11-24", reason="before_joining", by_name="Stay & Play (outreach)")
    visit = entry("visit.missed", starts_at="2026-11-23T09:00:00+00:00", who=["Ruth Osei", "Paul Lang"])
    assert said(due, visit) == [("Joint visit: the family was not in", "Ruth Osei and Paul Lang · Contact due tomorrow")]


def test_outreach_that_closes_with_the_referral_stands_with_the_assessment() -> None:
    closed = entry("case.closed", because="referral_closed", by_name="Stay & Play (outreach)")
    assert said(closed, entry("assessment.closed")) == [("Joint assessment closed", "Outreach closed by itself")]


def test_coming_back_says_how_long_they_were_away_and_that_outreach_closed() -> None:
    back = came(0, missed_before=2)
    closed = entry("case.closed", MONDAY + timedelta(hours=2), because="back", by_name="Stay & Play (outreach)")
    assert said(back, closed) == [("Back after two weeks away", "Peckham Monday · two came · Outreach closed by itself")]
    assert said(came(0, missed_before=1))[0][0] == "Back after a week away"


def test_the_first_time_is_told_as_such() -> None:
    assert said(came(0, first=True))[0][0] == "Came for the first time"
    assert said(came(0, mark="late"))[0][0] == "Here, late"


def test_a_collection_stands_with_the_session_it_was_for() -> None:
    fetched = entry("collection.done", MONDAY - timedelta(minutes=20), outcome="collected", **GROUP)
    arranged = entry("collection.arranged", MONDAY - timedelta(minutes=50), pick_up_at="2026-11-23T09:35:00+00:00", **GROUP)
    assert said(arranged, fetched, came(0)) == [("Here", "Peckham Monday · two came · collected")]


def test_a_collection_that_failed_is_told() -> None:
    lines = said(entry("collection.done", outcome="not_in", **GROUP), entry("collection.done", outcome="declined", **GROUP))
    assert {words for words, _ in lines} == {"Not in when we came to collect them", "Did not want to be collected"}


def test_ordinary_weeks_in_a_row_are_one_line() -> None:
    lines = said(*(came(weeks) for weeks in range(5)))
    assert lines == [("Here five times in a row", "Every week since 26 October · Peckham Monday")]


def test_two_ordinary_weeks_stay_two_lines() -> None:
    assert len(said(came(0), came(1))) == 2


def test_something_between_breaks_the_row() -> None:
    lines = said(*(came(weeks) for weeks in (0, 1, 2, 4, 5, 6)), entry("family.missed", MONDAY - timedelta(weeks=3), missed=1, **GROUP))
    assert [words for words, _ in lines] == ["Here three times in a row", "Missed a week", "Here three times in a row"]


def test_visits_say_when_and_who() -> None:
    facts: dict[str, Any] = {"starts_at": "2026-11-19T14:00:00+00:00", "who": ["Ruth Osei", "Paul Lang"]}
    assert said(entry("visit.arranged", **facts)) == [("Joint visit arranged for 19 November 14:00", "Ruth Osei and Paul Lang")]
    assert said(entry("visit.missed", **facts))[0][0] == "Joint visit: the family was not in"


def test_contacts_say_how_and_what_came_of_it() -> None:
    assert said(entry("contact.made", channel="text", direction="out", outcome="left_message", by_name="Jo Marsh")) == [
        ("Text message: left a message", "By Jo Marsh")
    ]
    assert said(entry("contact.made", channel="phone", direction="in", outcome="reached", by_name="Jo Marsh"))[0][0] == (
        "The family got in touch: phone"
    )


def test_the_story_is_newest_first() -> None:
    lines = told([came(3), entry("family.told_us", MONDAY - timedelta(weeks=1), **GROUP), came(2, mark="late")])
    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)


def test_how_often_they_came_is_said_with_how_long_they_are_here() -> None:
    assert attended_words({"attended": 22, "of": 30}, 36) == "36 weeks, came to 22 of 30"
    assert attended_words({"attended": 0, "of": 0}, 1) == "1 week, no session yet"
