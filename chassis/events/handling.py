"""What is done with an event: one transaction with its inbox row, and what follows when that fails."""

import json
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol
from uuid import UUID

import eventlet
import structlog
from eventlet.event import Event

from chassis import clock, context, metrics
from chassis.caller import Caller
from chassis.contract import EventType, ReceivedEvent
from chassis.database import BoroughSession, Database, UnitOfWork
from chassis.database.erasing import ERASED
from chassis.events.envelope import Envelope
from chassis.events.faults import HandlerTooSlow, UnknownBorough
from chassis.events.repository import Begun, Failure, Inbox, begun, retried
from chassis.events.schedule import RETRY_AFTER_SECONDS, pause_after
from chassis.events.topology import Listener
from chassis.ids import new_id

log = structlog.get_logger(__name__)

DEADLINE_SECONDS = 30.0
HOLD_SECONDS = 2.0
HOLD_TIMES = 300

Call = Callable[[Any, ReceivedEvent], None]
Claim = Callable[[BoroughSession, str, UUID, Collection[UUID]], Begun]


class Outcome(Enum):
    """What became of an event."""

    HANDLED = "ok"
    SEEN = "repeated"
    FAILED = "failed"
    DEAD = "dead"
    RETURNED = "returned"


class OpensWork(Protocol):
    """What opens units of work: a `WorkProvider`."""

    def open(self, caller: Caller, permission: str = "", *, operation: str = "") -> AbstractContextManager[UnitOfWork]:
        """Open one."""


@dataclass(frozen=True, slots=True)
class Handler:
    """A method that handles events.

    Attributes:
        service, method: whose, and its name.
        types: those it takes, by name.
        within: seconds that one attempt may take.
        any_borough: it takes events of boroughs that the service has not heard of: it is how the service hears of them.
        even_erased: it takes events about families whose record was erased; for others, those do nothing.
    """

    service: str
    method: str
    types: Mapping[str, EventType]
    within: float = DEADLINE_SECONDS
    any_borough: bool = False
    even_erased: bool = False

    @property
    def name(self) -> str:
        """Its name in the inbox."""
        return self.listener.name

    @property
    def listener(self) -> Listener:
        """The handler as the broker sees it."""
        return Listener(self.service, self.method, tuple(self.types))


class Handling:
    """Carries out attempts for the handlers of one service."""

    def __init__(
        self, work: OpensWork, database: Database, *, pauses: Sequence[float] = RETRY_AFTER_SECONDS, hold_seconds: float = HOLD_SECONDS
    ) -> None:
        """Describe how to work.

        Args:
            work: opens units of work.
            database: keeps account of failures.
            pauses: seconds to wait after each failure but the last.
            hold_seconds: pause between attempts while not even a failure can be noted.
        """
        self._work = work
        self._database = database
        self._pauses = pauses
        self._hold_seconds = hold_seconds
        self._stopping = Event()

    @property
    def stopping(self) -> bool:
        """Whether nothing new is to be begun."""
        return bool(self._stopping.ready())

    def stop(self) -> None:
        """Begin nothing new; what is in hand may finish."""
        if not self._stopping.ready():
            self._stopping.send()

    def handle(self, handler: Handler, envelope: Envelope, call: Call, *, again: bool = False) -> Outcome:
        """Let ``call`` handle the event, and keep account of it. Never raises.

        Args:
            handler: whose account.
            envelope: the event.
            call: takes the unit of work and the event.
            again: it failed before, and its time to be tried again has come.

        Returns:
            ``RETURNED`` when the database could not be reached at all, so that somebody else must have the event again.
        """
        outcome, began = Outcome.RETURNED, time.monotonic()
        with context.entered(_circumstances(handler, envelope)):
            for _ in range(1 if again else HOLD_TIMES):
                outcome = self._attempt(handler, envelope, call, again=again)
                if outcome is not Outcome.RETURNED or self._stops_within(self._hold_seconds):
                    break
        metrics.event_handled(handler.name, outcome.value, time.monotonic() - began)
        return outcome

    def _attempt(self, handler: Handler, envelope: Envelope, call: Call, *, again: bool) -> Outcome:
        try:
            with eventlet.Timeout(handler.within, HandlerTooSlow(f"took longer than {handler.within:g} seconds")):
                outcome = self._transaction(handler, envelope, call, retried if again else begun)
        except Exception as error:  # a handler may fail in any way: each is noted, and the event tried again
            return self._fail(handler, envelope, error)
        if outcome is Outcome.HANDLED and not (again or envelope.acting):
            metrics.event_lagged(handler.name, (clock.now() - envelope.time).total_seconds())
        return outcome

    def _transaction(self, handler: Handler, envelope: Envelope, call: Call, claim: Claim) -> Outcome:
        caller = Caller.service(handler.service, envelope.borough_id)
        with self._work.open(caller, operation=handler.name) as work:
            found = claim(work.session, handler.name, envelope.id, envelope.about)
            if found is Begun.BEFORE:
                return Outcome.SEEN
            if found is Begun.ERASED or (found is Begun.OF_ERASED_FAMILY and not handler.even_erased):
                return Outcome.HANDLED
            if found is Begun.UNKNOWN_BOROUGH and not handler.any_borough:
                raise UnknownBorough
            event = received_by(handler, envelope)
            if event is not None:
                call(work, event)
                work.settle(envelope.about)
        return Outcome.HANDLED

    def _fail(self, handler: Handler, envelope: Envelope, error: Exception) -> Outcome:
        reference = _reference(error)
        log.warning("event.failed", handler=handler.name, event_id=envelope.id, type=envelope.type, reference=reference, exc_info=error)
        try:
            return self._keep_account(Failure(handler.name, envelope, reference))
        except Exception:  # no account can be kept: the event must stay where it is, whatever the reason
            log.warning("event.held", handler=handler.name, event_id=envelope.id, exc_info=True)
            return Outcome.RETURNED

    def _keep_account(self, failure: Failure) -> Outcome:
        with self._database.operating() as connection:
            inbox = Inbox(connection)
            attempts = inbox.failed(failure)
            if not attempts:
                return Outcome.SEEN
            pause = pause_after(attempts, self._pauses)
            if pause is not None:
                inbox.try_again(failure, pause)
                return Outcome.FAILED
            inbox.give_up(failure)
        log.error("event.dead", handler=failure.handler, event_id=failure.envelope.id, type=failure.envelope.type, attempts=attempts)
        return Outcome.DEAD

    def _stops_within(self, seconds: float) -> bool:
        with eventlet.Timeout(seconds, False):
            self._stopping.wait()
        return self.stopping


def received_by(handler: Handler, envelope: Envelope) -> ReceivedEvent | None:
    """Return the event for its handler; None where what it told of somebody was erased, so that it fits no more: it is over.

    A mail to an address that is blanked is not to be written, and what a family's record says now was told anew by the erasure.

    Raises:
        ValueError: it does not fit its contract, and nothing in it was erased.
    """
    try:
        return envelope.received(handler.types[envelope.type])
    except ValueError:
        if ERASED not in json.dumps(envelope.data):
            raise
        log.info("event.erased", handler=handler.name, event_id=envelope.id, type=envelope.type)
        return None


def _circumstances(handler: Handler, envelope: Envelope) -> context.Context:
    return context.Context(
        envelope.correlation_id, handler.service, envelope.borough_id, acting_at=envelope.time if envelope.acting else None
    )


def _reference(error: Exception) -> str:
    """Return what finds the failure in the logs: the kind of error and an id, never its text."""
    return f"{type(error).__name__} {new_id()}"
