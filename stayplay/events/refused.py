"""What services could not make an event of: messages in the broker's dead-letter queues.

Nothing of their bodies is ever shown: who sent them is not known.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kombu.connection import Connection

from chassis.events.topology import dead_queue

AT_MOST = 1000


@dataclass(frozen=True, slots=True)
class Refused:
    """A message in a dead-letter queue.

    Attributes:
        service: whose.
        queue: where it was before; empty when the broker does not say.
        size: of its body, in bytes.
    """

    service: str
    queue: str
    size: int


class DeadQueues:
    """The dead-letter queues of the services.

    Args:
        amqp_uri: the broker. The in-process broker has none that another process could see.
    """

    def __init__(self, amqp_uri: str) -> None:
        self._uri = amqp_uri

    def listed(self, service: str) -> list[Refused]:
        """Return what is in the queue of ``service``, leaving it there."""
        with self._channel() as channel:
            return [_refused(service, message) for message in _taken(channel, service)]  # given back as the channel closes

    def replay(self, service: str) -> int:
        """Put what is in the queue of ``service`` back where it was; return how many there were."""
        with self._channel() as channel:
            count = 0
            for message in _taken(channel, service):
                channel.basic_publish(channel.prepare_message(_body(message), properties=_properties(message)), routing_key=_queue(message))
                channel.basic_ack(message.delivery_info["delivery_tag"])
                count += 1
            return count

    def discard(self, service: str) -> int:
        """Empty the queue of ``service``; return how many messages there were."""
        with self._channel() as channel:
            return sum(channel.basic_ack(message.delivery_info["delivery_tag"]) is not False for message in _taken(channel, service))

    @contextmanager
    def _channel(self) -> Iterator[Any]:
        with Connection(self._uri, connect_timeout=5, transport_options={"confirm_publish": True}) as connection:  # type: ignore[no-untyped-call]  # kombu is half typed
            yield connection.channel()


def _taken(channel: Any, service: str) -> Iterator[Any]:
    channel.queue_declare(dead_queue(service), durable=True, auto_delete=False)
    for _ in range(AT_MOST):
        message = channel.basic_get(dead_queue(service))
        if message is None:
            return
        if _queue(message):
            yield message


def _refused(service: str, message: Any) -> Refused:
    return Refused(service, _queue(message), len(_body(message)))


def _body(message: Any) -> bytes:
    """Return the bytes as they came; the library turns what says how it is encoded into text."""
    body: str | bytes = message.body
    return body.encode(message.properties.get("content_encoding") or "utf-8") if isinstance(body, str) else body


def _queue(message: Any) -> str:
    headers: Mapping[str, Any] = message.headers or {}
    return str(headers.get("x-first-death-queue", ""))


def _properties(message: Any) -> dict[str, Any]:
    kept = ("content_type", "message_id", "type", "correlation_id", "delivery_mode")
    return {name: message.properties[name] for name in kept if name in message.properties}
