"""The unit of work: one transaction, bound to one borough and one caller.

Only it commits. What it commits together: the rows that the repositories changed, the events that tell of
it (outbox), the answer to the request (answers) and the entry in the audit trail.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from chassis import clock, context
from chassis.caller import Caller
from chassis.contract import Event
from chassis.database import answers
from chassis.database.engine import Database
from chassis.database.failures import explained
from chassis.database.session import BoroughSession
from chassis.ids import new_id
from chassis.schemas import instance_of

_OUTBOX = "INSERT INTO outbox (borough_id, id, type, subject, sequence, time, correlation_id, acting, data) VALUES "
_OUTBOX_ROW = "(%s::uuid,%s::uuid,%s,%s::uuid,%s,%s,%s,%s,%s::jsonb)"
_AUDIT = (
    "INSERT INTO audit (borough_id, id, at, person_id, person_name, agency, operation, kind, family_id, subject_id, facts, "
    "correlation_id) VALUES "
)
_AUDIT_ROW = "(%s::uuid,%s::uuid,%s,%s::uuid,%s,%s,%s,%s,%s::uuid,%s::uuid,%s::jsonb,%s)"


@dataclass(frozen=True, slots=True)
class Sight:
    """Something that the work looked at or touched, for the audit trail."""

    family_id: UUID | None = None
    subject_id: UUID | None = None
    facts: dict[str, Any] = field(default_factory=dict)


class UnitOfWork:
    """One transaction for one caller in one borough. Services derive theirs and add their repositories.

    Attributes:
        caller: on whose behalf.
        now: the moment of the work; the acting moment in a practice borough.
        session: for repositories only.
        operation: name of what is being done, for the audit trail.
    """

    def __init__(self, session: BoroughSession, caller: Caller, operation: str = "") -> None:
        self.session = session
        self.caller = caller
        self.operation = operation
        self.now: datetime = clock.now()
        self._events: list[Event] = []
        self._sights: list[Sight] = []
        self._key = ""

    @property
    def borough_id(self) -> UUID:
        """The borough that the work is bound to."""
        return self.session.borough_id

    def publish(self, *events: Event) -> None:
        """Put ``events`` into the outbox with the commit."""
        self._events.extend(events)

    def saw(self, *, family_id: UUID | None = None, subject_id: UUID | None = None, **facts: Any) -> None:
        """Note for the audit trail what was read or changed.

        Rows of models that set ``audited_as`` are noted by themselves. ``facts`` are JSON-ready and hold codes and
        ids, never what was written about a person.
        """
        self._sights.append(Sight(family_id, subject_id, facts))

    def answered(self, key: str, fingerprint: str) -> answers.Answered | None:
        """Claim the idempotency ``key``; return the answer if this very request was answered before.

        Raises:
            IdempotencyMismatch: the key was used for something else.
        """
        self._key = key
        return answers.answered(self.session, person_id=self.caller.person_id, key=key, operation=self.operation, fingerprint=fingerprint)

    def keep_answer(self, answer: Any) -> None:
        """Keep the JSON-ready ``answer`` with the commit, for the key that was claimed."""
        answers.keep_answer(self.session, person_id=self.caller.person_id, key=self._key, answer=answer)

    def commit(self) -> bool:
        """Write everything and commit; return whether events wait to be sent. `open_work` calls it, nobody else."""
        self.session.flush()
        if self._events:
            self.session.lean().close_with(_OUTBOX + ",".join([_OUTBOX_ROW] * len(self._events)), self._outbox())
        entries = self._entries()
        if entries:
            self.session.lean().close_with(_AUDIT + ",".join([_AUDIT_ROW] * len(entries)), self._audit(entries))
        self.session.commit()
        return bool(self._events)

    def _outbox(self) -> list[Any]:
        circumstances = context.current()
        acting = circumstances.acting_at is not None
        return [
            value
            for event in self._events
            for value in (
                str(self.borough_id),
                str(new_id()),
                event.type.name,
                str(event.subject),
                event.sequence,
                self.now,
                circumstances.correlation_id,
                acting,
                json.dumps(_dumped(event)),
            )
        ]

    def _entries(self) -> list[Sight]:
        """Return what the audit trail is to hold: one entry a family; one without when something else changed."""
        session = self.session
        named = {sight.family_id for sight in self._sights}
        families = session.families_changed if self.caller.kind == "service" else session.families_read | session.families_changed
        entries = [*self._sights, *(Sight(family_id=family) for family in sorted(families - named, key=str))]
        if not entries and self._changes and self.caller.kind == "member":
            return [Sight()]
        return entries

    def _audit(self, entries: list[Sight]) -> list[Any]:
        caller = self.caller
        kind = "change" if self._changes else "read"
        correlation = context.current().correlation_id
        return [
            value
            for entry in entries
            for value in (
                str(self.borough_id),
                str(new_id()),
                self.now,
                str(caller.person_id),
                caller.person_name,
                caller.agency_name,
                self.operation,
                kind,
                entry.family_id and str(entry.family_id),
                entry.subject_id and str(entry.subject_id),
                json.dumps(entry.facts, default=str),
                correlation,
            )
        ]

    @property
    def _changes(self) -> bool:
        return self.session.changed or bool(self._events)


W = TypeVar("W", bound=UnitOfWork)


@contextmanager
def open_work(work_class: type[W], database: Database, caller: Caller, permission: str = "", *, operation: str = "") -> Iterator[W]:
    """Open a unit of work for ``caller``; commit at the end of the ``with`` block, roll back on any exception.

    Args:
        work_class: the service's own unit of work.
        database: the service's.
        caller: decides the borough.
        permission: what the caller must hold. Background work, whose caller is the service itself, needs none.
        operation: for the audit trail, for example ``referrals.accept``.

    Raises:
        Forbidden: the caller lacks the permission.
        Stale: somebody else saved one of the rows meanwhile; nothing was written.
        Conflict, NotFound: a unique or a foreign key refused; nothing was written.
        Unavailable: the database can't be reached, or has no connection to spare.
    """
    caller.require(permission)
    with context.changed(borough_id=caller.borough_id, acting_at=caller.at or context.current().acting_at):
        session = database.session(caller.borough_id, caller.reads_as)
        try:
            with explained(database, session):
                work = work_class(session, caller, operation)
                yield work
                published = work.commit()
        finally:
            session.close()
        if published:
            database.published()


def _dumped(event: Event) -> dict[str, Any]:
    """Return the event's data as JSON, held against its contract before it may leave.

    Raises:
        ValueError: it does not fit; the message names fields, not what is in them.
    """
    schema = instance_of(event.type.schema)
    data: dict[str, Any] = schema.dump(event.data)
    faults = schema.validate(data)
    unknown = sorted(set(event.data) - set(schema.fields))
    if faults or unknown:
        raise ValueError(f"{event.type.name} does not fit its contract: {sorted(faults) + unknown}")
    return data
