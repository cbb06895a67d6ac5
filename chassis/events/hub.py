"""Where a service process meets the events: one consumer, one relay and one look-out for what is to be tried again."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

import structlog
from eventlet.event import Event
from eventlet.semaphore import Semaphore
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import DependencyProvider, Entrypoint, SharedExtension

from chassis import context
from chassis.broker import Address, BrokerAway, BrokerUnavailable, ConfirmingPublisher, Consumer, Delivery, Subscription, Topology
from chassis.broker.address import PATIENCE
from chassis.contract import ReceivedEvent
from chassis.database import Database
from chassis.database.provider import WorkProvider
from chassis.events import measures, topology
from chassis.events.envelope import Envelope, opened
from chassis.events.faults import EventFault, Unexpected
from chassis.events.handling import Handler, Handling, Outcome
from chassis.events.relay import Relay
from chassis.events.retries import Retries
from chassis.ids import new_id
from chassis.settings import Settings
from chassis.signing import Signer, Verifier

log = structlog.get_logger(__name__)

CONNECT_WITHIN_SECONDS = 10.0
PREFETCH = 10


class Attempt:
    """One attempt at an event, as it travels through nameko's worker to the method."""

    def __init__(self, handling: Handling, handler: Handler, envelope: Envelope, *, again: bool) -> None:
        self.handler = handler
        self.envelope = envelope
        self._run = partial(handling.handle, handler, envelope, again=again)
        self.outcome = Outcome.RETURNED

    def run(self, call: Callable[[Any, ReceivedEvent], None]) -> None:
        """Let ``call`` handle the event; what became of it is the `outcome`."""
        self.outcome = self._run(call)


