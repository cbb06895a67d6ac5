"""Cases open, escalate and close by themselves, in whatever order the news comes."""

from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.contract import Event
from services.outreach import contract
from services.sessions import contract as sessions
from services.sessions.contract import FAMILY_ATTENDED, FAMILY_MISSED, PLACE_ENDED
from tests.support.hall import FIRST, Hall, moment


def reasons(hall: Hall, status: str = "open") -> list[str]:
    """Return why there are cases."""
    return sorted(case["reason"] for case in hall.cases(status))


def attendance(family_id: UUID, week: int, mark: str, consecutive: int) -> dict[str, Any]:
    """Return what sessions tells of a family's mark in a week."""
    on = FIRST + (week - 1) * (FIRST.resolution * 7)
    return {
        "family_id": family_id, "session_id": uuid4(), "group_id": uuid4(), "group_name": "Peckham Tuesday", "on": on,
        "starts_at": moment(on, 10), "mark": mark, "consecutive": consecutive,
    }  # fmt: skip


def came(family_id: UUID, week: int) -> Event:
    """Return the event of a family that came in a week."""
    return FAMILY_ATTENDED(family_id, week, **attendance(family_id, week, "here", 0))


def missed(family_id: UUID, week: int, consecutive: int) -> Event:
    """Return the event of a family that did not come in a week."""
    return FAMILY_MISSED(family_id, week, **attendance(family_id, week, "did_not_come", consecutive))


def hear(hall: Hall, *events: Event) -> None:
    """Deliver events one after the other; each happened at noon of its week's session."""
    for event in events:
        on = event.data.get("on", hall.today)
        hall.post.deliver(hall.borough_id, event, at=moment(on))  # type: ignore[arg-type]  # data holds anything


# Before joining


def test_an_accepted_family_is_to_be_reached_before_it_joins(southwark: Hall) -> None:
    family = southwark.family()
    southwark.accept(family)
    (case,) = southwark.cases()
    assert (case["reason"], case["family_name"], case["owner_id"], case["opened_at"]) == (
        "before_joining", family["name"], None, moment(FIRST, 8),
    )  # fmt: skip
    assert case["due_on"] == FIRST + 7 * FIRST.resolution


def test_the_case_closes_when_the_family_first_comes(southwark: Hall) -> None:
    group, family = southwark.group(), southwark.family()
    southwark.accept(family)
    southwark.start(family, group)
    southwark.week(1).close(group, {family["family_id"]: "did_not_come"})
    assert reasons(southwark) == ["before_joining"]
    southwark.week(2).close(group, {family["family_id"]: "here"})
    assert reasons(southwark) == []
    (closed,) = southwark.cases("closed")
    assert (closed["closed_because"], closed["closed_at"]) == ("joined", moment(southwark.week(2).today))


def test_a_family_whose_acceptance_arrives_after_it_came_is_not_to_be_reached(southwark: Hall) -> None:
    family = southwark.family()
    hear(southwark, came(family["family_id"], 3))
    southwark.accept(family, at=moment(FIRST))
    assert southwark.cases() == []


def test_a_family_that_is_accepted_again_later_is_to_be_reached_again(southwark: Hall) -> None:
    family = southwark.family()
    hear(southwark, came(family["family_id"], 1))
    southwark.accept(family, at=moment(southwark.week(20).today))
    assert reasons(southwark) == ["before_joining"]


def test_there_is_nothing_to_join_for_a_family_that_was_not_offered_a_place(southwark: Hall) -> None:
    family = southwark.family()
    southwark.accept(family)
    southwark.agree(family, decision="refer_on")
    (closed,) = southwark.cases("closed")
    assert closed["closed_because"] == "not_joining"


def test_the_acceptance_delivered_after_the_decision_opens_nothing(southwark: Hall) -> None:
    family = southwark.family()
    southwark.agree(family, decision="no_further_action")
    southwark.accept(family, at=moment(FIRST, 8))
    assert southwark.cases() == []


def test_a_case_is_there_before_the_family_is_known(southwark: Hall, nowhere: UUID) -> None:
    southwark.accept({"family_id": nowhere, "name": "Luz Castillo and Mateo"})
    (case,) = southwark.cases()
    assert case["family_name"] == "A family (details on their way)"


def test_there_is_nothing_to_join_once_the_referral_was_closed(southwark: Hall) -> None:
    family, other = southwark.family(), southwark.family()
    southwark.accept(family)
    southwark.accept(other)
    southwark.close_assessment(family)
    (closed,) = southwark.cases("closed")
    assert (closed["family_id"], closed["closed_because"]) == (family["family_id"], "referral_closed")
    assert [case["family_id"] for case in southwark.cases()] == [other["family_id"]]


