"""py-amqp made cheaper to run under eventlet.

* One ``recv`` takes all that has arrived; py-amqp asks the kernel three times a frame.
* Publishing only writes. py-amqp reads first, to hear of an alarm, which under eventlet collides with the
  green thread that reads the connection; here that thread hears of it (`Link` keeps the flag).
"""

from collections.abc import Callable
from errno import EAGAIN, EINTR
from typing import Any

from amqp import spec
from amqp.exceptions import RecoverableConnectionError
from amqp.serialization import dumps
from amqp.transport import TCPTransport
from kombu import Connection as KombuConnection
from kombu.transport import pyamqp

import chassis.memory  # registers inprocess:// with kombu
from chassis.broker.address import Address

RECEIVE_BYTES = 65536


class BufferedTransport(TCPTransport):
    """A TCP transport that reads as much as there is."""

    def _read(self, n: int, initial: bool = False, _errnos: tuple[int, ...] = (EAGAIN, EINTR)) -> bytes:  # noqa: ARG002 - py-amqp's signature
        buffer = self._read_buffer
        while len(buffer) < n:
            received = self._quick_recv(RECEIVE_BYTES)
            if not received:
                raise OSError("the broker closed the connection")
            buffer += received
        self._read_buffer = buffer[n:]
        return bytes(buffer[:n])


class QuickChannel(pyamqp.Channel):
    """A channel whose publish is one write."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._on_cancelled: dict[str, Callable[[], Any]] = {}
        super().__init__(*args, **kwargs)

    def basic_publish(self, message: Any, exchange: str = "", routing_key: str = "", mandatory: bool = False, **_: Any) -> None:
        """Write one message. Raises RecoverableConnectionError when the connection is closed."""
        connection = self.connection
        if connection is None:
            raise RecoverableConnectionError("the connection is closed")
        arguments = dumps("Bssbb", (0, exchange, routing_key, mandatory, False))
        connection.frame_writer(1, self.channel_id, spec.Basic.Publish, arguments, message)

    def cancel(self, consumer_tag: str, then: Callable[[], Any]) -> None:
        """Ask for no more deliveries; ``then`` is called (by the reading thread) when the last one is in."""
        self._on_cancelled[consumer_tag] = then
        self.send_method(spec.Basic.Cancel, "sb", (consumer_tag, False))

    def _on_basic_cancel_ok(self, consumer_tag: str) -> None:
        super()._on_basic_cancel_ok(consumer_tag)
        self._on_cancelled.pop(consumer_tag, int)()


class QuickConnection(pyamqp.Connection):
    """A connection made of the two."""

    Channel = QuickChannel

    def sever(self) -> None:
        """Close the socket at once: whoever reads or writes it gets an OSError."""
        if self._transport is not None:
            self._transport.close()

    def Transport(self, host: str, connect_timeout: float, ssl: Any = False, *args: Any, **kwargs: Any) -> Any:  # noqa: N802 - py-amqp's name
        """Return the transport that `connect` uses: buffered, unless TLS buffers already."""
        if ssl:
            return super().Transport(host, connect_timeout, ssl, *args, **kwargs)
        return BufferedTransport(host, connect_timeout, *args, **kwargs)


class QuickTransport(pyamqp.Transport):
    """The kombu transport that makes such connections."""

    Connection = QuickConnection


def transport_for(address: Address, **callbacks: Any) -> Any:
    """Return a kombu transport, not yet connected, for the broker at ``address``."""
    if address.is_inprocess:
        return KombuConnection(address.uri).transport
    secure = address.uri.startswith("amqps:")
    return KombuConnection(
        address.uri,
        transport=QuickTransport,
        ssl=secure,
        heartbeat=address.heartbeat,
        connect_timeout=address.connect_within,
        transport_options=callbacks,
    ).transport
