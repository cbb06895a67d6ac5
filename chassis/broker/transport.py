"""py-amqp made cheaper to run under eventlet, and impatient with a broker that does not read.

* One ``recv`` takes all that has arrived; py-amqp asks the kernel three times a frame.
* Publishing only writes. py-amqp reads first, to hear of an alarm, which under eventlet collides with the
  green thread that reads the connection; here that thread hears of it (`Link` keeps the flag).
* A write that the kernel takes at once needs no timer; one that it does not take has ``write_timeout`` seconds.
"""

from collections.abc import Callable
from contextlib import suppress
from socket import SHUT_RDWR
from struct import Struct
from typing import Any

import eventlet
from amqp import spec
from amqp.exceptions import RecoverableConnectionError, UnexpectedFrame
from amqp.serialization import dumps
from amqp.transport import SSLTransport, TCPTransport
from eventlet.timeout import Timeout
from kombu.connection import Connection as KombuConnection
from kombu.transport import pyamqp

import chassis.memory  # noqa: F401 - it tells kombu what inprocess:// is
from chassis.broker.address import Address
from chassis.broker.frames import frame_handler

RECEIVE_BYTES = 65536
FRAME_END = 0xCE
HEADER = Struct(">BHI")
ACK = Struct(">Q?")
ACK_FRAME = Struct(">BHIHHQBB")
ACK_FRAME_SIZE = 13
ACKS_TOGETHER = 4
ACKS_WITHIN = 0.005


class Impatient:
    """What both transports do when the broker does not take what we write."""

    sock: Any
    write_timeout: float

    def sever(self) -> None:
        """Shut the socket down. Only a shutdown wakes the green thread that reads it; a close does not."""
        with suppress(OSError):
            if self.sock is not None:
                self.sock.shutdown(SHUT_RDWR)

    def _socket(self) -> Any:
        if self.sock is None:
            raise ConnectionResetError("the connection is closed")
        return self.sock

    def _finish(self, data: Any) -> None:
        """Write the rest in time, or close: half a frame can't be taken back."""
        socket = self._socket()
        try:
            with Timeout(self.write_timeout, TimeoutError("the broker does not read")):
                socket.sendall(data)
        except TimeoutError:
            self.sever()
            raise


class QuickTransport(Impatient, TCPTransport):
    """A TCP transport that reads as much as there is."""

    _read_buffer: bytes

    def _setup_transport(self) -> None:
        super()._setup_transport()
        self._write = self._send

    def _send(self, data: Any) -> None:
        try:
            sent = self._socket().fd.send(data)  # the socket beneath eventlet's: it takes what it can, and returns
        except BlockingIOError:
            sent = 0
        if sent < len(data):
            self._finish(data[sent:])

    def read_frame(self, unpack: Any = None) -> tuple[int, int, bytes]:
        """Return the type, the channel and the payload of the next frame."""
        del unpack
        while True:
            buffer = self._read_buffer
            if len(buffer) >= HEADER.size:
                kind, channel, size = HEADER.unpack_from(buffer)
                end = HEADER.size + size
                if len(buffer) > end:
                    self._read_buffer = buffer[end + 1 :]
                    return _checked(kind, channel, buffer, end)
            self._receive()

    def _receive(self) -> None:
        try:
            received = self._quick_recv(RECEIVE_BYTES)
            if not received:
                raise ConnectionResetError("the broker closed the connection")
        except TimeoutError:
            raise
        except OSError:
            self.connected = False
            raise
        self._read_buffer += received


def _checked(kind: int, channel: int, buffer: bytes, end: int) -> tuple[int, int, bytes]:
    if buffer[end] != FRAME_END:
        raise UnexpectedFrame("a frame did not end where it should")
    return kind, channel, buffer[HEADER.size : end]


class QuickSecureTransport(Impatient, SSLTransport):
    """A TLS transport; OpenSSL buffers what it reads already."""

    def _write(self, data: Any) -> None:
        self._finish(data)