def test_the_acceptance_delivered_after_the_closing_opens_nothing(southwark: Hall) -> None:
    family = southwark.family()
    southwark.close_assessment(family)
    southwark.accept(family)
    assert southwark.cases() == []
    southwark.week(2).accept(family)
    assert reasons(southwark) == ["before_joining"]


def test_a_closed_referral_leaves_what_else_the_family_is_reached_for(southwark: Hall) -> None:
    family = southwark.family()
    southwark.accept(family)
    southwark.ask(contract.OPEN_CASE, family_id=family["family_id"], reason="referrers_concern", words="Not seen for weeks", due_on=None)
    southwark.close_assessment(family)
    assert reasons(southwark) == ["referrers_concern"]


# A joint visit that found nobody in


def test_a_missed_visit_makes_contact_due_the_next_working_day_and_stands_in_the_story(southwark: Hall) -> None:
    family = southwark.family()
    southwark.accept(family)
    southwark.miss_visit(family)
    (case,) = southwark.cases()
    assert case["due_on"] == FIRST + FIRST.resolution
    latest = southwark.ask(contract.OUTREACH_STORY, family_id=family["family_id"])["entries"][0]
    assert (latest["kind"], latest["occurred_at"], latest["facts"]["due_on"]) == (
        "case.visit_missed", moment(FIRST, 11), case["due_on"].isoformat(),
    )  # fmt: skip


def test_a_missed_visit_heard_of_twice_stands_in_the_story_once(southwark: Hall) -> None:
    family = southwark.family()
    southwark.accept(family)
    southwark.post.again(southwark.miss_visit(family))
    entries = southwark.ask(contract.OUTREACH_STORY, family_id=family["family_id"])["entries"]
    assert [entry["kind"] for entry in entries].count("case.visit_missed") == 1


def test_a_missed_visit_heard_of_late_leaves_alone_whoever_was_contacted_since(southwark: Hall) -> None:
    family = southwark.family()
    southwark.accept(family)
    (case,) = southwark.cases()
    southwark.ask(contract.LOG_CONTACT, case_id=case["id"], channel="phone", outcome="reached", next_due_on=FIRST + 20 * FIRST.resolution)
    southwark.miss_visit(family)
    assert southwark.cases()[0]["due_on"] == FIRST + 20 * FIRST.resolution


def test_a_missed_visit_opens_nothing_for_a_family_that_nobody_is_to_reach(southwark: Hall) -> None:
    family = southwark.family()
    southwark.miss_visit(family)
    assert southwark.cases() == []
    assert southwark.ask(contract.OUTREACH_STORY, family_id=family["family_id"])["entries"] == []


# Missed sessions, through both services


def test_missing_twice_opens_a_case_coming_back_closes_it(southwark: Hall) -> None:
    """The journey: attends week 1, misses weeks 2 and 3, attends week 4."""
    group, family = southwark.group(), southwark.family()
    southwark.accept(family)
    southwark.start(family, group)
    marks = {1: "here", 2: "did_not_come", 3: "did_not_come", 4: "here"}
    seen = {}
    for week, mark in marks.items():
        southwark.week(week).close(group, {family["family_id"]: mark})
        seen[week] = reasons(southwark)
    assert seen == {1: [], 2: [], 3: ["missed_sessions"], 4: []}
    back = next(case for case in southwark.cases("closed") if case["reason"] == "missed_sessions")
    assert (back["closed_because"], back["missed"]) == ("back", 2)
    assert back["opened_at"] == moment(southwark.week(3).today)
    assert back["closed_at"] == moment(southwark.week(4).today)


