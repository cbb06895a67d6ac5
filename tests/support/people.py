"""Callers for tests: members of made-up boroughs."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from chassis.caller import Caller
from chassis.database import Database, open_work
from tests.support.sample_service.repository import Work


def member(*permissions: str, borough_id: UUID | None = None, **values: Any) -> Caller:
    """Return a member of a borough (a new one unless named) who holds ``permissions``, for five minutes."""
    told: dict[str, Any] = {
        "borough_id": borough_id or uuid4(),
        "person_id": uuid4(),
        "person_name": "Grace Adeyemi",
        "member_id": uuid4(),
        "agency_id": uuid4(),
        "agency_name": "Southwark CAMHS",
        "agency_kind": "camhs",
        "permissions": frozenset(permissions),
        "expires_at": datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=5),
    }
    return Caller(**told | values)


def note_keeper(**values: Any) -> Caller:
    """Return a member who may read and write notes."""
    return member("sample.read", "sample.write", **values)


def working(
    database: Database, caller: Caller, permission: str = "sample.write", operation: str = "sample.test"
) -> AbstractContextManager[Work]:
    """Open a unit of work on notes."""
    return open_work(Work, database, caller, permission, operation=operation)
