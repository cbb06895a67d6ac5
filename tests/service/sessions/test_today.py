"""What the Today page needs of sessions, in one call; registers that were not closed."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from chassis.errors import Forbidden, Invalid
from services.outreach import contract as outreach
from services.sessions import contract
from tests.support.hall import ADMINISTRATOR, FIRST, WEEK, Hall


def today(hall: Hall) -> dict[str, Any]:
    """Return what Today shows."""
    return hall.ask(contract.SESSIONS_ON, on=hall.today)


def collect(hall: Hall, group: dict[str, Any], family: dict[str, Any]) -> dict[str, Any]:
    """Arrange that a family is collected for the day's session."""
    session = hall.session(group)
    run = hall.ask(
        outreach.ARRANGE_COLLECTION, session_id=session["id"], session_starts_at=session["starts_at"], group_name=group["name"],
        family_id=family["family_id"], pick_up_at=time(9, 35), driver_name="Sam Okoro",
    )  # fmt: skip
    hall.post.settle(hall.borough_id)
    return run


def test_today_lists_the_days_groups_in_the_order_of_their_times_with_counts(southwark: Hall) -> None:
    southwark.group(name="Camberwell afternoon", starts_at=time(13, 30), ends_at=time(15))
    group = southwark.group()
    came, coming = southwark.joined(group), southwark.joined(group)
    collect(southwark, group, coming)
    southwark.mark(group, {came["family_id"]: "here"})
    morning, afternoon = today(southwark)["sessions"]
    assert (morning["group_name"], afternoon["group_name"]) == ("Peckham Tuesday", "Camberwell afternoon")
    assert (morning["expected"], morning["marked"], morning["here"], morning["to_collect"], morning["collected"]) == (2, 1, 1, 1, 0)
    assert (afternoon["expected"], afternoon["to_collect"]) == (0, 0)


def test_today_without_a_day_is_today(southwark: Hall) -> None:
    assert southwark.ask(contract.SESSIONS_ON)["on"] == FIRST


def test_a_day_without_groups_is_empty(southwark: Hall) -> None:
    southwark.group()
    assert today(southwark.on(FIRST + timedelta(days=1)))["sessions"] == []


def test_today_says_which_registers_were_not_closed_oldest_first(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    southwark.week(2).close(group, {family["family_id"]: "here"})
    seen = today(southwark.week(4))
    assert [session["on"] for session in seen["unclosed"]] == [FIRST, FIRST + 2 * WEEK]
    assert seen["unclosed_total"] == 2
    assert [session["on"] for session in seen["sessions"]] == [FIRST + 3 * WEEK]


def test_a_session_that_nobody_was_expected_at_needs_no_closing(southwark: Hall) -> None:
    group = southwark.group()
    southwark.start(southwark.family(), group, FIRST + 2 * WEEK)
    assert today(southwark.week(3))["unclosed"] == []


def test_todays_own_register_is_not_yet_late(southwark: Hall) -> None:
    southwark.joined(southwark.group())
    assert today(southwark)["unclosed_total"] == 0


def test_registers_that_were_not_closed_come_in_pages(southwark: Hall) -> None:
    southwark.joined(southwark.group())
    hall, found, after = southwark.week(6), list[date](), None
    while True:
        page = hall.ask(contract.OPEN_REGISTERS, limit=2, after=after)
        found += [session["on"] for session in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == [FIRST + week * WEEK for week in range(5)]


def test_a_cursor_that_is_none_is_refused(southwark: Hall) -> None:
    with pytest.raises(Invalid) as fault:
        southwark.ask(contract.OPEN_REGISTERS, after="not a cursor")
    assert list(fault.value.faults) == ["after"]


def test_today_counts_who_waits_and_who_begins_within_a_week(southwark: Hall) -> None:
    group = southwark.group()
    southwark.agree(southwark.family())
    southwark.start(southwark.family(), group, FIRST + timedelta(days=6))
    southwark.start(southwark.family(), group, FIRST + WEEK)
    seen = today(southwark)
    assert (seen["waiting"], seen["starting"]) == (1, 1)


def test_today_names_no_family_so_that_administrators_may_see_it(southwark: Hall) -> None:
    group = southwark.group()
    family = southwark.joined(group)
    seen = southwark.ask(contract.SESSIONS_ON, by=southwark.person("Olu", ADMINISTRATOR))
    assert seen["sessions"][0]["expected"] == 1
    assert family["name"] not in str(seen)
    assert str(family["family_id"]) not in str(seen)
    with pytest.raises(Forbidden):
        southwark.ask(contract.OPEN_REGISTERS, by=southwark.person("Olu", ADMINISTRATOR))


def test_a_borough_counts_nothing_of_another(southwark: Hall, lambeth: Hall) -> None:
    southwark.joined(southwark.group())
    southwark.agree(southwark.family())
    seen = today(lambeth.week(3))
    assert (seen["sessions"], seen["unclosed_total"], seen["waiting"], seen["starting"]) == ([], 0, 0, 0)


def test_who_was_collected_is_on_the_register(southwark: Hall) -> None:
    group = southwark.group()
    family, other = southwark.joined(group), southwark.joined(group)
    run = collect(southwark, group, family)
    lines = {line["family_id"]: line for line in southwark.register(group)["lines"]}
    assert (lines[family["family_id"]]["collection"], lines[other["family_id"]]["collection"]) == ("arranged", None)
    outcomes = [{"family_id": family["family_id"], "outcome": "collected"}]
    southwark.ask(outreach.COMPLETE_COLLECTION, run_id=run["id"], version=run["version"], outcomes=outcomes)
    southwark.post.settle(southwark.borough_id)
    lines = {line["family_id"]: line for line in southwark.register(group)["lines"]}
    assert lines[family["family_id"]]["collection"] == "collected"
    session = southwark.session(group)
    assert (session["to_collect"], session["collected"]) == (0, 1)


def test_news_of_a_run_out_of_order_leaves_the_last_word(southwark: Hall) -> None:
    from uuid import uuid4

    from services.outreach.contract import RUN_ARRANGED, RUN_COMPLETED
    from tests.support.hall import moment

    group = southwark.group()
    family = southwark.joined(group)
    session, run_id = southwark.session(group), uuid4()

    def stops(state: str) -> dict[str, Any]:
        stop = {"family_id": family["family_id"], "state": state, "pick_up_at": moment(FIRST, 9, 35)}
        return {"session_id": session["id"], "stops": [stop]}

    southwark.post.deliver(southwark.borough_id, RUN_COMPLETED(run_id, 3, **stops("collected")))
    southwark.post.deliver(southwark.borough_id, RUN_ARRANGED(run_id, 2, **stops("arranged")))
    assert southwark.register(group)["lines"][0]["collection"] == "collected"
