"""A publisher that knows what became of each message."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import eventlet
from eventlet.event import Event
from eventlet.semaphore import Semaphore

from chassis.broker.address import Address
from chassis.broker.faults import BrokerAway, BrokerFault, BrokerUnavailable, NotConfirmed, NotRouted
from chassis.broker.link import Link, ignore
from chassis.broker.message import Outgoing, to_wire
from chassis.broker.topology import Topology
from chassis.ids import new_id

Outcome = BrokerFault | None


class ConfirmingPublisher:
    """Publishes on a connection of its own, mandatory, and waits for the broker's confirm.

    Safe to use from many green threads at once: their messages share the connection and wait side by side.
    """

    def __init__(
        self,
        address: Address,
        name: str,
        *,
        declare: Callable[[Topology], None] = ignore,
        confirm_within: float = 5.0,
        on_away: Callable[[BrokerAway], None] = ignore,
    ) -> None:
        """Describe the publisher; `open` connects it.

        Args:
            address: where the broker is.
            name: what it publishes, in log lines.
            declare: called with each new connection, before anything is published.
            confirm_within: seconds that the broker may take to confirm; then the connection is closed hard.
            on_away: called once when the broker has been away for too long.
        """
        self._declare = declare
        self._confirm_within = confirm_within
        self._confirms = Confirms()
        self._turn = Semaphore(1)
        self._link = Link(address, name, prepare=self._prepare, on_lost=self._lose, on_away=on_away)

    def open(self, within: float | None = None) -> None:
        """Connect. Raises BrokerUnavailable when not up ``within`` so many seconds (it keeps trying)."""
        self._link.open(within)

    @property
    def usable(self) -> bool:
        """Whether a message could be published now."""
        return self._link.usable

    def publish(self, message: Outgoing) -> None:
        """Publish one message and wait until the broker has it.

        Raises:
            BrokerUnavailable: no connection, or an alarm at the broker.
            NotConfirmed: the broker refused it or was too slow; it may or may not have it.
            NotRouted: no queue takes it.
        """
        (outcome,) = self.publish_all([message])
        if outcome is not None:
            raise outcome

    def publish_all(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        """Publish several at once; return for each None when it was confirmed, else what went wrong."""
        sent = [self._send(message) for message in messages]
        with eventlet.Timeout(self._confirm_within, False):
            for waiter in sent:
                waiter.wait()
        if not all(waiter.ready() for waiter in sent):
            self._link.sever()
        return [waiter.wait() if waiter.ready() else NotConfirmed("no confirm in time") for waiter in sent]

    def close(self) -> None:
        """Close the connection. What was not confirmed by now counts as not confirmed."""
        self._link.close()
        self._lose()

    def _prepare(self, channel: Any) -> None:
        self._declare(Topology(channel))
        self._confirms = Confirms()
        self._confirms.listen(channel)

    def _send(self, message: Outgoing) -> Event:
        waiter = Event()
        try:
            with self._turn:
                self._link.write(lambda channel: self._write(channel, message, waiter))
        except BrokerUnavailable as fault:
            if not waiter.ready():
                waiter.send(fault)
        return waiter

    def _write(self, channel: Any, message: Outgoing, waiter: Event) -> None:
        message_id = message.message_id or str(new_id())
        self._confirms.expect(message_id, waiter)
        channel.basic_publish(
            to_wire(channel, message, message_id=message_id),
            exchange=message.exchange,
            routing_key=message.routing_key,
            mandatory=True,
        )

    def _lose(self) -> None:
        self._confirms.lose()


class Confirms:
    """What was published on one channel and is not yet confirmed."""

    def __init__(self) -> None:
        self._last = 0
        self._waiting: dict[int, tuple[str, Event]] = {}

    def listen(self, channel: Any) -> None:
        """Put the channel in confirm mode and hear what it says."""
        channel.confirm_select()
        channel.events["basic_ack"].add(partial(self._settle, None))
        channel.events["basic_nack"].add(partial(self._settle, NotConfirmed("the broker refused the message")))
        channel.events["basic_return"].add(self._return)

    def expect(self, message_id: str, waiter: Event) -> None:
        """Count a message that is about to be written."""
        self._last += 1
        self._waiting[self._last] = (message_id, waiter)

    def lose(self) -> None:
        """Tell every waiter that its message was not confirmed."""
        self._settle(NotConfirmed("the connection was lost before the confirm"), self._last, True)

    def _settle(self, outcome: Outcome, number: int, multiple: bool) -> None:
        numbers = [n for n in self._waiting if n <= number] if multiple else [number]
        for n in numbers:
            _, waiter = self._waiting.pop(n, ("", None))
            if waiter is not None and not waiter.ready():
                waiter.send(outcome)

    def _return(self, _fault: Exception, exchange: str, routing_key: str, message: Any) -> None:
        returned = message.properties["message_id"]
        for message_id, waiter in self._waiting.values():
            if message_id == returned and not waiter.ready():
                waiter.send(NotRouted(f"no queue takes {exchange}/{routing_key}"))
