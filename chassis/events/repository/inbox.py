"""What each handler of this service did with each event."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, TextClause, Uuid, and_, bindparam, delete, func, null, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from chassis.database.session import BoroughSession
from chassis.database.tables import inbox
from chassis.events.envelope import Envelope

_PARAMETERS = (bindparam("borough", type_=Uuid), bindparam("event", type_=Uuid), bindparam("about", type_=ARRAY(Uuid)))
# as text, for every event passes here: SQLAlchemy compiles an INSERT ... ON CONFLICT anew each time
_BEGIN = text(
    "INSERT INTO inbox (borough_id, handler, event_id) VALUES (:borough, :handler, :event) "
    "ON CONFLICT DO NOTHING RETURNING (SELECT slug FROM boroughs WHERE borough_id = :borough), "
    "EXISTS (SELECT FROM record_marks WHERE borough_id = :borough AND family_id = ANY(:about) AND erased)"
).bindparams(*_PARAMETERS)
_RETRY = text(
    "UPDATE inbox SET state = 'handled', envelope = NULL, next_attempt_at = NULL, error_reference = NULL, at = clock_timestamp() "
    "WHERE borough_id = :borough AND handler = :handler AND event_id = :event AND state = 'retrying' "
    "RETURNING (SELECT slug FROM boroughs WHERE borough_id = :borough), "
    "EXISTS (SELECT FROM record_marks WHERE borough_id = :borough AND family_id = ANY(:about) AND erased)"
).bindparams(*_PARAMETERS)
_KEY = (inbox.c.borough_id, inbox.c.handler, inbox.c.event_id)
_COLUMNS = (*_KEY, inbox.c.state, inbox.c.attempts, inbox.c.next_attempt_at, inbox.c.error_reference, inbox.c.at, inbox.c.envelope)
DISCARDED = "discarded"
"""``error_reference`` of an event that a person decided not to handle."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A handler that failed on an event.

    Attributes:
        handler: for example ``outreach.referral_accepted``.
        envelope: kept until the event is handled, so that it can be tried again.
        reference: finds the failure in the logs.
    """

    handler: str
    envelope: Envelope
    reference: str


@dataclass(frozen=True, slots=True)
class Parked:
    """An event that waits to be tried again, or was given up.

    Attributes:
        state: ``retrying`` or ``dead``.
        attempts: how often it was tried.
        next_attempt_at: when it will be tried again; None when it was given up.
        reference: finds the last failure in the logs.
    """

    borough_id: UUID
    handler: str
    event_id: UUID
    state: str
    attempts: int
    next_attempt_at: datetime | None
    reference: str
    at: datetime
    envelope: Envelope

    @property
    def key(self) -> tuple[UUID, str, UUID]:
        """Its key in the inbox."""
        return (self.borough_id, self.handler, self.event_id)


class Begun(Enum):
    """What a handler finds when it claims an event."""

    NEW = "new"
    BEFORE = "before"
    UNKNOWN_BOROUGH = "unknown borough"
    ERASED = "erased"
    OF_ERASED_FAMILY = "of an erased family"


def begun(session: BoroughSession, handler: str, event_id: UUID, about: Collection[UUID] = ()) -> Begun:
    """Claim an event that arrived, in the transaction that handles it. ``BEFORE``: the handler had it, whatever became of it.

    ``about``: what it is about; ``OF_ERASED_FAMILY`` where one of these is a family whose record was erased.

    Waits while another process has the same event in hand.
    """
    return _claim(session, _BEGIN, handler, event_id, about)


def retried(session: BoroughSession, handler: str, event_id: UUID, about: Collection[UUID] = ()) -> Begun:
    """Claim an event that failed before; as `begun`. ``BEFORE``: it was handled or discarded meanwhile."""
    return _claim(session, _RETRY, handler, event_id, about)


def _claim(session: BoroughSession, statement: TextClause, handler: str, event_id: UUID, about: Collection[UUID]) -> Begun:
    values = {"borough": session.borough_id, "handler": handler, "event": event_id, "about": list(about)}
    claimed = session.execute(statement, values).one_or_none()
    if claimed is None:
        return Begun.BEFORE
    if claimed[0] is None:
        return Begun.UNKNOWN_BOROUGH
    if not claimed[0]:  # an erased borough leaves a row without a slug behind
        return Begun.ERASED
    return Begun.OF_ERASED_FAMILY if claimed[1] else Begun.NEW


class Inbox:
    """The inbox of one service, on a connection of its operator's role: of every borough."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def failed(self, failure: Failure) -> int:
        """Note a failure; return how many there were. Nothing is noted of an event that was handled meanwhile (0)."""
        envelope = failure.envelope
        row = insert(inbox).values(
            borough_id=envelope.borough_id,
            handler=failure.handler,
            event_id=envelope.id,
            state="retrying",
            attempts=1,
            envelope=envelope.document(),
            error_reference=failure.reference,
        )
        counted = row.on_conflict_do_update(
            index_elements=[inbox.c.borough_id, inbox.c.handler, inbox.c.event_id],
            set_={"attempts": inbox.c.attempts + 1, "error_reference": failure.reference, "at": func.clock_timestamp()},
            where=inbox.c.state == "retrying",
        )
        return self._connection.execute(counted.returning(inbox.c.attempts)).scalar_one_or_none() or 0

    def try_again(self, failure: Failure, pause: float) -> None:
        """Let the event be tried again after ``pause`` seconds."""
        self._set(failure, next_attempt_at=_after(pause))

    def give_up(self, failure: Failure) -> None:
        """Mark the event dead: it waits for somebody to replay or discard it."""
        self._set(failure, state="dead", next_attempt_at=None)

    def due(self, handlers: Iterable[str], at_most: int, lease_seconds: float) -> list[Parked]:
        """Return events whose time to be tried again has come; for ``lease_seconds`` no other process gets them."""
        ripe = select(*_KEY).where(
            inbox.c.state == "retrying", inbox.c.next_attempt_at <= func.clock_timestamp(), inbox.c.handler.in_(list(handlers))
        )
        mine = ripe.order_by(inbox.c.next_attempt_at).limit(at_most).with_for_update(skip_locked=True).cte("mine")
        leased = update(inbox).where(tuple_(*_KEY).in_(select(mine))).values(next_attempt_at=_after(lease_seconds))
        return [_parked(row) for row in self._connection.execute(leased.returning(*_COLUMNS))]

    def parked(self, state: str = "", borough_id: UUID | None = None, at_most: int = 100) -> list[Parked]:
        """Return events that are retried or dead, oldest first."""
        rules: list[ColumnElement[bool]] = [inbox.c.state == state if state else inbox.c.state.in_(["retrying", "dead"])]
        if borough_id is not None:
            rules.append(inbox.c.borough_id == borough_id)
        found = select(*_COLUMNS).where(*rules).order_by(inbox.c.at, inbox.c.event_id).limit(at_most)
        return [_parked(row) for row in self._connection.execute(found)]

    def find(self, event_id: UUID) -> list[Parked]:
        """Return what the handlers that failed on an event have of it."""
        found = select(*_COLUMNS).where(inbox.c.event_id == event_id, inbox.c.state.in_(["retrying", "dead"]))
        return [_parked(row) for row in self._connection.execute(found.order_by(inbox.c.handler))]

    def replay(self, parked: Parked) -> bool:
        """Let an event be tried again at once, as often as a new one; False when it was handled meanwhile."""
        return self._change(parked, state="retrying", attempts=0, next_attempt_at=func.clock_timestamp())

    def discard(self, parked: Parked) -> bool:
        """Note that an event is not to be handled by this handler; False when it was handled meanwhile."""
        return self._change(parked, state="handled", envelope=null(), next_attempt_at=None, error_reference=DISCARDED)

    def seen(self, handler: str) -> set[UUID]:
        """Return the events that a handler has had."""
        return set(self._connection.execute(select(inbox.c.event_id).where(inbox.c.handler == handler)).scalars())

    def counts(self) -> dict[str, int]:
        """Return how many events are ``retrying`` and how many ``dead``."""
        counted = select(inbox.c.state, func.count()).where(inbox.c.state.in_(["retrying", "dead"])).group_by(inbox.c.state)
        found: dict[str, int] = {row[0]: row[1] for row in self._connection.execute(counted)}
        return {"retrying": 0, "dead": 0, **found}

    def prune(self, days: int) -> int:
        """Delete what was handled more than ``days`` ago; return how many. What waits or is dead stays."""
        old = delete(inbox).where(inbox.c.state == "handled", inbox.c.at < text(f"now() - make_interval(days => {int(days)})"))
        return self._connection.execute(old).rowcount

    def _set(self, failure: Failure, **values: Any) -> None:
        event = failure.envelope
        key = (event.borough_id, failure.handler, event.id)
        self._connection.execute(update(inbox).where(tuple_(*_KEY) == key, inbox.c.state == "retrying").values(values))

    def _change(self, parked: Parked, **values: Any) -> bool:
        waiting = and_(tuple_(*_KEY) == parked.key, inbox.c.state.in_(["retrying", "dead"]))
        return self._connection.execute(update(inbox).where(waiting).values(values)).rowcount == 1


def _after(seconds: float) -> Any:
    return func.clock_timestamp() + timedelta(seconds=seconds)


def _parked(row: Row[Any]) -> Parked:
    return Parked(
        row.borough_id,
        row.handler,
        row.event_id,
        row.state,
        row.attempts,
        row.next_attempt_at,
        row.error_reference or "",
        row.at,
        Envelope.from_document(row.envelope),
    )
