from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from chassis import clock
from gateway.pages.today.needs import Answers, out_today, this_week, what_needs_you

NOW = datetime(2026, 11, 24, 10, 20, tzinfo=UTC)
NOTHING: dict[str, dict[str, Any]] = {
    "outreach": {
        "missed_no_contact": 0,
        "missed_no_contact_overdue": 0,
        "next_due_on": None,
        "mine": 0,
        "unowned": 0,
        "open": 0,
        "overdue": 0,
    },
    "triage": {
        "to_triage": 0,
        "urgent": 0,
        "oldest_received_at": None,
        "mine": 0,
        "late_answers": 0,
        "imports": 0,
        "waiting_for_information": 0,
    },
    "waiting": {"to_sign": 0, "to_sign_items": [], "to_arrange": 0, "oldest_to_arrange": None, "to_write": 0, "visits": []},
    "records": {"open": 0, "overdue": 0, "next_due_on": None},
    "sessions": {"unclosed": [], "unclosed_total": 0, "waiting": 0, "starting": 0},
}


@pytest.fixture(autouse=True)
def now() -> object:
    with clock.acting_at(NOW):
        yield


def answers(**changes: dict[str, Any]) -> Answers:
    replies: dict[str, Any] = {name: {**reply, **changes.get(name, {})} for name, reply in NOTHING.items()}
    return Answers(**replies, may_record=True, may_place=True)


def test_nothing_waits_when_nothing_waits() -> None:
    assert what_needs_you(answers()) == []


def test_what_a_person_may_not_see_is_not_there() -> None:
    assert what_needs_you(Answers()) == []
    assert this_week(Answers()) == []
    assert out_today(Answers()) == []


def test_the_most_urgent_stands_first_and_leads_to_its_list() -> None:
    found = what_needs_you(
        answers(
            triage={"to_triage": 3, "oldest_received_at": NOW - timedelta(days=4), "waiting_for_information": 1},
            outreach={"missed_no_contact": 2, "missed_no_contact_overdue": 1},
            waiting={"to_write": 2},
        )
    )
    assert [(need.count, need.name + need.rest, need.pill) for need in found] == [
        (2, "Families who missed two weeks, no contact yet", "Overdue"),
        (3, "Referrals to triage, oldest 4 days", ""),
        (2, "To write and sign", ""),
        (1, "Waiting for information from a referrer", ""),
    ]
    assert found[0].urgent
    assert found[0].link == ("outreach.index", {"reason": "missed_sessions"})


def test_one_is_said_in_the_singular() -> None:
    found = what_needs_you(
        answers(
            triage={"to_triage": 1, "urgent": 1},
            waiting={"to_sign": 1, "to_sign_items": [{"signed_by": ["Adult team"]}], "to_arrange": 1},
            sessions={"waiting": 1},
            outreach={"missed_no_contact": 1, "next_due_on": date(2026, 11, 25)},
        )
    )
    assert [(need.name, need.pill) for need in found] == [
        ("Referral to triage", "1 urgent"),
        ("Assessment waiting for your signature", "Signed by Adult team"),
        ("Visit to arrange", ""),
        ("Family who missed two weeks", "Due tomorrow"),
        ("Family waiting for a place", ""),
    ]


def test_a_register_that_was_not_closed_says_which_and_how_old() -> None:
    session = {"id": uuid4(), "group_name": "Peckham", "on": date(2026, 11, 17), "ends_at": NOW - timedelta(hours=36)}
    (need,) = what_needs_you(answers(sessions={"unclosed": [session], "unclosed_total": 1}))
    assert (need.name + need.rest, need.pill, need.urgent) == ("Register not closed, Peckham, 17 November", "Overdue", True)
    assert need.link.values == {"session_id": session["id"]}
    (many,) = what_needs_you(answers(sessions={"unclosed": [session], "unclosed_total": 9}))
    assert many.name + many.rest == "Registers not closed, oldest 17 November"


def test_a_register_is_overdue_once_the_hours_of_the_policy_are_over() -> None:
    session = {"id": uuid4(), "group_name": "Peckham", "on": date(2026, 11, 17), "ends_at": NOW - timedelta(hours=36)}
    (need,) = what_needs_you(replace(answers(sessions={"unclosed": [session], "unclosed_total": 1}), register_hours=48))
    assert (need.pill, need.urgent) == ("36 hours", False)


