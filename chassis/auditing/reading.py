"""What a reader is shown of the audit trail: who, when and what always; what is in a record only to whoever may read that."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from chassis.auditing.contract import READ, READ_FAMILY
from chassis.auditing.repository import Entries
from chassis.caller import Caller
from chassis.database.base import Base, home_of, models_of
from chassis.database.paging import Page
from chassis.database.restrictions import Restrictions
from chassis.database.trail import OF_FAMILIES
from chassis.database.work import UnitOfWork

_TOLD = (
    "id", "number", "at", "person_id", "person_name", "agency", "address", "operation", "kind", "family_id", "subject_id", "correlation_id",
)  # fmt: skip
_NOT_TOLD = frozenset({"reason_is", OF_FAMILIES})
"""Facts that say how an entry is kept and shown."""
_NOTHING_MORE: Mapping[str, AbstractSet[str]] = MappingProxyType({})


def read_audit(
    work: UnitOfWork, service: str, after: str | None, limit: int, *,
    reasons_need: Mapping[str, AbstractSet[str]] = _NOTHING_MORE, **wanted: Any,
) -> Page[dict[str, Any]]:  # fmt: skip
    """Return a page of the borough's entries, newest first.

    Args:
        work: whose caller reads.
        service: whose entries they are.
        after: cursor of the page before.
        limit: entries on a page.
        reasons_need: permissions, beside `READ_FAMILY`, that a reason of a sensitivity is shown with.
        wanted: what an `AuditRequest` holds.
    """
    reader = _Reader(service, work, reasons_need)
    page = Entries(work).page(
        after, limit, hidden_reasons=reader.sees_families, untold=reader.untold, unseen=reader.hidden, **wanted
    )  # fmt: skip
    return Page([reader.told(entry) for entry in page.items], page.next)


def read_family_audit(work: UnitOfWork, service: str, after: str | None, limit: int, **wanted: Any) -> Page[dict[str, Any]]:
    """Return a page of the entries about one family, newest first; as `read_audit`.

    Raises:
        Restricted, NotFound: the family is hidden from the caller.
    """
    Restrictions(work).require(wanted["family_id"])
    work.saw(family_id=wanted["family_id"])
    return read_audit(work, service, after, limit, **wanted)


class _Reader:
    """Shows entries to one caller."""

    def __init__(self, service: str, work: UnitOfWork, reasons_need: Mapping[str, AbstractSet[str]]) -> None:
        self._service = service
        self._caller: Caller = work.caller
        self._models: Mapping[str, type[Base]] = models_of(home_of(type(work).__module__))
        self.sees_families = work.caller.may(READ_FAMILY)
        """Whether what was written about families may be shown."""
        self.untold = frozenset(kind for kind, needed in reasons_need.items() if not all(map(work.caller.may, needed)))
        """Sensitivities of reasons that need more than that."""
        self.hidden: frozenset[UUID] = Restrictions(work).hidden if self.sees_families else frozenset()
        """Families that are restricted to others, and of whom it may not."""

    def told(self, entry: Row[Any]) -> dict[str, Any]:
        """Return an entry as the caller may see it."""
        families = _families_of(entry)
        sees = self.sees_families and not families & self.hidden
        reason_is = entry.facts.get("reason_is")
        hides_reason = bool(entry.reason and reason_is) and (not sees or reason_is in self.untold)
        asked = next((change["asked"] for change in entry.changes or [] if "asked" in change), None)
        shows_asked = sees or self._service == "gateway"  # which holds nothing of families
        return {
            **{name: getattr(entry, name) for name in _TOLD},
            "service": self._service,
            "roles": entry.roles.split(),
            "facts": {name: value for name, value in entry.facts.items() if name not in _NOT_TOLD},
            "reason": None if hides_reason else entry.reason,
            "reason_hidden": hides_reason,
            "asked": asked if shows_asked else None,
            "asked_hidden": asked is not None and not shows_asked,
            "changes": [self._change(change, families) for change in entry.changes or [] if "asked" not in change],
            "erased": entry.details_digest is not None and entry.changes is None and entry.reason is None,
        }

    def _change(self, change: Mapping[str, Any], families: AbstractSet[UUID]) -> dict[str, Any]:
        before, after = change.get("before"), change.get("after")
        model = self._models.get(change["table"])
        needed = {READ} if self._service == "gateway" else (model or Base).values_need
        shown = not families & self.hidden and all(self._caller.may(permission) for permission in needed)
        return {
            "table": change["table"],
            "id": change.get("id"),
            "rows": change.get("rows"),
            "columns": sorted({**(before or {}), **(after or {})}),
            "before": before if shown else None,
            "after": after if shown else None,
            "shown": shown,
        }


def _families_of(entry: Row[Any]) -> AbstractSet[UUID]:
    """Return the families that an entry is about, or is tied to."""
    return {UUID(str(family)) for family in (entry.family_id, *entry.facts.get(OF_FAMILIES, ())) if family}
