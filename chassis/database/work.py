"""The unit of work: one transaction, bound to one borough and one caller.

Only it commits. What it commits together: the rows that the repositories changed, the events that tell of
it (outbox), the answer to the request (answers) and the entry in the audit trail.
"""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from chassis import clock, context
from chassis.caller import Caller
from chassis.contract import Event
from chassis.database import answers, trail
from chassis.database.engine import Database
from chassis.database.failures import explained
from chassis.database.session import BoroughSession
from chassis.database.trail import About, Sight, Trail
from chassis.ids import new_id
from chassis.schemas import instance_of, whatever_day_it_is

_OUTBOX = "INSERT INTO outbox (borough_id, id, type, subject, sequence, time, correlation_id, acting, data) VALUES "
_OUTBOX_ROW = "(%s::uuid,%s::uuid,%s,%s::uuid,%s,%s,%s,%s,%s::jsonb)"


class UnitOfWork:
    """One transaction for one caller in one borough. Services derive theirs and add their repositories.

    Attributes:
        caller: on whose behalf.
        now: the moment of the work; the acting moment in a practice borough.
        session: for repositories only.
        operation: name of what is being done, for the audit trail.
        trail: what is noted for the audit trail.
    """

    def __init__(self, session: BoroughSession, caller: Caller, operation: str = "") -> None:
        self.session = session
        self.caller = caller
        self.operation = operation
        self.now: datetime = clock.now()
        self._events: list[Event] = []
        self.trail = Trail()
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
        self.trail.sights.append(Sight(family_id, subject_id, facts))

    def because(self, reason: str, sensitivity: str = "") -> None:
        """Note for the audit trail why this is done. A changing operation's argument ``reason`` is noted by itself.

        Args:
            reason: in words.
            sensitivity: as a contract's field says: ``clinical``, ``personal`` and ``safety`` are shown to no administrator.
        """
        self.trail.because(reason, sensitivity)

    def settle(self, family_ids: Collection[UUID]) -> None:
        """Put right what an event just did to families, where they are known to have become others. A service that keeps merges does."""

    def note_security(self) -> None:
        """Let the entries say that this was about access itself: a sign-in, a session, a second factor."""
        self.trail.security = True

    def answered(self, key: str, fingerprint: str) -> answers.Answered | None:
        """Claim the idempotency ``key``; return the answer if this very request was answered before.

        Raises:
            IdempotencyMismatch: the key was used for something else.
            BoroughSuspended: nothing may be changed in the borough for now, but by the platform itself.
        """
        self._key = key
        return answers.answered(
            self.session,
            person_id=self.caller.person_id,
            key=key,
            operation=self.operation,
            fingerprint=fingerprint,
            even_suspended=self.caller.kind == "service",
        )

    def keep_answer(self, answer: Any) -> None:
        """Keep the JSON-ready ``answer`` with the commit, for the key that was claimed."""
        answers.keep_answer(self.session, person_id=self.caller.person_id, key=self._key, answer=answer)

    def commit(self) -> bool:
        """Write everything and commit; return whether events wait to be sent. `open_work` calls it, nobody else."""
        self.session.flush()
        if self._events:
            self.session.lean().close_with(_OUTBOX + ",".join([_OUTBOX_ROW] * len(self._events)), self._outbox())
        self._refuse_marked()
        self._write_trail()
        self.session.commit()
        return bool(self._events)

    def _refuse_marked(self) -> None:
        """Let nobody change a record that was erased meanwhile, nor use one that may not be used, in the round trip of the commit."""
        families = self.session.families_changed
        if families and self.caller.kind != "service":
            values = ([str(family) for family in families], self.trail.uses_records)
            self.session.lean().close_with("SELECT public.refuse_marked(%s::uuid[], %s)", values)

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

    def _write_trail(self) -> None:
        """Send the entries of the audit trail with the commit."""
        session = self.session
        families = session.families_changed if self.caller.kind == "service" else session.families_read | session.families_changed
        entries = self.trail.entries(self.caller, families, changed=self._changes)
        if entries:
            about = About(self.caller, self.now, self.operation, "change" if self._changes else "read")
            rows = self.trail.rows(entries, session.changes, about)
            session.lean().close_with(trail.INTO + ",".join([trail.ROW] * len(rows)), [value for row in rows for value in row])

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
        NotFound, UseRestricted: a family's record was erased, or may not be used; nothing was written.
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
    with whatever_day_it_is():
        faults = schema.validate(data)
    unknown = sorted(set(event.data) - set(schema.fields))
    if faults or unknown:
        raise ValueError(f"{event.type.name} does not fit its contract: {sorted(faults) + unknown}")
    return data
