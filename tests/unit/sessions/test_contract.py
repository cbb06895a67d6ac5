"""The contract of sessions: every field has its words, every operation its entrypoint, every event only what may travel."""

from typing import Any
from uuid import uuid4

import pytest
from marshmallow import fields

from chassis.contract import EventType, Operation
from chassis.errors import from_wire
from gateway.access.roles import ALLOWED
from services.sessions import contract
from services.sessions.contract import codes, errors
from services.sessions.service import SessionsService
from tests.support.contracts import entrypoints, leaves, unknown_is_refused

OPERATIONS = pytest.mark.parametrize("operation", contract.OPERATIONS, ids=lambda operation: operation.name)
EVENTS = pytest.mark.parametrize("event", contract.EVENTS, ids=lambda event: event.name)
READING = {
    "list_venues", "list_groups", "get_group", "sessions_on", "open_registers", "list_places", "family_attendance", "get_register",
    "everything_held", "read_audit", "read_family_audit",
}  # fmt: skip


def test_every_operation_has_its_entrypoint_and_every_entrypoint_its_operation() -> None:
    assert entrypoints(SessionsService) == {operation.name for operation in contract.OPERATIONS}


def test_names_are_unique() -> None:
    assert len({operation.full_name for operation in contract.OPERATIONS}) == len(contract.OPERATIONS)
    assert len({event.name for event in contract.EVENTS}) == len(contract.EVENTS)


@OPERATIONS
def test_what_changes_needs_a_key_and_what_reads_does_not(operation: Operation) -> None:
    assert operation.changes == (operation.name not in READING)


@OPERATIONS
def test_somebody_may_do_it_and_administrators_meet_no_family(operation: Operation) -> None:
    assert any(operation.permission in allowed for allowed in ALLOWED.values())
    if operation.permission in ALLOWED["administrator"]:
        assert operation.permission in {"groups.read", "groups.manage", "audit.read"}


@OPERATIONS
def test_an_unknown_field_is_refused(operation: Operation) -> None:
    assert unknown_is_refused(operation.request)


@OPERATIONS
def test_every_field_that_a_person_fills_in_has_a_label(operation: Operation) -> None:
    for name, field in leaves(operation.request):
        assert field.metadata.get("label"), f"{operation.name}: {name}"


@OPERATIONS
def test_every_field_that_a_person_reads_has_a_label(operation: Operation) -> None:
    for name, field in leaves(operation.reply):
        bare = name in {"items", "next", "total", "people", "facts"}
        assert bare or field.metadata.get("label"), f"{operation.name}: {name}"


@OPERATIONS
def test_a_change_of_something_that_is_there_says_on_which_version(operation: Operation) -> None:
    about = set(operation.request().fields)
    if operation.changes and about & {"place_id", "session_id"}:
        assert "version" in about


@EVENTS
def test_an_event_is_named_by_its_service_and_carries_no_name_and_no_reason(event: EventType) -> None:
    assert event.service == "sessions"
    for name, field in leaves(event.schema):
        assert not field.metadata.get("sensitivity"), f"{event.name}: {name}"
        assert name not in {"family_name", "reason", "people", "marked_by"}


@pytest.mark.parametrize(
    "error",
    [
        errors.RegisterIncomplete(families=[{"family_id": str(uuid4()), "name": "Luz Castillo and Mateo"}]),
        errors.SessionNotYet(on="2025-03-04"),
        errors.GroupFull(capacity=8, taken=8),
        errors.RegisterAlreadyClosed(last_closed="2025-03-04"),
    ],
)
def test_every_error_crosses_as_it_is_and_says_what_to_do(error: Any) -> None:
    crossed = from_wire(error.to_wire())
    assert type(crossed) is type(error)
    assert (crossed.message, crossed.facts, crossed.status) == (error.message, error.facts, 409)
    assert crossed.message.endswith(".")
    assert len(crossed.message) > 20


def test_every_mark_has_its_code_of_the_nhs_data_dictionary() -> None:
    assert set(codes.ATTENDANCE_CODES) == set(codes.MARKS)
    assert {codes.ATTENDANCE_CODES[mark] for mark in ("here", "late")} == {"5", "6"}
    assert set(codes.ATTENDANCE_CODES.values()) <= {"2", "3", "4", "5", "6"}


@pytest.mark.parametrize(
    "words",
    [
        codes.MARKS,
        codes.PLACE_STATUSES,
        codes.SESSION_STATUSES,
        codes.ENGAGEMENT,
        codes.COLLECTION_STATES,
        codes.STORY_KINDS,
        codes.REOPENED_BECAUSE,
    ],
)
def test_every_code_has_words_that_a_person_would_use(words: dict[str, str]) -> None:
    for code, word in words.items():
        assert word[0].isupper()
        assert code == code.lower()
        for clinical in ("therapy", "DNA", "patient", "mother", "discharge"):
            assert clinical not in word


def test_choices_show_the_words_and_store_the_codes() -> None:
    mark = contract.RECORD_REGISTER.request().fields["marks"]
    assert isinstance(mark, fields.List)
    assert isinstance(mark.inner, fields.Nested)
    assert mark.inner.schema.fields["mark"].metadata["choices"] == codes.MARKS
    assert contract.ADD_GROUP.request().fields["weekday"].metadata["choices"]["1"] == "Tuesday"
