"""Where things end: the day in London, the last page, and nothing at all."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from chassis.ids import new_id
from services.outreach import contract
from tests.support.hall import FIRST, Hall, moment

GOOD_FRIDAY = date(2025, 4, 18)


def pages(hall: Hall, operation: Any, limit: int, **values: Any) -> list[dict[str, Any]]:
    """Return everything that a list has, page by page."""
    items, after = [], None
    while True:
        page = hall.ask(operation, limit=limit, after=after, **values)
        assert len(page["items"]) <= limit
        items += page["items"]
        after = page["next"]
        if not after:
            return items


# The day in London


def test_a_contact_is_due_over_easter_on_the_next_working_day(southwark: Hall) -> None:
    before = southwark.on(GOOD_FRIDAY - timedelta(days=1))
    family = before.family()
    before.accept(family)
    before.miss_visit(family)
    assert before.cases()[0]["due_on"] == date(2025, 4, 22)


def test_a_case_is_overdue_when_its_day_is_over_in_london_and_not_an_hour_earlier(southwark: Hall) -> None:
    summer = southwark.on(date(2025, 6, 3))
    family = summer.family()
    case = summer.ask(contract.OPEN_CASE, family_id=family["family_id"], reason="referrers_concern", words="Quiet", due_on=date(2025, 6, 4))
    overdue = []
    for hour in (22, 23):
        by = replace(summer.person(), at=datetime(2025, 6, 4, hour, 0, tzinfo=UTC))
        overdue.append(
            (summer.ask(contract.GET_CASE, by=by, case_id=case["id"])["overdue"], summer.ask(contract.OUTREACH_SUMMARY, by=by)["overdue"])
        )
    assert overdue == [(False, 0), (True, 1)]


def test_a_pick_up_on_the_day_after_the_clocks_went_forward_is_by_the_clock_on_the_wall(southwark: Hall) -> None:
    monday = southwark.on(date(2025, 3, 31))
    family = monday.family()
    run = monday.ask(
        contract.ARRANGE_COLLECTION, session_id=new_id(), session_starts_at=moment(monday.today, 10), group_name="Peckham Monday",
        family_id=family["family_id"], pick_up_at=time(9, 35), driver_name="Sam Okoro",
    )  # fmt: skip
    assert run["stops"][0]["pick_up_at"] == datetime(2025, 3, 31, 8, 35, tzinfo=UTC)
    assert run["on"] == monday.today


# Pages


def test_cases_due_on_one_day_come_in_pages_without_gap_or_repeat(southwark: Hall) -> None:
    for _ in range(5):
        southwark.accept(southwark.family())
    seen = [case["id"] for case in pages(southwark, contract.LIST_CASES, 2, status="open")]
    assert len(seen) == len(set(seen)) == 5


def test_cases_closed_at_one_moment_come_in_pages_without_gap_or_repeat(southwark: Hall) -> None:
    for _ in range(5):
        family = southwark.family()
        southwark.accept(family)
        southwark.close_assessment(family)
    seen = [case["id"] for case in pages(southwark, contract.LIST_CASES, 2, status="closed")]
    assert len(seen) == len(set(seen)) == 5


def test_runs_of_one_time_come_in_pages_without_gap_or_repeat(southwark: Hall) -> None:
    for number in range(3):
        southwark.ask(
            contract.ARRANGE_COLLECTION, session_id=new_id(), session_starts_at=moment(FIRST, 10), group_name=f"Group {number}",
            family_id=southwark.family()["family_id"], pick_up_at=time(9, 35), driver_name="Sam Okoro",
        )  # fmt: skip
    runs = pages(southwark, contract.LIST_RUNS, 2, on=FIRST)
    assert sorted(run["group_name"] for run in runs) == ["Group 0", "Group 1", "Group 2"]


def test_a_case_shows_its_latest_fifty_contacts_and_the_story_every_one(southwark: Hall) -> None:
    family = southwark.family()
    southwark.accept(family)
    (case,) = southwark.cases()
    for minute in range(53):
        made_at = moment(FIRST, 9) + timedelta(minutes=minute)
        southwark.ask(contract.LOG_CONTACT, case_id=case["id"], channel="phone", outcome="no_answer", made_at=made_at)
    history = southwark.ask(contract.GET_CASE, case_id=case["id"])["history"]
    assert (len(history), history[0]["made_at"], history[-1]["made_at"]) == (50, moment(FIRST, 9, 52), moment(FIRST, 9, 3))
    kinds = [entry["kind"] for entry in southwark.ask(contract.OUTREACH_STORY, family_id=family["family_id"])["entries"]]
    assert kinds.count("contact.made") == 53


# Nothing at all


def test_a_borough_that_has_just_begun_has_nothing_and_says_so(southwark: Hall) -> None:
    for status in ("open", "closed"):
        page = southwark.ask(contract.LIST_CASES, status=status)
        assert (page["items"], page["next"], page["counts"]["open"]) == ([], None, 0)
    assert southwark.ask(contract.LIST_RUNS, on=FIRST)["items"] == []
    summary = southwark.ask(contract.OUTREACH_SUMMARY)
    assert (summary["open"], summary["overdue"], summary["oldest_opened_at"], summary["next_due_on"]) == (0, 0, None, None)


def test_a_family_without_a_phone_and_an_address_has_none_to_show(southwark: Hall) -> None:
    plain = southwark.family("phone", "visit")
    bare = southwark.change(plain, 2, parents=[{**plain["parents"][0], "phone": None, "email": None}], address=None)
    southwark.accept(bare)
    seen = southwark.ask(contract.GET_CASE, case_id=southwark.cases()[0]["id"])
    assert (seen["address"], [parent.get("phone") for parent in seen["parents"]]) == (None, [None])
