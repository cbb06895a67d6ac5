"""Collection runs: arranged stop by stop, completed, heard of by sessions."""

from datetime import time, timedelta
from typing import Any
from uuid import UUID, uuid4

import eventlet
import pytest

from chassis.errors import Forbidden, Invalid, InvalidTransition, NotFound, Stale
from services.outreach import contract
from services.outreach.contract import CollectionIncomplete, NoSeatsLeft
from tests.support.hall import FIRST, Hall, moment


def arrange(hall: Hall, session_id: UUID, family: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """Put a family on the run of the day's session at ten."""
    plain = {
        "session_id": session_id, "session_starts_at": moment(hall.today, 10), "group_name": "Peckham Tuesday",
        "family_id": family["family_id"], "pick_up_at": time(9, 35), "driver_name": "Sam Okoro",
    }  # fmt: skip
    return hall.ask(contract.ARRANGE_COLLECTION, **{**plain, **changed})


def complete(hall: Hall, run: dict[str, Any], outcome: str = "collected", **more: Any) -> dict[str, Any]:
    """Say the same of every stop of a run."""
    outcomes = [{"family_id": stop["family_id"], "outcome": outcome} for stop in run["stops"]]
    return hall.ask(contract.COMPLETE_COLLECTION, run_id=run["id"], version=run["version"], outcomes=outcomes, **more)


def test_the_first_family_opens_the_run_of_a_session(southwark: Hall, nowhere: UUID) -> None:
    family = southwark.family()
    run = arrange(southwark, nowhere, family)
    assert (run["session_id"], run["on"], run["driver_name"], run["seats"], run["child_seats"], run["status"]) == (
        nowhere, FIRST, "Sam Okoro", 7, 4, "arranged",
    )  # fmt: skip
    (stop,) = run["stops"]
    assert (stop["family_name"], stop["pick_up_at"], stop["people"], stop["children"]) == (family["name"], moment(FIRST, 9, 35), 2, 1)
    assert stop["pick_up_from"] == f"{family['address']['line']}, {family['address']['postcode']}"


def test_families_of_one_session_share_a_run_in_the_order_of_their_times(southwark: Hall, nowhere: UUID) -> None:
    first, second = southwark.family(), southwark.family()
    one = arrange(southwark, nowhere, second, pick_up_at=time(9, 40))
    two = arrange(southwark, nowhere, first, pick_up_at=time(9, 15), driver_name=None)
    assert one["id"] == two["id"]
    assert two["version"] == one["version"] + 1
    assert [stop["family_id"] for stop in two["stops"]] == [first["family_id"], second["family_id"]]


def test_families_that_are_arranged_at_the_same_moment_share_one_run(southwark: Hall, nowhere: UUID) -> None:
    families = [southwark.family() for _ in range(3)]
    threads = [eventlet.spawn(arrange, southwark, nowhere, family) for family in families]
    assert len({thread.wait()["id"] for thread in threads}) == 1
    (run,) = southwark.ask(contract.LIST_RUNS, on=FIRST)["items"]
    assert len(run["stops"]) == 3


def test_a_run_is_told_with_every_stop_each_time(southwark: Hall, nowhere: UUID) -> None:
    for _ in range(2):
        arrange(southwark, nowhere, southwark.family())
    told = [event for event in southwark.desk.told("outreach", southwark.borough_id) if event["type"] == "outreach.run.arranged"]
    assert [(event["sequence"], len(event["data"]["stops"])) for event in told] == [(2, 1), (3, 2)]


def test_a_car_that_is_full_takes_nobody_more_and_keeps_nothing(southwark: Hall, nowhere: UUID) -> None:
    arrange(southwark, nowhere, southwark.family(), seats=3)
    with pytest.raises(NoSeatsLeft):
        arrange(southwark, nowhere, southwark.family())
    (run,) = southwark.ask(contract.LIST_RUNS, on=FIRST)["items"]
    assert (len(run["stops"]), run["version"]) == (1, 2)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"driver_name": None}, "driver_name"), ({"pick_up_at": time(10, 30)}, "pick_up_at"), ({"people": 0}, "people"),
        ({"seats": 61}, "seats"), ({"seats": 2, "child_seats": 5}, "child_seats"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_leaves_no_run(southwark: Hall, nowhere: UUID, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as fault:
        arrange(southwark, nowhere, southwark.family(), **changed)
    assert list(fault.value.faults) == [field]
    assert southwark.ask(contract.LIST_RUNS, on=FIRST)["items"] == []


def test_a_run_is_completed_with_an_outcome_for_every_stop(southwark: Hall, nowhere: UUID) -> None:
    family = southwark.family()
    run = complete(southwark, arrange(southwark, nowhere, family), "not_in")
    assert (run["status"], run["completed_at"]) == ("completed", moment(FIRST))
    assert [stop["state"] for stop in run["stops"]] == ["not_in"]
    with pytest.raises(InvalidTransition):
        complete(southwark, run)
    with pytest.raises(InvalidTransition):
        arrange(southwark, nowhere, southwark.family())


def test_a_run_with_a_stop_without_an_outcome_is_not_done_and_says_whose(southwark: Hall, nowhere: UUID) -> None:
    family = southwark.family()
    run = arrange(southwark, nowhere, family)
    with pytest.raises(CollectionIncomplete) as fault:
        complete(southwark, {**run, "stops": []})
    assert fault.value.facts["families"] == [{"family_id": str(family["family_id"]), "name": family["name"]}]


def test_a_run_that_changed_meanwhile_is_not_completed_unseen(southwark: Hall, nowhere: UUID) -> None:
    run = arrange(southwark, nowhere, southwark.family())
    arrange(southwark, nowhere, southwark.family())
    with pytest.raises(Stale) as fault:
        complete(southwark, run)
    assert (fault.value.facts["yours"]["version"], fault.value.facts["theirs"]["version"]) == (2, 3)


def test_a_run_is_not_done_before_its_day(southwark: Hall, nowhere: UUID) -> None:
    run = arrange(southwark, nowhere, southwark.family())
    with pytest.raises(InvalidTransition):
        complete(southwark.on(FIRST - timedelta(days=1)), run)


def test_a_repeated_request_completes_once(southwark: Hall, nowhere: UUID) -> None:
    run, key = arrange(southwark, nowhere, southwark.family()), uuid4().hex
    assert complete(southwark, run, key=key) == complete(southwark, run, key=key)
    told = [event["type"] for event in southwark.desk.told("outreach", southwark.borough_id)]
    assert told.count("outreach.run.completed") == 1


def test_runs_are_listed_by_day_in_the_order_of_their_sessions(southwark: Hall) -> None:
    late = arrange(southwark, uuid4(), southwark.family(), session_starts_at=moment(FIRST, 13, 30), pick_up_at=time(13))
    early = arrange(southwark, uuid4(), southwark.family())
    arrange(southwark.week(2), uuid4(), southwark.family())
    first = southwark.ask(contract.LIST_RUNS, limit=1)
    rest = southwark.ask(contract.LIST_RUNS, limit=1, after=first["next"])
    assert [run["id"] for run in (*first["items"], *rest["items"])] == [early["id"], late["id"]]
    assert rest["next"] is None


def test_the_story_tells_of_the_collection(southwark: Hall, nowhere: UUID) -> None:
    family = southwark.family()
    run = arrange(southwark, nowhere, family)
    complete(southwark, run)
    entries = southwark.ask(contract.OUTREACH_STORY, family_id=family["family_id"])["entries"]
    assert {entry["kind"] for entry in entries} == {"collection.arranged", "collection.done"}
    (done,) = [entry for entry in entries if entry["kind"] == "collection.done"]
    assert (done["facts"]["outcome"], done["facts"]["group_name"]) == ("collected", "Peckham Tuesday")


def test_another_boroughs_run_and_family_are_not_found(southwark: Hall, lambeth: Hall, nowhere: UUID) -> None:
    family = southwark.family()
    run = arrange(southwark, nowhere, family)
    with pytest.raises(NotFound):
        complete(lambeth, run)
    with pytest.raises(NotFound):
        arrange(lambeth, nowhere, family)
    assert lambeth.ask(contract.LIST_RUNS, on=FIRST)["items"] == []


def test_two_boroughs_may_name_the_same_session_and_never_meet(southwark: Hall, lambeth: Hall, nowhere: UUID) -> None:
    ours, theirs = arrange(southwark, nowhere, southwark.family()), arrange(lambeth, nowhere, lambeth.family())
    assert ours["id"] != theirs["id"]
    assert len(southwark.ask(contract.LIST_RUNS, on=FIRST)["items"][0]["stops"]) == 1


def test_who_may_read_may_not_arrange(southwark: Hall, nowhere: UUID) -> None:
    family, reader = southwark.family(), southwark.person("Ruth Osei", frozenset({"outreach.read"}))
    southwark.ask(contract.LIST_RUNS, by=reader)
    with pytest.raises(Forbidden):
        southwark.ask(
            contract.ARRANGE_COLLECTION, by=reader, session_id=nowhere, session_starts_at=moment(FIRST, 10), group_name="Peckham Tuesday",
            family_id=family["family_id"], pick_up_at=time(9, 35), driver_name="Sam Okoro",
        )  # fmt: skip
