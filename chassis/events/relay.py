"""The relay: takes events from the outbox to the broker, in every process of a service.

It is woken in memory when work commits, and looks by itself every second for what a crash left. Several at
once are safe: each locks what it sends (``SKIP LOCKED``). An event is marked as sent only after the broker confirmed it, so
a crash between the two sends it twice, which the inbox of each handler makes harmless.

An event that no queue took stays in the outbox. That is the ordinary way of things where nobody listens to its type; where
somebody does, a queue is missing, and the event is sent again every half minute.
"""

import time
from collections.abc import Collection, Sequence

import structlog
from eventlet.event import Event
from eventlet.semaphore import Semaphore

from chassis import metrics
from chassis.broker import ConfirmingPublisher, NotRouted, Outgoing
from chassis.broker.publisher import Outcome
from chassis.database import Database
from chassis.events.envelope import CONTENT_TYPE, Envelope
from chassis.events.faults import Malformed
from chassis.events.repository import Outbox
from chassis.events.topology import EXCHANGE
from chassis.signing import Signer

log = structlog.get_logger(__name__)

BATCH = 100
POLL_SECONDS = 1.0
AGAIN_SECONDS = 30.0


class Relay:
    """Sends what waits in one service's outbox."""

    def __init__(
        self,
        database: Database,
        publisher: ConfirmingPublisher,
        signer: Signer,
        *,
        heard: Collection[str] = (),
        batch: int = BATCH,
        poll_seconds: float = POLL_SECONDS,
        again_seconds: float = AGAIN_SECONDS,
    ) -> None:
        """Describe the relay; `run` sends.

        Args:
            database: the service's.
            publisher: an open one, for this relay alone.
            signer: holds the service's key.
            heard: the types of event that somebody in the product listens to.
            batch: most events in one transaction.
            poll_seconds: how often to look without having been woken.
            again_seconds: how long to wait before an event that somebody should have had is sent again.
        """
        self._database = database
        self._publisher = publisher
        self._signer = signer
        self._heard = frozenset(heard)
        self._batch = batch
        self._poll_seconds = poll_seconds
        self._woken = Semaphore(0)
        self._stopping = False
        self._stopped = Event()
        self._again_seconds = again_seconds
        self._again_at: float | None = 0.0  # at the start, too: who was missing may be here now
        self._unrouted: set[str] = set()

    def wake(self) -> None:
        """Let it look at once: something was committed."""
        if not self._woken.counter:
            self._woken.release()

    def run(self) -> None:
        """Send until `stop`; a failure of database or broker is waited out."""
        while not self._stopping:
            self.send_waiting()
            self._woken.acquire(timeout=self._poll_seconds)
        self.send_waiting()
        self._stopped.send()

    def stop(self) -> None:
        """Send what waits one last time, and end `run`."""
        self._stopping = True
        self.wake()
        self._stopped.wait()

    def send_waiting(self) -> None:
        """Send everything that waits, batch after batch. What can't be sent now stays for the next time."""
        try:
            self._send_missed_again()
            while self._publisher.usable and self.send_batch() == self._batch:
                pass
        except Exception:  # the relay outlives any trouble with the database: the outbox keeps the events
            log.warning("relay.failed", exc_info=True)

    def _send_missed_again(self) -> None:
        if self._again_at is not None and time.monotonic() >= self._again_at:
            self._again_at = None
            with self._database.operating() as connection:
                Outbox(connection).send_missed_again(self._heard)

    def send_batch(self) -> int:
        """Send the oldest events that wait and that no other relay has in hand; return how many are done with."""
        with self._database.operating() as connection:
            outbox = Outbox(connection)
            events = outbox.claim(self._batch)
            if not events:
                return 0
            sendable = self._sendable(outbox, events)
            outcomes = self._publisher.publish_all([message for _, message in sendable])
            return len(events) - len(sendable) + self._note(outbox, [event for event, _ in sendable], outcomes)

    def _sendable(self, outbox: Outbox, events: Sequence[Envelope]) -> list[tuple[Envelope, Outgoing]]:
        """Return the messages. An event that is no proper envelope would be refused by everybody: it stays here, not in the way."""
        messages, unfit = [], []
        for event in events:
            try:
                messages.append((event, self._message(event)))
            except Malformed:
                log.exception("event.unfit", event_id=event.id, type=event.type)
                unfit.append(event)
        outbox.mark_unrouted(unfit)
        return messages

    def _message(self, event: Envelope) -> Outgoing:
        return Outgoing(
            event.sealed(self._signer),
            event.type,
            EXCHANGE,
            content_type=CONTENT_TYPE,
            message_id=str(event.id),
            type=event.type,
            correlation_id=event.correlation_id,
        )

    def _note(self, outbox: Outbox, events: Sequence[Envelope], outcomes: Sequence[Outcome]) -> int:
        told: dict[str, list[Envelope]] = {"ok": [], "unrouted": [], "failed": []}
        for event, outcome in zip(events, outcomes, strict=True):
            told[_word(outcome)].append(event)
            metrics.event_published(event.type, _word(outcome))
        outbox.mark_sent(told["ok"])
        outbox.mark_unrouted(told["unrouted"])
        for event in told["unrouted"]:
            self._tell_unrouted(event)
        if told["failed"]:
            log.warning("events.held_back", count=len(told["failed"]))
        return len(told["ok"]) + len(told["unrouted"])

    def _tell_unrouted(self, event: Envelope) -> None:
        """Log the first of a type aloud; have it sent again where somebody should have had it."""
        missed, first = event.type in self._heard, event.type not in self._unrouted
        self._unrouted.add(event.type)
        if missed and self._again_at is None:
            self._again_at = time.monotonic() + self._again_seconds
        aloud = log.warning if missed else log.info
        tell = aloud if first else log.debug
        tell("event.unrouted", event_id=event.id, type=event.type)


def _word(outcome: Outcome) -> str:
    if outcome is None:
        return "ok"
    return "unrouted" if isinstance(outcome, NotRouted) else "failed"