class EventHub(SharedExtension):
    """One a service process; every `on_event` and every `EventRelay` of the service shares it."""

    def __init__(self) -> None:
        super().__init__()
        self._handlers: dict[str, tuple[Handler, Entrypoint]] = {}
        self._verifiers: dict[str, Verifier] = {}
        self._handling: Handling | None = None
        self._consumer: Consumer | None = None
        self._publisher: ConfirmingPublisher | None = None
        self._relay: Relay | None = None
        self._retries: Retries | None = None
        self._slots = Semaphore(1)

    def register(self, handler: Handler, entrypoint: Entrypoint) -> None:
        """Let the hub feed a method; before the start."""
        self._handlers[handler.name] = (handler, entrypoint)

    @property
    def settings(self) -> Settings:
        """The settings of the process."""
        return cast("Settings", self.container.config["settings"])

    @property
    def handlers(self) -> dict[str, Handler]:
        """The handlers of the service, by name."""
        return {name: handler for name, (handler, _) in self._handlers.items()}

    @property
    def usable(self) -> bool:
        """Whether the connections to the broker are up."""
        links = [link for link in (self._publisher, self._consumer) if link is not None]
        return bool(links) and all(link.usable for link in links)

    def wake(self) -> None:
        """Let the relay look at once, as a commit in this process does."""
        if self._relay is not None:
            self._relay.wake()

    def start(self) -> None:
        """Connect, declare, and begin to send, to take and to look out."""
        settings, work = self.settings, work_of(self.container)
        self._slots = Semaphore(max(1, settings.max_workers // 2))  # events leave half of the workers to calls
        self._verifiers = {service: Verifier(key) for service, key in settings.public_keys.items()}
        self._handling = Handling(work, work.opened, pauses=settings.event_retry_seconds)
        self._start_relay(work.opened)
        if self._handlers:
            self._start_consumer()
            self._start_retries(work.opened)

    def stop_taking(self) -> None:
        """Take no more events; return when what is in hand is settled, or may take no longer."""
        if self._handling is None or self._handling.stopping:
            return
        self._handling.stop()
        if self._retries is not None:
            self._retries.stop()
        if self._consumer is not None:
            self._consumer.stop_consuming()
            if not self._consumer.drain(self.settings.stop_within_seconds):
                log.warning("events.abandoned", count=self._consumer.in_hand)

    def stop(self) -> None:
        """Send what the last work left in the outbox, and close the connections."""
        self.stop_taking()
        if self._relay is not None:
            self._relay.stop()
        self.kill()
        work_of(self.container).opened.close()

    def kill(self) -> None:
        """Close the connections."""
        for link in (self._consumer, self._publisher):
            if link is not None:
                link.close()

    def _start_relay(self, database: Database) -> None:
        settings = self.settings
        self._publisher = ConfirmingPublisher(self._address, f"{settings.service} outbox", declare=self._declare, on_away=self._end)
        heard = self.container.config.get("heard", ())
        self._relay = Relay(database, self._publisher, Signer(settings.signing_key), heard=heard)
        _open(self._publisher)
        database.on_published(self.wake)
        self._spawn(self._relay.run)

    def _start_consumer(self) -> None:
        subscriptions = [Subscription(handler.listener.queue, partial(self._arrived, handler)) for handler in self.handlers.values()]
        self._consumer = Consumer(
            self._address, f"{self.settings.service} events", subscriptions, prefetch=PREFETCH, declare=self._declare, on_away=self._end
        )
        _open(self._consumer)

    def _start_retries(self, database: Database) -> None:
        self._retries = Retries(database, self.handlers, partial(self._work, again=True))
        self._spawn(self._retries.run)

    @property
    def _address(self) -> Address:
        return Address(self.settings.amqp_uri, give_up_after=self.container.config.get("broker_patience", PATIENCE))

    def _declare(self, declared: Topology) -> None:
        topology.declare(declared, [handler.listener for handler in self.handlers.values()])

    def _arrived(self, handler: Handler, delivery: Delivery) -> None:
        self._spawn(partial(self._take, handler, delivery))

    def _take(self, handler: Handler, delivery: Delivery) -> None:
        envelope = self._envelope(handler, delivery)
        if envelope is None:
            delivery.reject()
        elif self._work(handler, envelope, again=False) is Outcome.RETURNED:
            delivery.reject(requeue=True)
        else:
            delivery.ack()

    def _envelope(self, handler: Handler, delivery: Delivery) -> Envelope | None:
        """Return the event that came; None when it is none that could ever be handled. Nothing of its body is logged."""
        try:
            envelope = opened(delivery.body, self._verifiers)
            if envelope.type not in handler.types:
                raise Unexpected
        except Exception as fault:  # whatever it is, an event that ends the process would come again and end the next one
            code = fault.code if isinstance(fault, EventFault) else "unreadable"
            measures.REFUSED.labels(handler.name, code).inc()
            log.warning("event.refused", handler=handler.name, code=code)
            return None
        return envelope

    def _spawn(self, what: Callable[[], None]) -> None:
        """Run something in a green thread of its own, its log lines under this service's name."""

        def run() -> None:
            with context.entered(context.Context(str(new_id()), self.settings.service)):
                what()

        self.container.spawn_managed_thread(run)

    def _work(self, handler: Handler, envelope: Envelope, *, again: bool) -> Outcome:
        """Have one of nameko's workers make an attempt; wait for it."""
        assert self._handling is not None
        with self._slots:
            if self._handling.stopping:
                return Outcome.RETURNED
            attempt = Attempt(self._handling, handler, envelope, again=again)
            return self._worked(self._handlers[handler.name][1], attempt)

    def _worked(self, entrypoint: Entrypoint, attempt: Attempt) -> Outcome:
        done = Event()

        def finish(_context: object, result: Any, exc_info: Any) -> tuple[Any, Any]:
            done.send()
            return result, exc_info

        try:
            self.container.spawn_worker(entrypoint, (attempt,), {}, handle_result=finish)
        except ContainerBeingKilled:
            return Outcome.RETURNED
        done.wait()
        return attempt.outcome

    def _end(self, away: BrokerAway) -> None:
        """End the process in an orderly way: whoever watches it starts it again, and nothing is lost."""
        self.container.kill((type(away), away, None))


class EventRelay(DependencyProvider):
    """For a service that tells of events but listens to none: ``events = EventRelay()`` on the class."""

    hub = EventHub()

    def get_dependency(self, worker_ctx: Any) -> EventHub:
        """Return the hub."""
        del worker_ctx
        return self.hub


def work_of(container: Any) -> WorkProvider[Any]:
    """Return what opens units of work in a service.

    Raises:
        LookupError: the class declares no `WorkProvider`.
    """
    for provider in container.dependencies:
        if isinstance(provider, WorkProvider):
            return provider
    raise LookupError(f"{container.service_name} needs a line like: work = WorkProvider(Work)")


def _open(link: ConfirmingPublisher | Consumer) -> None:
    try:
        link.open(CONNECT_WITHIN_SECONDS)
    except BrokerUnavailable:
        log.warning("broker.awaited")
