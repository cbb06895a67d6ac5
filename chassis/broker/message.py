"""Messages as they leave and as they arrive."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chassis.broker.faults import LOST

HeaderValue = str | int | bool

PERSISTENT, TRANSIENT = 2, 1


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to publish.

    Attributes:
        body: the bytes that cross.
        routing_key: with an empty exchange, the name of the queue.
        exchange: empty for the default exchange.
        persistent: survives a restart of the broker in a durable queue.
        expires_in_ms: dropped by the broker when nobody took it by then.
    """

    body: bytes
    routing_key: str
    exchange: str = ""
    headers: Mapping[str, HeaderValue] = field(default_factory=dict)
    content_type: str = "application/json"
    message_id: str = ""
    type: str = ""
    correlation_id: str = ""
    reply_to: str = ""
    persistent: bool = True
    expires_in_ms: int | None = None


def to_wire(channel: Any, message: Outgoing, **properties: Any) -> Any:
    """Return ``message`` as the channel publishes it; ``properties`` replace the message's own."""
    values = {
        "message_id": message.message_id,
        "type": message.type,
        "correlation_id": message.correlation_id,
        "reply_to": message.reply_to,
        "delivery_mode": PERSISTENT if message.persistent else TRANSIENT,
        "expiration": "" if message.expires_in_ms is None else str(message.expires_in_ms),
        **properties,
    }
    return channel.prepare_message(
        message.body,
        content_type=message.content_type,
        headers=dict(message.headers),
        properties={name: value for name, value in values.items() if value},
    )


class Delivery:
    """A message as it arrived. Exactly one of `ack` and `reject` settles it; a second settling does nothing.

    When the connection it came on is gone, settling does nothing: the broker has taken it back already.
    """

    __slots__ = ("_channel", "_raw", "_settled", "_still")

    def __init__(self, raw: Any, channel: Any, settled: Callable[["Delivery"], None] | None = None) -> None:
        self._raw = raw
        self._channel = channel
        self._settled = settled
        self._still = True

    @property
    def body(self) -> bytes:
        """The bytes that were sent."""
        body = self._raw.body
        return body.encode() if isinstance(body, str) else bytes(body)

    @property
    def properties(self) -> Mapping[str, Any]:
        """The AMQP properties: ``content_type``, ``message_id``, ``reply_to`` and so on."""
        properties: Mapping[str, Any] = self._raw.properties
        return properties

    @property
    def headers(self) -> Mapping[str, Any]:
        """The application's headers. Anybody may set any: believe none that is not signed."""
        return self.properties.get("application_headers") or {}

    @property
    def routing_key(self) -> str:
        """The key that it was published with."""
        return str(self._raw.delivery_info["routing_key"])

    @property
    def redelivered(self) -> bool:
        """Whether the broker gave it to somebody before."""
        return bool(self._raw.delivery_info["redelivered"])

    def ack(self) -> None:
        """Tell the broker that it is done with."""
        self._settle(lambda channel, tag: channel.basic_ack(tag))

    def ack_soon(self) -> None:
        """Tell the broker within milliseconds, several in one write: cheaper, where a repetition would be harmless."""
        self._settle(lambda channel, tag: channel.ack_soon(tag))

    def reject(self, *, requeue: bool = False) -> None:
        """Hand it back to the queue, or without ``requeue`` to the queue's dead-letter queue."""
        self._settle(lambda channel, tag: channel.basic_reject(tag, requeue))

    def _settle(self, how: Callable[[Any, int], Any]) -> None:
        if not self._still:
            return
        self._still = False
        try:
            if self._channel.connection is not None:
                how(self._channel, self._raw.delivery_info["delivery_tag"])
        except LOST:
            pass
        finally:
            if self._settled is not None:
                self._settled(self)
