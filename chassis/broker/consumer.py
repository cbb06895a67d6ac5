"""A consumer that stops taking before it closes, so that the work in hand can be finished."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import eventlet
from eventlet.event import Event

from chassis.broker.address import Address
from chassis.broker.faults import BrokerAway, BrokerUnavailable
from chassis.broker.link import Link, ignore
from chassis.broker.message import Delivery
from chassis.broker.topology import Topology


@dataclass(frozen=True, slots=True)
class Subscription:
    """A queue and what is done with each message of it.

    ``handle`` is called in the thread that reads the connection: it must not wait. It spawns a worker,
    which settles the delivery when it is done.
    """

    queue: str
    handle: Callable[[Delivery], None]


class Consumer:
    """Consumes queues on a connection of its own.

    The broker gives it at most ``prefetch`` messages a queue that are not settled: that is how many
    run at once. A connection that is lost is made again; what was in hand is delivered again by the broker.
    """

    def __init__(
        self,
        address: Address,
        name: str,
        subscriptions: Sequence[Subscription],
        *,
        prefetch: int,
        declare: Callable[[Topology], None] = ignore,
        on_away: Callable[[BrokerAway], None] = ignore,
    ) -> None:
        """Describe the consumer; `open` connects it and starts consuming.

        Args:
            address: where the broker is.
            name: what it consumes, in log lines.
            subscriptions: the queues and their handlers.
            prefetch: most messages of one queue in hand at once.
            declare: called with each new connection, before anything is consumed.
            on_away: called once when the broker has been away for too long.
        """
        self._subscriptions = list(subscriptions)
        self._prefetch = prefetch
        self._declare = declare
        self._in_hand: set[Delivery] = set()
        self._agreed: list[Event] | None = None
        self._idle = Event()
        self._link = Link(address, name, prepare=self._prepare, on_lost=self._lose, on_away=on_away)

    @property
    def in_hand(self) -> int:
        """How many deliveries are not settled."""
        return len(self._in_hand)

    @property
    def usable(self) -> bool:
        """Whether the connection is up."""
        return self._link.usable

    def open(self, within: float | None = None) -> None:
        """Connect and consume. Raises BrokerUnavailable when not up ``within`` so many seconds (it keeps trying)."""
        self._link.open(within)

    def stop_consuming(self, within: float = 5.0) -> None:
        """Take no more messages; return when the broker has agreed. What is in hand may still be settled."""
        if self._agreed is None:
            self._agreed = [Event() for _ in self._subscriptions]
            self._ask_to_stop(self._agreed)
        with eventlet.Timeout(within, False):
            for event in self._agreed:
                event.wait()

    def drain(self, within: float) -> bool:
        """Wait at most that many seconds until nothing is in hand; tell whether that is so."""
        with eventlet.Timeout(within, False):
            while self._in_hand:
                self._idle = Event()
                self._idle.wait()
        return not self._in_hand

    def close(self) -> None:
        """Close the connection. The broker gives what is still in hand to somebody else."""
        self._link.close()
        self._lose()

    def _ask_to_stop(self, agreed: list[Event]) -> None:
        try:
            for subscription, event in zip(self._subscriptions, agreed, strict=True):
                self._link.write(partial(_cancel, tag=subscription.queue, then=event.send))
        except BrokerUnavailable:  # then it delivers nothing either
            _send_all(agreed)

    def _prepare(self, channel: Any) -> None:
        self._declare(Topology(channel))
        if self._agreed is None:
            channel.basic_qos(0, self._prefetch, False)
            for subscription in self._subscriptions:
                self._consume(channel, subscription)

    def _consume(self, channel: Any, subscription: Subscription) -> None:
        tag = subscription.queue
        channel.basic_consume(tag, consumer_tag=tag, callback=partial(self._receive, channel, subscription.handle))

    def _receive(self, channel: Any, handle: Callable[[Delivery], None], raw: Any) -> None:
        delivery = Delivery(raw, channel, self._settled)
        self._in_hand.add(delivery)
        handle(delivery)

    def _settled(self, delivery: Delivery) -> None:
        self._in_hand.discard(delivery)
        if not self._in_hand and not self._idle.ready():
            self._idle.send()

    def _lose(self) -> None:
        _send_all(self._agreed or [])
        for delivery in list(self._in_hand):
            self._settled(delivery)


def _cancel(channel: Any, *, tag: str, then: Callable[[], None]) -> None:
    channel.cancel(tag, then)


def _send_all(events: list[Event]) -> None:
    for event in events:
        if not event.ready():
            event.send()
