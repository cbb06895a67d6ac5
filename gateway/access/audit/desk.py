"""What the gateway answers of its own audit trail: people, boroughs, access. The same as every service answers of its own."""

from typing import Any
from uuid import UUID

from chassis.auditing import reading
from chassis.database import Page
from gateway.repository import Work


class AuditDesk:
    """The gateway's own entries; its methods are named as the operations are."""

    def read_audit(self, work: Work, **asked: Any) -> Page[dict[str, Any]]:
        """Return a page of the borough's entries, newest first."""
        return reading.read_audit(work, "gateway", **asked)

    def read_family_audit(self, work: Work, **asked: Any) -> Page[dict[str, Any]]:
        """Return a page of the entries about one family, newest first."""
        return reading.read_family_audit(work, "gateway", **asked)

    def note_audit_export(self, work: Work, count: int, **asked: Any) -> None:
        """Note that entries left in a file."""
        work.saw(exported=count, query=_narrowing(asked))

    def note_family_audit_export(self, work: Work, family_id: UUID, count: int, **asked: Any) -> None:
        """Note that the list of who read a family's record left in a file, or on paper."""
        work.saw(family_id=family_id, exported=count, query=_narrowing(asked))


def _narrowing(asked: dict[str, Any]) -> dict[str, Any]:
    """Return what narrowed the list down, but for words: they may name somebody."""
    return {name: value for name, value in asked.items() if value not in (None, "") and name not in {"after", "limit", "reason"}}
