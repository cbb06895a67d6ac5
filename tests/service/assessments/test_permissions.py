"""Every operation needs its permission; every reading and change is in the audit trail."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import eventlet
import pytest
from sqlalchemy import select

from chassis import clock
from chassis.caller import Caller
from chassis.contract import Operation
from chassis.database.tables import audit
from chassis.errors import Forbidden, NotFound, StayPlayError
from chassis.ids import new_id
from services.assessments import contract
from tests import factories
from tests.service.assessments.conftest import Open
from tests.support.desk import Desk

EVERY = [pytest.param(operation, id=operation.name) for operation in contract.OPERATIONS]


def arguments(operation: Operation) -> dict[str, Any]:
    """Return arguments that fit the operation, about things that nobody has."""
    known: dict[str, Any] = {
        "assessment_id": new_id(),
        "visit_id": new_id(),
        "family_id": new_id(),
        "version": 1,
        "earlier": 1,
        "later": 2,
        "starts_at": clock.now() + timedelta(days=1),
        "minutes": 90,
        "assessors": factories.assessors(),
        "reason": "Because",
        **factories.halves_details(),
    }
    return {name: known[name] for name in operation.request().fields if name in known}


@pytest.mark.parametrize("operation", EVERY)
def test_an_operation_is_refused_to_who_holds_every_other_permission(both: Desk, southwark: UUID, operation: Operation) -> None:
    everything = {other.permission for other in contract.OPERATIONS}
    caller = factories.caller(southwark, permissions=frozenset(everything - {operation.permission}))
    with pytest.raises(Forbidden) as refused:
        both.ask(operation, caller, **arguments(operation))
    assert refused.value.facts == {"permission": operation.permission}


@pytest.mark.parametrize("operation", [each for each in contract.OPERATIONS if each.changes], ids=lambda operation: operation.name)
def test_a_change_of_what_nobody_has_is_not_found(both: Desk, ruth: Caller, operation: Operation) -> None:
    with pytest.raises(NotFound):
        both.ask(operation, ruth, **arguments(operation))


def entries(desk: Desk, borough_id: UUID, person: Caller) -> list[tuple[str, str, UUID | None]]:
    with desk.work("assessments", borough_id) as work:
        mine = select(audit).where(audit.c.borough_id == borough_id, audit.c.person_id == person.person_id).order_by(audit.c.id)
        return [(entry.operation, entry.kind, entry.family_id) for entry in work.session.execute(mine)]


def test_who_read_and_who_signed_is_in_the_audit_trail(both: Desk, written: Open, ruth: Caller, southwark: UUID) -> None:
    assessment = written()
    reader = replace(ruth, person_id=new_id(), person_name="Ada Nwosu")
    family_id = assessment["family_id"]
    both.ask(contract.GET_ASSESSMENT, reader, assessment_id=assessment["id"])
    both.ask(contract.ASSESSMENT_STORY, reader, family_id=family_id)
    both.ask(contract.SIGN, reader, assessment_id=assessment["id"], version=2)
    assert entries(both, southwark, reader) == [
        ("assessments.get_assessment", "read", family_id),
        ("assessments.assessment_story", "read", family_id),
        ("assessments.sign", "change", family_id),
    ]


def test_what_was_refused_changed_nothing_and_is_no_change_in_the_trail(both: Desk, written: Open, ruth: Caller, southwark: UUID) -> None:
    assessment = written()
    colleague = replace(ruth, person_id=new_id(), person_name="Ada Nwosu")
    both.ask(contract.SIGN, ruth, assessment_id=assessment["id"], version=2)
    with pytest.raises(contract.TwoAgenciesNeeded):
        both.ask(contract.SIGN, colleague, assessment_id=assessment["id"], version=2)
    assert entries(both, southwark, colleague) == []


def test_of_two_who_save_at_once_one_is_told(both: Desk, written: Open, ruth: Caller, paul: Caller) -> None:
    assessment, outcomes = written(), []

    def save(by: Caller) -> None:
        record = factories.halves_details(shared=f"{by.person_name}'s words")
        try:
            outcomes.append(both.ask(contract.EDIT, by, assessment_id=assessment["id"], version=2, **record)["edited_by"])
        except StayPlayError as refused:
            outcomes.append(refused.code)

    for thread in [eventlet.spawn(save, by) for by in (ruth, paul)]:
        thread.wait()
    read = both.ask(contract.GET_ASSESSMENT, ruth, assessment_id=assessment["id"])
    assert read["version"] == 3
    assert sorted(outcomes) == sorted(["stale", read["edited_by"]])
    assert read["shared"] == f"{read['edited_by']}'s words"


def test_a_signature_and_an_edit_at_once_never_agree_on_two_versions(both: Desk, written: Open, ruth: Caller, paul: Caller) -> None:
    assessment = written()
    both.ask(contract.SIGN, ruth, assessment_id=assessment["id"], version=2)

    def attempt(operation: Operation, by: Caller, **values: Any) -> str:
        try:
            return str(both.ask(operation, by, assessment_id=assessment["id"], version=2, **values)["status"])
        except StayPlayError as refused:
            return refused.code

    other = factories.halves_details(shared="They laugh together now.")
    threads = [eventlet.spawn(attempt, contract.SIGN, paul), eventlet.spawn(attempt, contract.EDIT, ruth, **other)]
    outcomes = [thread.wait() for thread in threads]
    read = both.ask(contract.GET_ASSESSMENT, ruth, assessment_id=assessment["id"])
    if read["status"] == "agreed":
        assert (outcomes, read["version"], len(read["signed_by"])) == (["agreed", "invalid_transition"], 2, 2)
    else:
        assert (outcomes, read["version"], read["signed_by"]) == (["stale", "visited"], 3, [])