class QuickChannel(pyamqp.Channel):
    """A channel whose publish and acknowledgement are one write each."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._acks: list[bytes] = []
        self._on_cancelled: dict[str, Callable[[], Any]] = {}
        super().__init__(*args, **kwargs)

    def basic_publish(self, message: Any, exchange: str = "", routing_key: str = "", mandatory: bool = False, **_: Any) -> None:
        """Write one message. Raises RecoverableConnectionError when the connection is closed."""
        arguments = dumps("Bssbb", (0, exchange, routing_key, mandatory, False))
        self._open_connection().frame_writer(1, self.channel_id, spec.Basic.Publish, arguments, message)

    def basic_ack(self, delivery_tag: int, multiple: bool = False) -> None:
        """Write one acknowledgement. Raises RecoverableConnectionError when the connection is closed."""
        self._open_connection().frame_writer(1, self.channel_id, spec.Basic.Ack, ACK.pack(delivery_tag, multiple), None)

    def ack_soon(self, delivery_tag: int) -> None:
        """Acknowledge within milliseconds, several in one write. For a channel that does not publish."""
        self._acks.append(ACK_FRAME.pack(1, self.channel_id, ACK_FRAME_SIZE, *spec.Basic.Ack, delivery_tag, 0, FRAME_END))
        if len(self._acks) >= ACKS_TOGETHER:
            self.write_acks()
        elif len(self._acks) == 1:
            eventlet.spawn_after(ACKS_WITHIN, self.write_acks)

    def write_acks(self) -> None:
        """Write the acknowledgements that wait; where the connection is gone the broker has taken the messages back."""
        waiting, self._acks = self._acks, []
        if waiting and self.connection is not None:
            with suppress(OSError):
                self.connection.write_bytes(b"".join(waiting))

    def cancel(self, consumer_tag: str, then: Callable[[], Any]) -> None:
        """Ask for no more deliveries; ``then`` is called (by the reading thread) when the last one is in."""
        self._on_cancelled[consumer_tag] = then
        self.send_method(spec.Basic.Cancel, "sb", (consumer_tag, False))

    def _open_connection(self) -> Any:
        if self.connection is None:
            raise RecoverableConnectionError("the connection is closed")
        return self.connection

    def _on_basic_cancel_ok(self, consumer_tag: str) -> None:
        super()._on_basic_cancel_ok(consumer_tag)
        self._on_cancelled.pop(consumer_tag, int)()


class QuickConnection(pyamqp.Connection):
    """A connection made of these."""

    Channel = QuickChannel

    def Transport(  # noqa: N802 - py-amqp's name
        self,
        host: str,
        connect_timeout: float,
        ssl: Any = False,
        read_timeout: float | None = None,
        write_timeout: float | None = None,
        **kwargs: Any,
    ) -> Any:
        """Return the transport that `connect` uses."""
        bounds = {"read_timeout": read_timeout, "write_timeout": write_timeout}
        if ssl:
            return QuickSecureTransport(host, connect_timeout, ssl, **bounds, **kwargs)
        return QuickTransport(host, connect_timeout, **bounds, **kwargs)

    def blocking_read(self, timeout: float | None = None) -> Any:
        """Read one frame and act on it."""
        if timeout is not None:
            return super().blocking_read(timeout)
        return self.on_inbound_frame(self.transport.read_frame())

    def write_bytes(self, frames: bytes) -> None:
        """Write whole frames."""
        self.transport.write(frames)
        self.bytes_sent += 1

    def close(self, *args: Any, **kwargs: Any) -> Any:
        """Close in good manners: first everything that is done with is acknowledged."""
        for channel in list((self.channels or {}).values()):
            if isinstance(channel, QuickChannel):
                channel.write_acks()
        return super().close(*args, **kwargs)

    def sever(self) -> None:
        """End the conversation at once: whoever reads or writes wakes up with an OSError."""
        if self._transport is not None:
            self._transport.sever()

    def discard(self) -> None:
        """Close the socket, when nobody reads it any more."""
        if self._transport is not None:
            self._transport.close()


class QuickKombuTransport(pyamqp.Transport):
    """The kombu transport that makes such connections."""

    Connection = QuickConnection


def transport_for(address: Address, **callbacks: Any) -> Any:
    """Return a kombu transport, not yet connected, for the broker at ``address``."""
    if address.is_inprocess:
        return _kombu(address.uri)
    return _kombu(
        address.uri,
        transport=QuickKombuTransport,
        ssl={"server_hostname": None} if address.uri.startswith("amqps:") else False,  # None: the address's own, and it is checked
        heartbeat=address.heartbeat,
        connect_timeout=address.connect_within,
        transport_options={**callbacks, "write_timeout": address.write_within, "frame_handler": frame_handler},
    )


def _kombu(uri: str, **options: Any) -> Any:
    connection: Any = KombuConnection
    return connection(uri, **options).transport
