"""Restricted families in joint assessments: in no list and no count, and nothing of them is found by others."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg2
import pytest

from chassis import clock
from chassis.caller import Caller
from chassis.contract import Operation
from chassis.errors import NotFound, Restricted
from services.assessments import contract
from services.assessments.repository import Work
from services.referrals import contract as referrals
from tests import factories
from tests.support.desk import Desk, until
from tests.support.plans import plans

TABLES = ("families", "assessments", "visits", "assessment_versions", "signatures")
REASON = "She is in A&E and asks for us"
Open = Callable[..., dict[str, Any]]


def sees(desk: Desk, caller: Caller, assessment: dict[str, Any]) -> bool:
    try:
        desk.ask(contract.GET_ASSESSMENT, caller, assessment_id=assessment["id"])
    except NotFound:
        return False
    return True


@pytest.fixture
def hidden(both: Desk, ruth: Caller, paul: Caller, written: Open) -> dict[str, Any]:
    """A written and once signed assessment of a family that only Ruth may see; assessments has heard of it."""
    assessment = written()
    both.ask(contract.SIGN, paul, assessment_id=assessment["id"], version=assessment["version"])
    both.ask(referrals.RESTRICT_FAMILY, ruth, family_id=assessment["family_id"], reason="staff_member", people=[])
    until(lambda: not sees(both, paul, assessment))
    return assessment


def test_it_is_in_no_list_and_no_count_of_others(both: Desk, ruth: Caller, paul: Caller, hidden: dict[str, Any]) -> None:
    listed = both.ask(contract.LIST_ASSESSMENTS, paul)
    assert (listed["items"], listed["total"]) == ([], 0)
    assert both.ask(contract.LIST_ASSESSMENTS, ruth)["total"] == 1
    waiting = both.ask(contract.ASSESSMENTS_WAITING, paul)
    assert (waiting["to_write"], waiting["to_sign"], waiting["to_sign_items"], waiting["visits"]) == (0, 0, [], [])
    assert both.ask(contract.ASSESSMENTS_WAITING, ruth)["to_write"] == 1


def test_nothing_of_it_can_be_read_or_done_by_others(both: Desk, paul: Caller, hidden: dict[str, Any]) -> None:
    identity = {"assessment_id": hidden["id"]}
    refused: list[tuple[Operation, dict[str, Any]]] = [
        (contract.GET_ASSESSMENT, {}),
        (contract.ASSESSMENT_CHANGES, {"earlier": 1, "later": 2}),
        (contract.EDIT, {"version": hidden["version"], **factories.halves_details()}),
        (contract.SIGN, {"version": hidden["version"]}),
        (contract.DISAGREE, {"version": hidden["version"], "reason": "The child's half is not what I saw"}),
        (contract.ARRANGE_VISIT, {"starts_at": clock.now(), "minutes": 60, "assessors": factories.assessors()}),
    ]
    for operation, values in refused:
        with pytest.raises(NotFound) as error:
            both.ask(operation, paul, **identity, **values)
        assert error.value.to_wire() == NotFound().to_wire()


def test_its_story_is_refused_to_others_with_the_way_to_open_it(both: Desk, paul: Caller, ruth: Caller, hidden: dict[str, Any]) -> None:
    with pytest.raises(Restricted):
        both.ask(contract.ASSESSMENT_STORY, paul, family_id=hidden["family_id"])
    with pytest.raises(NotFound):
        reader = replace(paul, permissions=paul.permissions - {"families.break_glass"})
        both.ask(contract.ASSESSMENT_STORY, reader, family_id=hidden["family_id"])
    assert both.ask(contract.ASSESSMENT_STORY, ruth, family_id=hidden["family_id"])["entries"]


def test_who_breaks_the_glass_sees_it_here_too_in_a_moment(both: Desk, paul: Caller, hidden: dict[str, Any]) -> None:
    both.ask(referrals.BREAK_GLASS, paul, family_id=hidden["family_id"], reason=REASON)
    until(lambda: sees(both, paul, hidden))
    assert both.ask(contract.ASSESSMENT_CHANGES, paul, assessment_id=hidden["id"], earlier=1, later=2)["changes"]


def test_lifted_everybody_sees_it_again(both: Desk, ruth: Caller, paul: Caller, hidden: dict[str, Any]) -> None:
    both.ask(referrals.LIFT_RESTRICTION, ruth, family_id=hidden["family_id"], version=1, reason="It is over")
    until(lambda: sees(both, paul, hidden))


def test_raw_sql_of_the_services_role_shows_nothing_of_it(
    both: Desk, southwark: UUID, ruth: Caller, paul: Caller, hidden: dict[str, Any]
) -> None:
    with psycopg2.connect(both.installed.env["ASSESSMENTS_DATABASE_URL"]) as connection, connection.cursor() as cursor:
        for reader, seen in ((paul.person_id, False), ("", False), (ruth.person_id, True), ("service", True)):
            settings = (str(southwark), str(reader))
            cursor.execute("SELECT set_config('app.borough_id', %s, true), set_config('app.person_id', %s, true)", settings)
            for table in TABLES:
                cursor.execute(f"SELECT count(*) > 0 FROM {table}")
                assert cursor.fetchone() == (seen,), table


def test_lists_go_by_their_index_for_members_too(both: Desk, ruth: Caller, hidden: dict[str, Any]) -> None:
    free = replace(ruth, permissions=frozenset({""}))
    wanted: dict[str, Any] = {"status": ["visited"], "family_id": None, "sort": "oldest", "after": None, "limit": 25}
    for plan in plans(both.databases["assessments"], Work, free, lambda work: work.assessments.search(**wanted)):
        assert "Seq Scan on assessments" not in plan
        assert "Index Cond: (" in plan
