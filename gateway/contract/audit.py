"""The audit trail as the gateway offers it: its own entries like every service's, and the note of an export."""

from chassis.auditing import audit_operations
from chassis.auditing.contract import READ, READ_FAMILY, AuditRequest, FamilyAuditRequest
from chassis.contract import Operation
from chassis.schemas import Nothing, whole


class AuditExportRequest(AuditRequest):
    """Which entries were handed over in a file, and how many."""

    count = whole("How many", ge=0, le=1_000_000)


class FamilyAuditExportRequest(FamilyAuditRequest):
    """About which family a list of who read its record was handed over, and how long it was."""

    count = whole("How many", ge=0, le=1_000_000)


NOTE_AUDIT_EXPORT = Operation("gateway", "note_audit_export", READ, AuditExportRequest, Nothing)
NOTE_FAMILY_AUDIT_EXPORT = Operation("gateway", "note_family_audit_export", READ_FAMILY, FamilyAuditExportRequest, Nothing)

OPERATIONS: tuple[Operation, ...] = (*audit_operations("gateway"), NOTE_AUDIT_EXPORT, NOTE_FAMILY_AUDIT_EXPORT)
