"""How the audit trail is asked for: the same two operations at every service, each for its own entries."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from marshmallow import fields

from chassis.contract import Operation
from chassis.schemas import Contract, choice, day, identifier, many, moment, page_of, text, whole, yes_no

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {"read": "Looked at", "change": "Changed", "security": "Signing in and access"},
)
SERVICES: Final = ("referrals", "assessments", "sessions", "outreach", "gateway")
READ = "audit.read"
"""Read the borough's whole trail: who, when, what, why; of families a reference and the names of fields, never what is in them."""
READ_FAMILY = "audit.read_family"
"""Read who looked at or changed one family, with the values before and after that the reader may see anyway."""


class _Page(Contract):
    """Which page: a file takes larger ones than a screen."""

    after = text("Cursor", required=False, max_length=500)
    limit = whole("How many", ge=1, le=500, required=False, load_default=25, allow_none=False)


class AuditRequest(_Page):
    """Which entries, newest first."""

    person_id = identifier("Person", required=False)
    family_id = identifier("Family", required=False)
    subject_id = identifier("Thing", required=False)
    operation = text("What was done", required=False, max_length=100, widget="select")
    kind = choice("Reads or changes", KINDS, required=False)
    since = day("From", required=False)
    until = day("To", required=False)
    reason = text("Words in the reason", required=False, max_length=100)


class FamilyAuditRequest(_Page):
    """Which entries about one family, newest first."""

    family_id = identifier("Family")
    kind = choice("Reads or changes", KINDS, required=False)


class AuditChange(Contract):
    """What changed in one row; before and after are there for whoever may see what is in it."""

    table = text("Kind of record")
    id = identifier("Which", required=False)
    columns = fields.List(fields.String(), required=True, metadata={"label": "Fields"})
    rows = whole("How many at once", ge=-1, le=2**31 - 1, required=False)
    before = fields.Dict(keys=fields.String(), allow_none=True, load_default=None, metadata={"label": "Before"})
    after = fields.Dict(keys=fields.String(), allow_none=True, load_default=None, metadata={"label": "After"})
    shown = yes_no("Whether what is in it is shown")


class AuditEntry(Contract):
    """Who, acting as what, when, from where, read or changed what, of which family, and why."""

    id = identifier()
    service = text("Service")
    number = whole("Number in the borough's chain", ge=1, le=2**53)
    at = moment("When")
    person_id = identifier("Person")
    person_name = text("Who")
    agency = text("Agency", required=False)
    roles = fields.List(fields.String(), required=True, metadata={"label": "Acting as"})
    address = text("From where", required=False)
    operation = text("What was done")
    kind = choice("Read or change", KINDS)
    family_id = identifier("Family", required=False)
    subject_id = identifier("Thing", required=False)
    correlation_id = text("Request", hint="Entries of one request have the same, in every service.")
    facts = fields.Dict(keys=fields.String(), required=True, metadata={"label": "Facts"})
    reason = text("Why", required=False, max_length=10_000)
    reason_hidden = yes_no("A reason was given that is not shown here")
    asked = fields.Dict(keys=fields.String(), allow_none=True, load_default=None, metadata={"label": "Words searched for"})
    asked_hidden = yes_no("Words were searched for that are not shown here")
    changes = many(AuditChange, "Changes", at_most=10_000)
    erased = yes_no("Reason and values were erased")


PageOfEntries = page_of(AuditEntry)
READ_AUDIT: Final[Mapping[str, Operation]] = MappingProxyType(
    {service: Operation(service, "read_audit", READ, AuditRequest, PageOfEntries) for service in SERVICES}
)
READ_FAMILY_AUDIT: Final[Mapping[str, Operation]] = MappingProxyType(
    {service: Operation(service, "read_family_audit", READ_FAMILY, FamilyAuditRequest, PageOfEntries) for service in SERVICES}
)


def audit_operations(service: str) -> tuple[Operation, ...]:
    """Return the operations of ``service`` that its contract lists among its own."""
    return (READ_AUDIT[service], READ_FAMILY_AUDIT[service])