def test_what_waits_longer_than_the_policy_allows_is_urgent() -> None:
    tuesday_a_week_ago = NOW - timedelta(days=7)
    waits = answers(
        triage={"to_triage": 1, "oldest_received_at": tuesday_a_week_ago},
        waiting={"to_arrange": 1, "oldest_to_arrange": tuesday_a_week_ago},
    )
    patient = what_needs_you(replace(waits, first_contact_days=5, assessment_days=5))
    strict = what_needs_you(replace(waits, first_contact_days=4, assessment_days=4))
    assert [need.pill for need in patient] == ["", ""]
    assert [(need.pill, need.urgent) for need in strict] == [("Overdue", True), ("Overdue", True)]


def test_requests_about_records_are_urgent_once_the_law_s_time_is_over() -> None:
    (due,) = what_needs_you(answers(records={"open": 1, "next_due_on": date(2026, 11, 25)}))
    assert (due.name + due.rest, due.pill, due.urgent) == ("Request about a record, to be answered", "Due tomorrow", False)
    first, second = what_needs_you(answers(records={"open": 3, "overdue": 2}, triage={"to_triage": 1, "urgent": 1}))
    assert (first.count, first.name, first.pill, first.urgent) == (3, "Requests about records", "2 overdue", True)
    assert (first.link, second.name) == (("records.index", {}), "Referral to triage")


def test_a_waiting_list_that_somebody_sent_is_there_until_it_was_looked_through() -> None:
    (need,) = what_needs_you(answers(triage={"imports": 1}))
    assert (need.name + need.rest, need.link) == ("Waiting list to look through, sent as a file", ("imports.index", {}))


def test_who_is_out_now_is_told_from_who_goes_later() -> None:
    def visit(starts_at: datetime) -> dict[str, Any]:
        who = [{"name": "Ruth Osei"}, {"name": "Paul Lang"}]
        return {"starts_at": starts_at, "minutes": 90, "status": "arranged", "family_name": "Luz Castillo and Mateo", "assessors": who}

    run = {
        "driver_name": "Jo Marsh",
        "group_name": "Peckham",
        "status": "completed",
        "session_starts_at": NOW,
        "stops": [{"pick_up_at": NOW - timedelta(minutes=45)}],
    }
    visits = [visit(NOW + timedelta(hours=4)), visit(NOW - timedelta(minutes=20)), visit(NOW + timedelta(days=1))]
    found = out_today(Answers(waiting={"visits": visits}, runs={"items": [run]}))
    assert [(out.who, out.pill) for out in found] == [
        ("Jo Marsh", "Done"),
        ("Ruth Osei and Paul Lang", "Out now"),
        ("Ruth Osei and Paul Lang", "14:20"),
    ]
    assert found[1].what == "Joint visit to Luz Castillo and Mateo. Due back 11:30"


def test_the_week_is_summed_up_kindly_when_it_is_empty() -> None:
    assert this_week(answers()) == [
        ("Visits", "None arranged"),
        ("First sessions", "Nobody new this week"),
        ("Outreach", "0 families, 0 overdue"),
    ]


def test_what_one_took_and_what_was_answered_late_lead_to_exactly_that_on_the_board() -> None:
    mine, late = sorted(what_needs_you(answers(triage={"mine": 2, "late_answers": 1})), key=lambda need: need.count, reverse=True)
    assert (mine.name + mine.rest, mine.link.values) == ("Referrals that you took, not decided yet", {"whose": "mine"})
    assert (late.name + late.rest, late.link.values) == ("Answer from a referrer, after the decision", {"only": "answered_late"})


@pytest.mark.parametrize(
    ("kinds", "total", "words"),
    [
        (["glass_broken"], 1, "Restricted record opened by breaking the glass"),
        (["glass_broken"] * 25, 40, "Restricted records opened by breaking the glass"),
        (["system_stopped"], 1, "System no longer gets updates"),
        (["system_stopped", "system_stopped"], 2, "Systems no longer get updates"),
        (["system_stopped", "glass_broken"], 2, "Notices"),
    ],
)
def test_an_administrator_is_told_what_the_notices_are_about(kinds: list[str], total: int, words: str) -> None:
    (need,) = what_needs_you(Answers(notices={"items": [{"kind": kind} for kind in kinds], "total": total}))
    assert (need.count, need.name, need.link.endpoint) == (total, words, "notices.index")


def test_where_no_notice_waits_none_is_told_of() -> None:
    assert what_needs_you(Answers(notices={"items": [], "total": 0})) == []
