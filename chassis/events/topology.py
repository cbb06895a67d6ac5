"""Exchanges and queues of the events. Declared by every process at its start, and all at once by the migration.

``stayplay.events`` (topic; the key is the event's type) feeds one queue a handler, ``events.<service>.<method>``. What can't be
handled however often it is tried goes to ``events.<service>.dead``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from chassis.broker import Topology

EXCHANGE = "stayplay.events"
DEAD_EXCHANGE = "stayplay.events.dead"
DELIVERY_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Listener:
    """A handler as the broker sees it: a queue and the types of event that it takes."""

    service: str
    method: str
    types: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name in the inbox, for example ``outreach.referral_accepted``."""
        return f"{self.service}.{self.method}"

    @property
    def queue(self) -> str:
        """The queue that feeds it."""
        return f"events.{self.name}"


def dead_queue(service: str) -> str:
    """Return the queue that holds what ``service`` could not make an event of."""
    return f"events.{service}.dead"


def declare_exchanges(topology: Topology) -> None:
    """Declare what a service needs to tell of events, even if it listens to none."""
    topology.exchange(EXCHANGE, "topic")
    topology.exchange(DEAD_EXCHANGE, "direct")


def declare(topology: Topology, listeners: Iterable[Listener]) -> None:
    """Declare everything that ``listeners`` need. Doing it again is harmless."""
    declare_exchanges(topology)
    for listener in listeners:
        _declare_dead_queue(topology, listener.service)
        topology.queue(listener.queue, **_arguments(listener.service))
        for event_type in listener.types:
            topology.bind(listener.queue, EXCHANGE, event_type)


def _declare_dead_queue(topology: Topology, service: str) -> None:
    # classic: a quorum queue would drop a message that operators have looked at too often
    topology.queue(dead_queue(service))
    topology.bind(dead_queue(service), DEAD_EXCHANGE, service)


def _arguments(service: str) -> dict[str, str | int]:
    return {
        "x_queue_type": "quorum",
        "x_delivery_limit": DELIVERY_LIMIT,
        "x_dead_letter_exchange": DEAD_EXCHANGE,
        "x_dead_letter_routing_key": service,
        "x_dead_letter_strategy": "at-least-once",
        "x_overflow": "reject-publish",
    }
