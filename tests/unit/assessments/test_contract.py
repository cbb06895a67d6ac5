"""What may be sent to assessments, and what is refused with words a person can act on."""

from datetime import timedelta
from typing import Any

import pytest
from marshmallow import Schema, ValidationError, fields

from chassis import clock
from chassis.contract import EventType, Operation
from chassis.errors import from_wire
from chassis.ids import new_id
from services.assessments import contract
from tests import factories

CLINICAL_FIELDS = {
    contract.Halves: {"parent_side", "child_side", "shared"},
    contract.Decision: {"reason"},
    contract.DisagreeRequest: {"reason"},
    contract.Disagreement: {"reason"},
    contract.Change: {"before", "after"},
}


def faults_of(schema: type[Schema], body: dict[str, Any]) -> dict[str, Any]:
    with pytest.raises(ValidationError) as refused:
        schema().load(body)
    faults: dict[str, Any] = refused.value.messages_dict
    return faults


def visit(**changed: Any) -> dict[str, Any]:
    values = {"assessment_id": new_id(), "starts_at": clock.now() + timedelta(days=3), "minutes": 90, "assessors": factories.assessors()}
    return {**factories.as_json(contract.ArrangeVisitRequest, values), **changed}


def record(**changed: Any) -> dict[str, Any]:
    values = {"assessment_id": new_id(), "version": 1, **factories.halves_details()}
    return {**factories.as_json(contract.EditRequest, values), **changed}


def decision(**changed: Any) -> dict[str, Any]:
    return {**factories.as_json(contract.Decision, factories.decision_details()), **changed}


def test_a_believable_visit_is_let_through() -> None:
    loaded = contract.ArrangeVisitRequest().load(visit())
    assert loaded["assessors"][0]["agency_kind"] == "camhs"
    assert loaded["starts_at"].tzinfo is not None


def test_a_visit_takes_ninety_minutes_unless_told_otherwise() -> None:
    body = visit()
    del body["minutes"]
    assert contract.ArrangeVisitRequest().load(body)["minutes"] == 90


@pytest.mark.parametrize(
    "starts_at", ["2026-11-24", "2026-11-24T10:00:00", "tomorrow", "1066-10-14T09:00:00+00:00", "2999-01-01T00:00:00Z", 5]
)
def test_a_visit_starts_at_a_moment_that_can_be(starts_at: Any) -> None:
    assert list(faults_of(contract.ArrangeVisitRequest, visit(starts_at=starts_at))) == ["starts_at"]


@pytest.mark.parametrize("minutes", [0, 14, 481, -90, 90.5, "long", True])
def test_a_visit_takes_a_quarter_of_an_hour_to_eight_hours(minutes: Any) -> None:
    assert list(faults_of(contract.ArrangeVisitRequest, visit(minutes=minutes))) == ["minutes"]


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_visit_has_two_assessors(number: int) -> None:
    assessor = visit()["assessors"][0]
    assert "Who visits: give 2." in str(faults_of(contract.ArrangeVisitRequest, visit(assessors=[assessor] * number))["assessors"])


@pytest.mark.parametrize("field", ["person_id", "name", "agency_id", "agency_name", "agency_kind"])
def test_an_assessor_is_described_whole(field: str) -> None:
    assessors = visit()["assessors"]
    del assessors[1][field]
    assert faults_of(contract.ArrangeVisitRequest, visit(assessors=assessors))["assessors"][1].keys() == {field}


def test_a_record_may_be_empty() -> None:
    loaded = contract.EditRequest().load({"assessment_id": str(new_id()), "version": 3})
    assert {half: loaded[half] for half in contract.Halves().fields} == dict.fromkeys(contract.Halves().fields)


@pytest.mark.parametrize("half", ["parent_side", "child_side", "shared"])
def test_a_half_holds_twenty_thousand_characters(half: str) -> None:
    assert len(contract.EditRequest().load(record(**{half: "é" * 20_000}))[half]) == 20_000
    assert "20000 characters or fewer" in str(faults_of(contract.EditRequest, record(**{half: "é" * 20_001}))[half])


@pytest.mark.parametrize("version", [0, -1, "two", None, 2**31, 1.5])
def test_a_version_is_a_number_from_one(version: Any) -> None:
    assert list(faults_of(contract.EditRequest, record(version=version))) == ["version"]


@pytest.mark.parametrize(
    ("changed", "field"), [({"outcome": "maybe"}, "outcome"), ({"reason": ""}, "reason"), ({"group_id": "Peckham"}, "group_id")]
)
def test_a_decision_that_can_not_be_is_refused(changed: dict[str, Any], field: str) -> None:
    assert list(faults_of(contract.EditRequest, record(decision=decision(**changed)))["decision"]) == [field]


def test_an_unknown_field_is_refused_wherever_it_lies() -> None:
    assert faults_of(contract.EditRequest, record(mood=3)) == {"mood": ["Unknown field."]}
    assert faults_of(contract.EditRequest, record(decision=decision(mood=3))) == {"decision": {"mood": ["Unknown field."]}}


def test_a_disagreement_says_why() -> None:
    body = {"assessment_id": str(new_id()), "version": 2, "reason": "   "}
    assert list(faults_of(contract.DisagreeRequest, body)) == ["reason"]


@pytest.mark.parametrize(("schema", "named"), CLINICAL_FIELDS.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_what_is_clinical_is_marked_so(schema: type[Schema], named: set[str]) -> None:
    marked = {name for name, field in schema().fields.items() if field.metadata.get("sensitivity") == "clinical"}
    assert marked == named


def inside(schema: Schema) -> list[tuple[str, fields.Field[Any]]]:
    """Return every field of a schema and of those within it."""
    found = list(schema.fields.items())
    for field in schema.fields.values():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            found += inside(inner.schema)
    return found


@pytest.mark.parametrize("event", contract.EVENTS, ids=lambda event: event.name)
def test_no_event_carries_a_clinical_field(event: EventType) -> None:
    assert [name for name, field in inside(event.schema()) if field.metadata.get("sensitivity") == "clinical"] == []


@pytest.mark.parametrize("event", contract.EVENTS, ids=lambda event: event.name)
def test_an_event_is_named_after_its_service_and_what_happened(event: EventType) -> None:
    service, subject, happened = event.name.split(".")
    assert (service, subject in {"assessment", "visit", "erasure"}, happened.isalpha()) == ("assessments", True, True)


@pytest.mark.parametrize("operation", contract.OPERATIONS, ids=lambda operation: operation.name)
def test_every_field_that_a_person_fills_in_has_a_label(operation: Operation) -> None:
    assert [name for name, field in inside(operation.request()) if not field.metadata.get("label")] == []


@pytest.mark.parametrize("operation", contract.OPERATIONS, ids=lambda operation: operation.name)
def test_reading_needs_no_key_and_changing_does(operation: Operation) -> None:
    reads = operation.permission in {"assessments.read", "families.read", "audit.read", "audit.read_family", "records.manage"}
    assert operation.changes is not reads


def test_the_story_is_the_only_thing_that_reading_families_opens() -> None:
    opened = [operation.name for operation in contract.OPERATIONS if operation.permission == "families.read"]
    assert opened == ["assessment_story"]


@pytest.mark.parametrize("error", [contract.TwoAgenciesNeeded, contract.DecisionNeeded, contract.VisitNeeded, contract.AlreadySigned])
def test_each_error_crosses_and_says_what_to_do(error: Any) -> None:
    crossed = from_wire(error().to_wire())
    assert type(crossed) is error
    assert (crossed.status, crossed.message.endswith(".")) == (409, True)
