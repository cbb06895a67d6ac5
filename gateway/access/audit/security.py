"""Signing in and access, in the audit trail of every borough that the person belongs to.

A sign-in belongs to a person and to no borough, and its tables to another role (docs/decisions/0014), so an entry can't be
written in its transaction. It is noted in memory and written within a second or two: nothing in the time that an answer
takes tells whether an account exists. What is lost when a process dies in that second is in the log all the same.
"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

import structlog
from flask import current_app, has_app_context, has_request_context, request

from chassis import context
from chassis.caller import Caller
from chassis.database import Database, open_work
from chassis.errors import Unavailable
from gateway.people.models import real_now
from gateway.people.repository import Identity
from gateway.repository import Work

log = structlog.get_logger(__name__)

EXTENSION: Final = "stayplay.security"
MOST_WAITING: Final = 10_000
_PERMISSION: Final = "security.note"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that somebody did, or tried, about their own access."""

    person_id: UUID
    operation: str
    at: datetime
    address: str
    correlation_id: str
    facts: dict[str, Any]


_waiting: "WeakKeyDictionary[Database, deque[Note]]" = WeakKeyDictionary()


class SecurityNotes:
    """The notes of one process; all of one database share them, the application that takes them and the timer that writes them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._identity = Identity(database)
        self._notes = _waiting.setdefault(database, deque(maxlen=MOST_WAITING))

    def add(self, note: Note) -> None:
        """Keep a note until it is written; past `MOST_WAITING`, the oldest goes."""
        self._notes.append(note)

    def write(self) -> int:
        """Write every note that waits into the trails of the person's boroughs; return how many there were."""
        written = 0
        while self._notes:
            note = self._notes.popleft()
            try:
                self._write(note)
            except Unavailable:
                self._notes.appendleft(note)
                break
            written += 1
        return written

    def _write(self, note: Note) -> None:
        person = self._identity.person_by_id(note.person_id)
        for borough in self._identity.boroughs_of(note.person_id) if person else ():
            caller = Caller(
                borough_id=borough.borough_id,
                person_id=note.person_id,
                person_name=person.name if person else "",
                member_id=note.person_id,
                permissions=frozenset({_PERMISSION}),
                roles=tuple(borough.roles),
                address=note.address,
            )
            with context.changed(correlation_id=note.correlation_id), self._open(caller, note.operation) as work:
                work.now = note.at
                work.note_security()
                work.saw(**note.facts)

    def _open(self, caller: Caller, operation: str) -> Any:
        return open_work(Work, self._database, caller, _PERMISSION, operation=operation)


def note(person_id: UUID, what: str, **facts: Any) -> None:
    """Note for the audit trail what somebody did, or tried, about their own access.

    Args:
        person_id: whose account it is.
        what: the name of it, as in `gateway.access.audit.words`, without ``gateway.``.
        facts: codes; never an address, a name or a secret.
    """
    notes: SecurityNotes | None = current_app.extensions.get(EXTENSION) if has_app_context() else None
    if notes is not None:
        address = request.remote_addr or "" if has_request_context() else ""
        notes.add(Note(person_id, f"gateway.{what}", real_now(), address, context.current().correlation_id, facts))