def test_missing_more_escalates_the_same_case_once(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    for week in range(1, 7):
        southwark.week(week).close(group, {family["family_id"]: "did_not_come"})
    (case,) = southwark.cases()
    assert (case["missed"], case["escalated"], case["escalated_at"]) == (6, True, moment(southwark.week(4).today))
    told = [event["type"] for event in southwark.desk.told("outreach", southwark.borough_id)]
    assert (told.count("outreach.case.opened"), told.count("outreach.case.escalated")) == (1, 1)


def test_the_borough_says_how_much_missing_is_too_much(halls: Hall) -> None:
    lenient = halls.of(halls.desk.know(uuid4(), missed_before_outreach=3, missed_before_escalation=5))
    group = lenient.group()
    family = lenient.joined(group)
    for week in (1, 2):
        lenient.week(week).close(group, {family["family_id"]: "did_not_come"})
    assert lenient.cases() == []
    lenient.week(3).close(group, {family["family_id"]: "did_not_come"})
    assert reasons(lenient) == ["missed_sessions"]


@pytest.mark.parametrize("mark", ["told_us", "we_cancelled"])
def test_telling_us_and_our_cancelling_open_nothing(southwark: Hall, mark: str) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    for week in range(1, 5):
        southwark.week(week).close(group, {family["family_id"]: mark})
    assert southwark.cases() == []


def test_a_family_that_is_missed_again_after_it_was_back_gets_a_new_case(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    for week, mark in enumerate(["here", "did_not_come", "did_not_come", "here", "did_not_come", "did_not_come"], start=1):
        southwark.week(week).close(group, {family["family_id"]: mark})
    assert (reasons(southwark), reasons(southwark, "closed")) == (["missed_sessions"], ["missed_sessions"])


def test_a_place_that_a_person_ends_closes_what_was_to_be_reached_about(southwark: Hall) -> None:
    group, family = southwark.group(), southwark.family()
    southwark.accept(family)
    southwark.start(family, group)
    for week in (1, 2):
        southwark.week(week).close(group, {family["family_id"]: "did_not_come"})
    assert reasons(southwark) == ["before_joining", "missed_sessions"]
    place = southwark.week(3).place(family)
    southwark.week(3).ask(sessions.END_PLACE, place_id=place["id"], version=place["version"], reason="They moved to Leeds")
    southwark.post.settle(southwark.borough_id)
    assert southwark.cases() == []
    assert {case["closed_because"] for case in southwark.cases("closed")} == {"place_ended"}


def test_another_borough_hears_nothing(southwark: Hall, lambeth: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    for week in (1, 2):
        southwark.week(week).close(group, {family["family_id"]: "did_not_come"})
    assert reasons(southwark) == ["missed_sessions"]
    assert lambeth.cases() == []
    assert lambeth.ask(contract.OUTREACH_SUMMARY)["open"] == 0


# Twice, late, out of order


def test_the_same_news_twice_opens_one_case(southwark: Hall) -> None:
    family = southwark.family()
    envelope = southwark.post.deliver(southwark.borough_id, missed(family["family_id"], 2, 2), at=moment(FIRST))
    southwark.post.again(envelope)
    assert len(southwark.cases()) == 1
    told = [event["type"] for event in southwark.desk.told("outreach", southwark.borough_id)]
    assert told.count("outreach.case.opened") == 1


def test_absence_heard_of_after_the_family_came_back_opens_nothing(southwark: Hall) -> None:
    family_id = southwark.family()["family_id"]
    hear(southwark, came(family_id, 4), missed(family_id, 3, 2), missed(family_id, 2, 1))
    assert southwark.cases() == []


def test_a_case_closes_when_later_absence_shows_that_the_family_came_in_between(southwark: Hall) -> None:
    family_id = southwark.family()["family_id"]
    hear(southwark, missed(family_id, 2, 1), missed(family_id, 3, 2))
    assert reasons(southwark) == ["missed_sessions"]
    hear(southwark, missed(family_id, 5, 1))
    assert southwark.cases() == []
    hear(southwark, came(family_id, 4))
    assert [case["closed_because"] for case in southwark.cases("closed")] == ["back"]


def test_absence_heard_of_after_the_place_ended_opens_nothing(southwark: Hall) -> None:
    family_id = southwark.family()["family_id"]
    southwark.post.deliver(southwark.borough_id, PLACE_ENDED(uuid4(), 5, family_id=family_id), at=moment(southwark.week(3).today, 14))
    hear(southwark, missed(family_id, 2, 1), missed(family_id, 3, 2))
    assert southwark.cases() == []


def test_in_whatever_order_the_year_is_heard_of_the_family_stands_where_it_stands(southwark: Hall) -> None:
    for order in permutations(range(3)):
        family_id = southwark.family()["family_id"]
        news = [missed(family_id, 2, 2), missed(family_id, 3, 3), missed(family_id, 4, 4)]
        hear(southwark, *(news[place] for place in order))
        (case,) = southwark.cases(family_id=family_id)
        assert (case["missed"], case["escalated"]) == (4, True), order


def test_news_of_one_family_handled_at_the_same_moment_opens_one_case(southwark: Hall) -> None:
    import eventlet

    family_id = southwark.family()["family_id"]
    news = [missed(family_id, week, week) for week in range(1, 7)]
    threads = [eventlet.spawn(hear, southwark, event) for event in news]
    for thread in threads:
        thread.wait()
    (case,) = southwark.cases(family_id=family_id)
    assert case["missed"] == 6
