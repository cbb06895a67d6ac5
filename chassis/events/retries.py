"""Tries events again whose time has come, and throws away what is done with for long."""

import time
from collections.abc import Callable, Mapping

import structlog
from eventlet import GreenPool, Timeout
from eventlet.event import Event

from chassis import metrics
from chassis.database import Database
from chassis.events import measures
from chassis.events.envelope import Envelope
from chassis.events.handling import Handler, Outcome
from chassis.events.repository import Inbox, Outbox, Parked

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.5
AT_ONCE = 5
LEASE_MARGIN_SECONDS = 30.0
PRUNE_EVERY_SECONDS = 3600.0
MEASURE_EVERY_SECONDS = 15.0
KEEP_DAYS = 30
KEEP_UNROUTED_DAYS = 365

Work = Callable[[Handler, Envelope], Outcome]


class Retries:
    """Looks out for one service, in each of its processes; what one has in hand the others pass over."""

    def __init__(self, database: Database, handlers: Mapping[str, Handler], work: Work, *, poll_seconds: float = POLL_SECONDS) -> None:
        """Take the handlers by name, and what has a worker make an attempt."""
        self._database = database
        self._handlers = handlers
        self._work = work
        self._poll_seconds = poll_seconds
        self._lease_seconds = max(handler.within for handler in handlers.values()) + LEASE_MARGIN_SECONDS
        self._stopping = Event()
        self._pool = GreenPool(AT_ONCE)
        self._prune = _Regularly(PRUNE_EVERY_SECONDS, self.prune)
        self._measure = _Regularly(MEASURE_EVERY_SECONDS, self.measure)

    def run(self) -> None:
        """Look out until `stop`; trouble with the database is waited out."""
        while not self._stopping.ready():
            try:
                while self.try_due() == AT_ONCE and not self._stopping.ready():
                    pass
                self._prune()
                self._measure()
            except Exception:  # the look-out outlives any trouble with the database
                log.warning("retries.failed", exc_info=True)
            with Timeout(self._poll_seconds, False):
                self._stopping.wait()

    def stop(self) -> None:
        """Begin nothing new."""
        if not self._stopping.ready():
            self._stopping.send()

    def try_due(self) -> int:
        """Try again what is due, a few at once; return how many there were."""
        with self._database.operating() as connection:
            due = Inbox(connection).due(self._handlers, AT_ONCE, self._lease_seconds)
        for parked in due:
            self._pool.spawn(self._try, parked)
        self._pool.waitall()
        return len(due)

    def prune(self) -> None:
        """Delete what was handled, or sent, more than 30 days ago. What waits, failed or found no queue stays."""
        with self._database.operating() as connection:
            handled, sent = Inbox(connection).prune(KEEP_DAYS), Outbox(connection).prune(KEEP_DAYS, KEEP_UNROUTED_DAYS)
        if handled or sent:
            log.info("events.pruned", handled_count=handled, sent_count=sent)

    def measure(self) -> None:
        """Show how much waits."""
        with self._database.operating() as connection:
            waiting, parked = Outbox(connection).waiting(), Inbox(connection).counts()
        metrics.outbox_waiting(self._database.service, waiting.events)
        for state, count in parked.items():
            measures.PARKED.labels(self._database.service, state).set(count)

    def _try(self, parked: Parked) -> None:
        self._work(self._handlers[parked.handler], parked.envelope)


class _Regularly:
    """Calls something, but not more often than every so many seconds; the first time at once."""

    def __init__(self, every: float, what: Callable[[], None]) -> None:
        self._every = every
        self._what = what
        self._next = 0.0

    def __call__(self) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + self._every
            self._what()
