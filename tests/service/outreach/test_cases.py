"""Cases as people work them: listed, taken, contacts written down, closed."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, InvalidTransition, NotFound, NotReady, Stale
from services.outreach import contract
from services.outreach.contract import UnsafeChannel
from tests.support.hall import ADMINISTRATOR, FIRST, Hall, moment

DAY = timedelta(days=1)


def opened(hall: Hall, family: dict[str, Any], *, due_on: date | None = None, reason: str = "referrers_concern") -> dict[str, Any]:
    """Open a case by hand."""
    return hall.ask(contract.OPEN_CASE, family_id=family["family_id"], reason=reason, words="Not seen for a while", due_on=due_on)


def case_of(hall: Hall, *channels: str) -> dict[str, Any]:
    """Return a new case of a family that may be reached by ``channels``."""
    return opened(hall, hall.family(*channels))


def contact(hall: Hall, channel: str = "text", outcome: str = "reached", **more: Any) -> dict[str, Any]:
    """Write a contact down."""
    return hall.ask(contract.LOG_CONTACT, channel=channel, outcome=outcome, **more)


# Opened, taken, closed


def test_a_referrers_concern_opens_a_case_by_hand(southwark: Hall) -> None:
    case = case_of(southwark)
    assert (case["reason"], case["status"], case["words"]) == ("referrers_concern", "open", "Not seen for a while")
    assert case["due_on"] == FIRST + 2 * DAY
    assert (case["version"], case["owner_id"], case["overdue"], case["escalated"]) == (1, None, False, False)


def test_a_family_has_one_open_case_of_a_kind(southwark: Hall) -> None:
    family = southwark.family()
    opened(southwark, family)
    with pytest.raises(Conflict, match="open case of this kind"):
        opened(southwark, family)
    assert opened(southwark, family, reason="re_engagement")["status"] == "open"


@pytest.mark.parametrize("reason", ["missed_sessions", "before_joining", "anything"])
def test_what_opens_by_itself_is_not_opened_by_hand(southwark: Hall, reason: str) -> None:
    with pytest.raises(Invalid):
        opened(southwark, southwark.family(), reason=reason)


def test_a_case_is_taken_by_whoever_says_so(southwark: Hall) -> None:
    case = case_of(southwark)
    taken = southwark.ask(contract.TAKE_CASE, by="Jo Marsh", case_id=case["id"], version=case["version"])
    assert (taken["owner_id"], taken["owner_name"], taken["version"]) == (southwark.person("Jo Marsh").person_id, "Jo Marsh", 2)


def test_two_who_take_a_case_at_once_are_told_of_each_other(southwark: Hall) -> None:
    case = case_of(southwark)
    southwark.ask(contract.TAKE_CASE, by="Jo Marsh", case_id=case["id"], version=case["version"])
    with pytest.raises(Stale) as fault:
        southwark.ask(contract.TAKE_CASE, by="Amina Khan", case_id=case["id"], version=case["version"])
    assert (fault.value.facts["yours"], fault.value.facts["theirs"]) == ({"version": 1}, {"version": 2})
    assert southwark.ask(contract.GET_CASE, case_id=case["id"])["owner_name"] == "Jo Marsh"


def test_a_case_is_closed_by_a_person_for_a_reason(southwark: Hall) -> None:
    case = case_of(southwark)
    closed = southwark.ask(contract.CLOSE_CASE, case_id=case["id"], version=1, because="family_decided", words="They prefer the library")
    assert (closed["status"], closed["closed_because"], closed["closed_by"]) == ("closed", "family_decided", "Amina Khan")
    with pytest.raises(InvalidTransition):
        southwark.ask(contract.CLOSE_CASE, case_id=case["id"], version=2, because="back")
    with pytest.raises(InvalidTransition):
        southwark.ask(contract.TAKE_CASE, case_id=case["id"], version=2)


def test_a_repeated_request_closes_once(southwark: Hall) -> None:
    case, key = case_of(southwark), uuid4().hex
    first = southwark.ask(contract.CLOSE_CASE, key=key, case_id=case["id"], version=1, because="back")
    assert southwark.ask(contract.CLOSE_CASE, key=key, case_id=case["id"], version=1, because="back") == first
    told = [event["type"] for event in southwark.desk.told("outreach", southwark.borough_id)]
    assert told.count("outreach.case.closed") == 1


# Lists and counts


def test_open_cases_come_the_most_urgent_first_in_pages(southwark: Hall) -> None:
    days = [9, 2, 5, 1, 7]
    for day in days:
        opened(southwark, southwark.family(), due_on=FIRST + day * DAY)
    found: list[date] = []
    after = None
    while True:
        page = southwark.ask(contract.LIST_CASES, limit=2, after=after)
        found += [case["due_on"] for case in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == [FIRST + day * DAY for day in sorted(days)]
    assert page["counts"]["open"] == 5


def test_closed_cases_come_the_latest_first(southwark: Hall) -> None:
    cases = [case_of(southwark) for _ in range(3)]
    for week, case in enumerate(cases, start=1):
        southwark.week(week).ask(contract.CLOSE_CASE, case_id=case["id"], version=1, because="back")
    first = southwark.ask(contract.LIST_CASES, status="closed", limit=2)
    rest = southwark.ask(contract.LIST_CASES, status="closed", limit=2, after=first["next"])
    assert [case["id"] for case in (*first["items"], *rest["items"])] == [case["id"] for case in reversed(cases)]


def test_cases_are_listed_by_reason_owner_and_family(southwark: Hall) -> None:
    mine, other = case_of(southwark), opened(southwark, southwark.family(), reason="re_engagement")
    southwark.ask(contract.TAKE_CASE, case_id=mine["id"], version=1)
    assert [case["id"] for case in southwark.cases(mine=True)] == [mine["id"]]
    assert [case["id"] for case in southwark.cases(unowned=True)] == [other["id"]]
    assert [case["id"] for case in southwark.cases(reason="re_engagement")] == [other["id"]]
    assert [case["id"] for case in southwark.cases(family_id=mine["family_id"])] == [mine["id"]]


def test_the_counts_are_of_all_open_cases_whatever_the_filter(southwark: Hall) -> None:
    case = case_of(southwark)
    case_of(southwark)
    southwark.ask(contract.TAKE_CASE, case_id=case["id"], version=1)
    counts = southwark.on(FIRST + 3 * DAY).ask(contract.LIST_CASES, status="closed")["counts"]
    assert counts == {"open": 2, "mine": 1, "unowned": 1, "overdue": 2, "escalated": 0}


def test_today_is_told_of_families_missed_without_contact_and_how_old_that_is(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    for week in (1, 2):
        southwark.week(week).close(group, {family["family_id"]: "did_not_come"})
    later = southwark.on(southwark.week(2).today + 2 * DAY)
    summary = later.ask(contract.OUTREACH_SUMMARY)
    assert (summary["missed_no_contact"], summary["missed_no_contact_overdue"]) == (1, 1)
    assert summary["oldest_opened_at"] == moment(southwark.week(2).today)
    contact(later, family_id=family["family_id"])
    after = later.ask(contract.OUTREACH_SUMMARY)
    assert (after["missed_no_contact"], after["missed_no_contact_overdue"], after["open"]) == (0, 0, 1)


def test_an_empty_borough_has_nothing_to_do(southwark: Hall) -> None:
    summary = southwark.ask(contract.OUTREACH_SUMMARY)
    assert (summary["open"], summary["oldest_opened_at"], summary["next_due_on"]) == (0, None, None)


# Contacts


def test_a_contact_counts_for_its_case_and_sets_when_the_next_is_due(southwark: Hall) -> None:
    case = case_of(southwark)
    made = contact(southwark, case_id=case["id"], outcome="no_answer", note="Rang out")
    assert (made["family_id"], made["case_id"]) == (case["family_id"], case["id"])
    assert (made["made_by"], made["made_at"]) == ("Amina Khan", moment(FIRST))
    seen = southwark.ask(contract.GET_CASE, case_id=case["id"])
    assert (seen["contacts"], seen["last_contact_at"], seen["due_on"]) == (1, moment(FIRST), FIRST + 2 * DAY)
    assert [(one["outcome"], one["note"]) for one in seen["history"]] == [("no_answer", "Rang out")]


def test_a_contact_with_a_family_counts_for_its_most_urgent_open_case(southwark: Hall) -> None:
    family = southwark.family()
    opened(southwark, family, due_on=FIRST + 9 * DAY)
    urgent = opened(southwark, family, due_on=FIRST + DAY, reason="re_engagement")
    assert contact(southwark, family_id=family["family_id"])["case_id"] == urgent["id"]


def test_a_contact_with_a_family_without_a_case_is_kept_too(southwark: Hall) -> None:
    family = southwark.family()
    assert contact(southwark, family_id=family["family_id"])["case_id"] is None


def test_an_unsafe_channel_is_refused_and_nothing_is_kept(southwark: Hall) -> None:
    """Rule 8."""
    case = case_of(southwark, "text")
    with pytest.raises(UnsafeChannel) as fault:
        contact(southwark, "phone", case_id=case["id"])
    assert (fault.value.facts["safe"], fault.value.facts["avoid"]) == (["text"], "Never leave a voicemail")
    seen = southwark.ask(contract.GET_CASE, case_id=case["id"])
    assert (seen["contacts"], seen["history"], seen["version"]) == (0, [], case["version"])


def test_a_channel_that_became_unsafe_is_refused_from_then_on(southwark: Hall) -> None:
    family = southwark.family("text", "phone")
    contact(southwark, "phone", family_id=family["family_id"])
    southwark.change(family, 2, safe_contact={**family["safe_contact"], "channels": ["text"]})
    with pytest.raises(UnsafeChannel):
        contact(southwark, "phone", family_id=family["family_id"])


def test_the_case_shows_only_details_that_are_safe_to_use(southwark: Hall) -> None:
    family = southwark.family("text")
    seen = southwark.ask(contract.GET_CASE, case_id=opened(southwark, family)["id"])
    assert seen["safe_contact"]["channels"] == ["text"]
    (parent,) = seen["parents"]
    assert parent["phone"] == family["parents"][0]["phone"]
    assert (parent["email"], seen["address"]) == (None, None)


def test_a_family_whose_safe_contact_is_not_known_yet_is_not_reached_out_to(southwark: Hall, nowhere: UUID) -> None:
    southwark.accept({"family_id": nowhere, "name": "Luz Castillo and Mateo"})
    (case,) = southwark.cases()
    with pytest.raises(NotReady):
        contact(southwark, case_id=case["id"])
    with pytest.raises(NotFound):
        contact(southwark, family_id=nowhere)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"channel": "pigeon"}, "channel"), ({"outcome": "fine"}, "outcome"), ({"made_at": moment(FIRST + DAY)}, "made_at"),
        ({"case_id": None}, "case_id"), ({"note": "x" * 2001}, "note"),
    ],
)  # fmt: skip
def test_bad_contacts_are_named_by_their_field(southwark: Hall, changed: dict[str, Any], field: str) -> None:
    case = case_of(southwark)
    with pytest.raises(Invalid) as fault:
        southwark.ask(contract.LOG_CONTACT, **{"case_id": case["id"], "channel": "text", "outcome": "reached", **changed})
    assert list(fault.value.faults) == [field]


def test_a_contact_is_told_without_what_was_said(southwark: Hall) -> None:
    contact(southwark, family_id=southwark.family()["family_id"], note="Feels better this week")
    (event,) = [event for event in southwark.desk.told("outreach", southwark.borough_id) if event["type"] == "outreach.contact.made"]
    assert "better" not in str(event["data"])


# The story


def test_the_story_tells_cases_and_contacts_newest_first_without_notes(southwark: Hall) -> None:
    family = southwark.family()
    case = opened(southwark, family)
    taken = southwark.week(2).ask(contract.TAKE_CASE, case_id=case["id"], version=1)
    contact(southwark.week(3), case_id=case["id"], note="Feels better this week")
    southwark.week(4).ask(contract.CLOSE_CASE, case_id=case["id"], version=taken["version"] + 1, because="back")
    story = southwark.ask(contract.OUTREACH_STORY, family_id=family["family_id"])
    assert [entry["kind"] for entry in story["entries"]] == ["case.closed", "contact.made", "case.taken", "case.opened"]
    assert story["entries"][0]["facts"]["because"] == "back"
    assert story["open_cases"] == []
    assert "better" not in str(story)
    assert "Not seen" not in str(story["entries"])


def test_the_story_of_an_unknown_family_is_empty_and_so_is_that_of_another_boroughs(southwark: Hall, lambeth: Hall, nowhere: UUID) -> None:
    case = case_of(southwark)
    assert lambeth.ask(contract.OUTREACH_STORY, family_id=case["family_id"]) == {"entries": [], "open_cases": []}
    assert lambeth.ask(contract.OUTREACH_STORY, family_id=nowhere) == {"entries": [], "open_cases": []}


# Who


def test_another_boroughs_case_is_not_found_just_as_an_unknown_one(southwark: Hall, lambeth: Hall, nowhere: UUID) -> None:
    case = case_of(southwark)
    for operation, more in (
        (contract.GET_CASE, {}),
        (contract.TAKE_CASE, {"version": 1}),
        (contract.CLOSE_CASE, {"version": 1, "because": "back"}),
        (contract.LOG_CONTACT, {"channel": "text", "outcome": "reached"}),
    ):
        told = []
        for case_id in (case["id"], nowhere):
            with pytest.raises(NotFound) as fault:
                lambeth.ask(operation, case_id=case_id, **more)
            told.append(fault.value.to_wire())
        assert told[0] == told[1]
    assert lambeth.cases() == []


def test_another_boroughs_family_cannot_be_contacted_or_given_a_case(southwark: Hall, lambeth: Hall) -> None:
    family = southwark.family()
    with pytest.raises(NotFound):
        contact(lambeth, family_id=family["family_id"])
    with pytest.raises(NotFound):
        opened(lambeth, family)


def test_administrators_and_referrers_see_no_cases(southwark: Hall) -> None:
    for permissions in (ADMINISTRATOR, frozenset({"referrals.refer", "referrals.read_own"})):
        somebody = southwark.person(f"Somebody {len(permissions)}", permissions)
        for operation in (contract.LIST_CASES, contract.OUTREACH_SUMMARY, contract.LIST_RUNS):
            with pytest.raises(Forbidden):
                southwark.ask(operation, by=somebody)


def test_who_may_read_may_not_work(southwark: Hall) -> None:
    case, reader = case_of(southwark), southwark.person("Ruth Osei", frozenset({"outreach.read", "families.read"}))
    southwark.ask(contract.GET_CASE, by=reader, case_id=case["id"])
    with pytest.raises(Forbidden):
        southwark.ask(contract.TAKE_CASE, by=reader, case_id=case["id"], version=1)
