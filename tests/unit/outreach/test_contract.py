"""The contract of outreach: every field has its words, every operation its entrypoint, every event only what may travel."""

from typing import Any
from uuid import uuid4

import pytest

from chassis.contract import EventType, Operation
from chassis.errors import from_wire
from gateway.access.roles import ALLOWED
from services.outreach import contract
from services.outreach.contract import codes, errors
from services.outreach.service import OutreachService
from services.referrals.contract import CHANNELS
from tests.support.contracts import entrypoints, leaves, unknown_is_refused

OPERATIONS = pytest.mark.parametrize("operation", contract.OPERATIONS, ids=lambda operation: operation.name)
EVENTS = pytest.mark.parametrize("event", contract.EVENTS, ids=lambda event: event.name)
READING = {
    "list_cases",
    "get_case",
    "outreach_story",
    "outreach_summary",
    "list_runs",
    "everything_held",
    "read_audit",
    "read_family_audit",
}


def test_every_operation_has_its_entrypoint_and_every_entrypoint_its_operation() -> None:
    assert entrypoints(OutreachService) == {operation.name for operation in contract.OPERATIONS}


def test_names_are_unique() -> None:
    assert len({operation.full_name for operation in contract.OPERATIONS}) == len(contract.OPERATIONS)
    assert len({event.name for event in contract.EVENTS}) == len(contract.EVENTS)


@OPERATIONS
def test_what_changes_needs_a_key_and_what_reads_does_not(operation: Operation) -> None:
    assert operation.changes == (operation.name not in READING)


@OPERATIONS
def test_somebody_may_do_it_but_no_administrator_and_no_referrer(operation: Operation) -> None:
    assert any(operation.permission in allowed for allowed in ALLOWED.values())
    assert operation.permission not in (ALLOWED["administrator"] | ALLOWED["referrer"]) - {"audit.read"}


@OPERATIONS
def test_an_unknown_field_is_refused(operation: Operation) -> None:
    assert unknown_is_refused(operation.request)


@OPERATIONS
def test_every_field_that_a_person_meets_has_a_label(operation: Operation) -> None:
    for schema in (operation.request, operation.reply):
        for name, field in leaves(schema):
            assert name in {"items", "next", "total", "facts"} or field.metadata.get("label"), f"{operation.name}: {name}"


@OPERATIONS
def test_a_change_of_a_case_or_a_run_says_on_which_version(operation: Operation) -> None:
    about = set(operation.request().fields)
    if operation.changes and about & {"case_id", "run_id"} and operation.name != "log_contact":
        assert "version" in about


@EVENTS
def test_an_event_is_named_by_its_service_and_carries_no_name_and_no_note(event: EventType) -> None:
    assert event.service == "outreach"
    for name, field in leaves(event.schema):
        assert not field.metadata.get("sensitivity"), f"{event.name}: {name}"
        assert name not in {"family_name", "note", "words", "pick_up_from", "driver_name"}


@pytest.mark.parametrize(
    "error",
    [
        errors.UnsafeChannel(channel="letter", safe=["text"], times="Weekdays", avoid=None),
        errors.NoSeatsLeft(seats=7, needed=9),
        errors.CollectionIncomplete(families=[{"family_id": str(uuid4()), "name": "Luz Castillo and Mateo"}]),
    ],
)
def test_every_error_crosses_as_it_is_and_says_what_to_do(error: Any) -> None:
    crossed = from_wire(error.to_wire())
    assert type(crossed) is type(error)
    assert (crossed.message, crossed.facts, crossed.status) == (error.message, error.facts, 409)


def test_a_channel_means_the_same_as_where_the_family_said_which_are_safe() -> None:
    assert set(codes.CHANNELS) == set(CHANNELS)


def test_what_a_person_may_open_and_close_is_part_of_what_there_is() -> None:
    assert codes.OPENED_BY_A_PERSON.items() <= codes.REASONS.items()
    assert codes.CLOSED_BY_A_PERSON.items() <= codes.CLOSED_BECAUSE.items()
    assert codes.STOP_OUTCOMES.items() <= codes.STOP_STATES.items()


@pytest.mark.parametrize(
    "words", [codes.REASONS, codes.STATUSES, codes.CLOSED_BECAUSE, codes.CHANNELS, codes.OUTCOMES, codes.STOP_STATES, codes.STORY_KINDS]
)
def test_every_code_has_words_that_a_person_would_use(words: dict[str, str]) -> None:
    for code, word in words.items():
        assert word[0].isupper()
        assert code == code.lower()
        for clinical in ("therapy", "DNA", "patient", "mother", "discharge"):
            assert clinical not in word


def test_sensitive_fields_are_marked_so_that_they_travel_no_further() -> None:
    fields = dict(leaves(contract.GET_CASE.reply))
    names = ("phone", "email", "address", "note", "words", "channels", "avoid")
    assert {name: fields[name].metadata.get("sensitivity") for name in names} == {
        "phone": "personal", "email": "personal", "address": "personal", "note": "internal", "words": "internal", "channels": "safety",
        "avoid": "safety",
    }  # fmt: skip
