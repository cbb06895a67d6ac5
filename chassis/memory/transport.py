"""Connections to the broker in this process, and the kombu transport that makes them."""

from collections.abc import Callable
from typing import Any

import amqp
from eventlet.queue import Empty, LightQueue
from kombu.transport import base

from chassis.memory.broker import broker_named
from chassis.memory.channel import Channel


class MemoryConnection:
    """A connection: deliveries wait in its inbox until the thread that drains it takes them."""

    def __init__(self, name: str) -> None:
        self.broker = broker_named(name)
        self.channels: set[Channel] = set()
        self.connected = True
        self.client: Any = None
        self._inbox: LightQueue = LightQueue()

    def channel(self) -> Channel:
        """Open a channel."""
        channel = Channel(self)
        self.channels.add(channel)
        return channel

    def post(self, what: Callable[[], Any]) -> None:
        """Put something into the inbox; whoever drains it wakes up."""
        self._inbox.put(what)

    def drain_events(self, timeout: float | None = None) -> None:
        """Wait for one delivery and hand it over.

        Raises:
            TimeoutError: nothing came in ``timeout`` seconds.
            ConnectionResetError: the connection is closed.
        """
        try:
            what = self._inbox.get(timeout=timeout)
        except Empty:
            raise TimeoutError("nothing came") from None
        if not self.connected:
            raise ConnectionResetError("the connection is closed")
        what()

    def sever(self) -> None:
        """Close it: what is not settled goes back to its queues, whoever drains it gets an error."""
        self.connected = False
        for channel in list(self.channels):
            channel.close()
        self.post(int)

    close = collect = discard = sever


class Transport(base.Transport):
    """kombu's transport for ``inprocess://name``."""

    Connection = MemoryConnection
    driver_type = driver_name = "inprocess"
    connection_errors = amqp.Connection.connection_errors
    channel_errors = amqp.Connection.channel_errors
    recoverable_connection_errors = amqp.Connection.recoverable_connection_errors
    recoverable_channel_errors = amqp.Connection.recoverable_channel_errors
    default_connection_params = {"hostname": "default", "port": 0}  # noqa: RUF012 - kombu reads a plain dict
    implements = base.Transport.implements.extend(
        asynchronous=False, heartbeats=False, exchange_type=frozenset({"direct", "topic", "fanout"})
    )

    def establish_connection(self) -> MemoryConnection:
        """Connect to the broker that the address names."""
        connection = MemoryConnection(getattr(self.client, "hostname", None) or "default")
        connection.client = self.client
        return connection

    def create_channel(self, connection: MemoryConnection) -> Channel:
        """Open a channel."""
        return connection.channel()

    def drain_events(self, connection: MemoryConnection, timeout: float | None = None, **_: Any) -> None:
        """Wait for one delivery and hand it over."""
        connection.drain_events(timeout=timeout)

    def verify_connection(self, connection: MemoryConnection) -> bool:
        """Tell whether the connection is open."""
        return connection.connected

    def close_connection(self, connection: MemoryConnection) -> None:
        """Close the connection."""
        connection.close()

    def driver_version(self) -> str:
        """Say that there is none."""
        return "1"
