"""Restricted families in outreach: cases and contacts are for named people; a run counts every stop and hides whose it is."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import psycopg2
import pytest

from chassis.contract import Operation
from chassis.errors import NotFound, Restricted
from services.outreach import contract
from services.outreach.contract import CollectionIncomplete, NoSeatsLeft
from services.outreach.repository import Work
from tests.support.hall import FACILITATOR, FIRST, Hall, moment
from tests.support.plans import plans

NAMED, OTHER = "Amina Khan", "Jo Marsh"
TABLES = ("families", "standings", "cases", "contacts", "steps", "stops")


@pytest.fixture
def hidden(southwark: Hall) -> dict[str, Any]:
    """A family with a case and a contact, whom only Amina may see."""
    family = southwark.family()
    southwark.accept(family)
    southwark.ask(contract.LOG_CONTACT, family_id=family["family_id"], channel="text", outcome="reached", note="Wants to come")
    southwark.restrict(family, 1, NAMED)
    return family


def arrange(hall: Hall, session_id: UUID, family: dict[str, Any], by: str = NAMED, **changed: Any) -> dict[str, Any]:
    plain = {
        "session_id": session_id, "session_starts_at": moment(hall.today, 10), "group_name": "Peckham Tuesday",
        "family_id": family["family_id"], "pick_up_at": time(9, 35), "driver_name": "Sam Okoro",
    }  # fmt: skip
    return hall.ask(contract.ARRANGE_COLLECTION, by=by, **{**plain, **changed})


def stop_of(run: dict[str, Any], family: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any]
    (found,) = [stop for stop in run["stops"] if stop["family_id"] == family["family_id"]]
    return found


def test_its_cases_are_in_no_list_and_no_count_of_others(southwark: Hall, hidden: dict[str, Any]) -> None:
    other = southwark.family()
    southwark.accept(other)
    seen = southwark.ask(contract.LIST_CASES, by=OTHER, status="open")
    assert [case["family_id"] for case in seen["items"]] == [other["family_id"]]
    assert seen["counts"]["open"] == southwark.ask(contract.OUTREACH_SUMMARY, by=OTHER)["open"] == 1
    assert southwark.ask(contract.LIST_CASES, by=OTHER, status="open", family_id=hidden["family_id"])["items"] == []
    assert southwark.ask(contract.OUTREACH_SUMMARY, by=NAMED)["open"] == 2


def test_nothing_of_it_can_be_read_or_done_by_others(southwark: Hall, hidden: dict[str, Any]) -> None:
    (case,) = southwark.cases(family_id=hidden["family_id"])
    refused: list[tuple[Operation, dict[str, Any]]] = [
        (contract.GET_CASE, {"case_id": case["id"]}),
        (contract.TAKE_CASE, {"case_id": case["id"], "version": case["version"]}),
        (contract.CLOSE_CASE, {"case_id": case["id"], "version": case["version"], "because": "no_longer_needed", "words": None}),
        (contract.LOG_CONTACT, {"case_id": case["id"], "channel": "text", "outcome": "reached"}),
        (contract.LOG_CONTACT, {"family_id": hidden["family_id"], "channel": "text", "outcome": "reached"}),
        (contract.OPEN_CASE, {"family_id": hidden["family_id"], "reason": "re_engagement", "words": "Let us try", "due_on": None}),
    ]
    for operation, values in refused:
        with pytest.raises(NotFound) as error:
            southwark.ask(operation, by=OTHER, **values)
        assert error.value.to_wire() == NotFound().to_wire()
    with pytest.raises(NotFound):
        arrange(southwark, hidden["family_id"], hidden, by=OTHER)
    assert southwark.ask(contract.GET_CASE, by=NAMED, case_id=case["id"])["version"] == case["version"]


def test_its_story_is_refused_to_others_with_the_way_to_open_it(southwark: Hall, hidden: dict[str, Any]) -> None:
    with pytest.raises(Restricted):
        southwark.ask(contract.OUTREACH_STORY, by=OTHER, family_id=hidden["family_id"])
    with pytest.raises(NotFound):
        reader = southwark.person("Reader", FACILITATOR - {"families.break_glass"})
        southwark.ask(contract.OUTREACH_STORY, by=reader, family_id=hidden["family_id"])
    assert southwark.ask(contract.OUTREACH_STORY, by=NAMED, family_id=hidden["family_id"])["entries"]


def test_who_broke_the_glass_sees_it_until_it_ends(southwark: Hall, hidden: dict[str, Any]) -> None:
    southwark.restrict(hidden, 2, NAMED, lent={OTHER: datetime.now(UTC) + timedelta(hours=4)})
    assert southwark.ask(contract.OUTREACH_STORY, by=OTHER, family_id=hidden["family_id"])["open_cases"]
    southwark.restrict(hidden, 3, NAMED, lent={OTHER: datetime.now(UTC) - timedelta(seconds=1)})
    with pytest.raises(Restricted):
        southwark.ask(contract.OUTREACH_STORY, by=OTHER, family_id=hidden["family_id"])


def test_a_run_counts_its_stop_and_shows_neither_name_nor_address(southwark: Hall, hidden: dict[str, Any], nowhere: UUID) -> None:
    other = southwark.family()
    arrange(southwark, nowhere, hidden, seats=4, child_seats=2)
    run = arrange(southwark, nowhere, other, by=OTHER)
    masked = stop_of(run, hidden)
    assert (masked["family_name"], masked["pick_up_from"], masked["restricted"], masked["people"]) == ("Restricted family", None, True, 2)
    assert stop_of(run, other)["pick_up_from"]
    assert hidden["name"] not in str(run)
    (listed,) = southwark.ask(contract.LIST_RUNS, by=OTHER, on=FIRST)["items"]
    assert stop_of(listed, hidden) == masked
    (whole,) = southwark.ask(contract.LIST_RUNS, by=NAMED, on=FIRST)["items"]
    assert (stop_of(whole, hidden)["family_name"], stop_of(whole, hidden)["restricted"]) == (hidden["name"], False)
    assert stop_of(whole, hidden)["pick_up_from"]


def test_a_car_is_as_full_for_who_can_not_see_everybody_in_it(southwark: Hall, hidden: dict[str, Any], nowhere: UUID) -> None:
    arrange(southwark, nowhere, hidden, seats=3, child_seats=2)
    with pytest.raises(NoSeatsLeft):
        arrange(southwark, nowhere, southwark.family(), by=OTHER)


def test_a_driver_who_can_not_see_who_it_is_completes_the_run_with_every_stop(
    southwark: Hall, hidden: dict[str, Any], nowhere: UUID
) -> None:
    run = arrange(southwark, nowhere, hidden)
    given: dict[str, Any] = {"by": OTHER, "run_id": run["id"], "version": run["version"]}
    with pytest.raises(CollectionIncomplete) as refused:
        southwark.ask(contract.COMPLETE_COLLECTION, **given, outcomes=[])
    assert refused.value.facts["families"] == [{"family_id": str(hidden["family_id"]), "name": "Restricted family"}]
    done = southwark.ask(contract.COMPLETE_COLLECTION, **given, outcomes=[{"family_id": hidden["family_id"], "outcome": "collected"}])
    assert (done["status"], stop_of(done, hidden)["state"], stop_of(done, hidden)["family_name"]) == (
        "completed",
        "collected",
        "Restricted family",
    )
    southwark.post.settle(southwark.borough_id)
    (told,) = [event for event in southwark.desk.told("outreach", southwark.borough_id) if event["type"] == "outreach.run.completed"]
    assert [stop["state"] for stop in told["data"]["stops"]] == ["collected"]


def test_cases_open_and_close_by_themselves_as_ever(southwark: Hall, hidden: dict[str, Any]) -> None:
    """News is handled by the service, which sees all."""
    southwark.close_assessment(hidden)
    assert southwark.cases("closed", family_id=hidden["family_id"])


def test_raw_sql_of_the_services_role_shows_nothing_of_it(southwark: Hall, hidden: dict[str, Any], nowhere: UUID) -> None:
    arrange(southwark, nowhere, hidden)
    url = southwark.desk.installed.env["OUTREACH_DATABASE_URL"]
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        for reader, seen in (
            (southwark.person(OTHER).person_id, False),
            ("", False),
            (southwark.person(NAMED).person_id, True),
            ("service", True),
        ):
            settings = (str(southwark.borough_id), str(reader))
            cursor.execute("SELECT set_config('app.borough_id', %s, true), set_config('app.person_id', %s, true)", settings)
            for table in TABLES:
                cursor.execute(f"SELECT count(*) > 0 FROM {table}")
                assert cursor.fetchone() == (seen,), table


def test_lists_go_by_their_index_for_members_too(southwark: Hall, hidden: dict[str, Any]) -> None:
    caller = southwark.person(OTHER, FACILITATOR)
    southwark.people[OTHER] = caller
    free = southwark.person("Planner", frozenset({""}))
    for plan in plans(southwark.desk.databases["outreach"], Work, free, lambda work: work.cases.listed("open", {}, None, 25)):
        assert "Seq Scan" not in plan
        assert "ix_cases_due" in plan
        assert "SubPlan" not in plan
