"""Every query of sessions about families, places and registers goes by an index that begins with the borough, for members too."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chassis.caller import Caller
from chassis.ids import new_id
from services.sessions.repository import Work
from tests.support.hall import Hall
from tests.support.plans import plans

TODAY = date(2026, 9, 8)
QUERIES: dict[str, Callable[[Work], object]] = {
    "places": lambda work: work.places.listed(None, None, None, 25),
    "places of a status": lambda work: work.places.listed("active", None, None, 25),
    "places of a group": lambda work: work.places.listed(None, new_id(), None, 25),
    "the open place of a family": lambda work: work.places.open_of(new_id()),
    "the latest place of a family": lambda work: work.places.latest_of(new_id()),
    "places by group, counted": lambda work: work.places.tally([new_id(), new_id()]),
    "sessions of a day": lambda work: work.sessions.on_day(TODAY),
    "sessions of a group": lambda work: work.sessions.around(new_id(), TODAY, before=4, until=TODAY + timedelta(days=40)),
    "registers that are open": lambda work: work.sessions.unclosed_page(TODAY, None, 25),
    "the next session of a family": lambda work: work.sessions.next_of(new_id(), TODAY),
    "marks of a session": lambda work: work.marks.of_session(new_id()),
    "the days of a family": lambda work: work.marks.days(new_id()),
    "names of families": lambda work: work.families.shown([new_id(), new_id()]),
    "what happened to a family": lambda work: work.steps.of_family(new_id()),
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
@pytest.mark.parametrize("who", ["a member", "the service"])
def test_a_query_goes_by_an_index_of_the_borough(southwark: Hall, query: Callable[[Work], object], who: str) -> None:
    member = replace(southwark.person("Planner", frozenset({""})), permissions=frozenset({""}))
    caller = member if who == "a member" else Caller.service("sessions", southwark.borough_id)
    found = plans(southwark.desk.databases["sessions"], Work, caller, query)
    assert found
    assert [plan for plan in found if not begins_with_the_borough(plan)] == []


def begins_with_the_borough(plan: str) -> bool:
    return "Seq Scan" not in plan and "Index Cond: (" in plan and plan.count("borough_id = ") >= plan.count(" on ")
