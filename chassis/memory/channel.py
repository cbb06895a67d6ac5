"""A channel: the AMQP methods, as kombu and the chassis call them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from amqp.basic_message import Message as Raw
from amqp.exceptions import NoConsumers, NotFound, PreconditionFailed, RecoverableConnectionError
from amqp.protocol import queue_declare_ok_t
from kombu.transport.base import StdChannel
from kombu.transport.pyamqp import Message as KombuMessage

from chassis.memory.queue import Kept, Queue, Taker
from chassis.memory.routing import Exchange

if TYPE_CHECKING:
    from chassis.memory.transport import MemoryConnection

REPLY_TO = "amq.rabbitmq.reply-to"

_numbers = count(1)


class Channel(StdChannel):
    """One channel of one connection."""

    Message = KombuMessage

    def __init__(self, connection: MemoryConnection) -> None:
        self.connection: MemoryConnection | None = connection
        self.channel_id = next(_numbers)
        self.events: defaultdict[str, set[Callable[..., None]]] = defaultdict(set)
        self._broker = connection.broker
        self._prefetch = 0
        self._tags = count(1)
        self._published = count(1)
        self._confirming = False
        self._unsettled: dict[int, tuple[str, Kept, Queue]] = {}
        self._consumed: dict[str, Queue] = {}
        self._reply_to = ""

    # --- topology ---

    def exchange_declare(self, exchange: str, type: str = "direct", passive: bool = False, **_: Any) -> None:  # noqa: A002 - AMQP's name
        """Declare an exchange."""
        if passive and exchange not in self._broker.exchanges:
            raise NotFound(f"no exchange {exchange}")
        self._broker.exchanges.setdefault(exchange, Exchange(type))

    def exchange_delete(self, exchange: str, **_: Any) -> None:
        """Delete an exchange with its bindings."""
        self._broker.exchanges.pop(exchange, None)

    def queue_declare(
        self, queue: str = "", passive: bool = False, arguments: Mapping[str, Any] | None = None, **_: Any
    ) -> queue_declare_ok_t:
        """Declare a queue; return its name and how many messages and consumers it has."""
        name = queue or f"amq.gen-{next(_numbers)}"
        if passive and name not in self._broker.queues:
            raise NotFound(f"no queue {name}")
        declared = self._broker.declare_queue(name, arguments or {})
        return queue_declare_ok_t(name, len(declared.waiting), len(declared.takers))

    def queue_bind(self, queue: str, exchange: str = "", routing_key: str = "", **_: Any) -> None:
        """Let a queue receive what an exchange routes to it."""
        self._broker.exchanges.setdefault(exchange, Exchange()).bindings.add((routing_key, queue))

    def queue_unbind(self, queue: str, exchange: str = "", routing_key: str = "", **_: Any) -> None:
        """Take a binding back."""
        self._broker.exchanges.setdefault(exchange, Exchange()).bindings.discard((routing_key, queue))

    def queue_delete(self, queue: str, **_: Any) -> None:
        """Delete a queue with what is in it."""
        self._broker.delete_queue(queue)

    def queue_purge(self, queue: str, **_: Any) -> int:
        """Empty a queue; return how many messages were dropped."""
        waiting = self._broker.declare_queue(queue, {}).waiting
        dropped = len(waiting)
        waiting.clear()
        return dropped

    # --- publishing ---

    def prepare_message(
        self,
        body: Any,
        priority: int | None = None,
        content_type: str | None = None,
        content_encoding: str | None = None,
        headers: Mapping[str, Any] | None = None,
        properties: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return a message as `basic_publish` takes it."""
        given = {
            "priority": priority,
            "content_type": content_type,
            "content_encoding": content_encoding,
            "application_headers": dict(headers or {}),
            **(properties or {}),
        }
        raw: Any = Raw
        return raw(body, **{name: value for name, value in given.items() if value is not None})

    def message_to_python(self, raw: Any) -> Any:
        """Return kombu's view of a raw message."""
        view: Any = KombuMessage
        return view(raw, channel=self)

    def basic_publish(self, message: Any, exchange: str = "", routing_key: str = "", mandatory: bool = False, **_: Any) -> None:
        """Publish; say so to the ``basic_return``, ``basic_nack`` and ``basic_ack`` listeners."""
        self._must_be_open()
        body = message.body.encode() if isinstance(message.body, str) else message.body
        matched, kept = self._broker.publish(body, self._addressed(message.properties), exchange, routing_key)
        if mandatory and not matched:
            self._tell("basic_return", NoConsumers("NO_ROUTE"), exchange, routing_key, message)
        if self._confirming:
            self._tell("basic_nack" if kept < matched else "basic_ack", next(self._published), False)

    basic_publish_confirm = basic_publish

    def confirm_select(self, nowait: bool = False) -> None:  # noqa: ARG002 - AMQP's signature
        """Confirm what is published from now on."""
        self._confirming = True

    def _addressed(self, properties: dict[str, Any]) -> dict[str, Any]:
        if properties.get("reply_to") != REPLY_TO:
            return properties
        if not self._reply_to:
            raise PreconditionFailed("fast reply consumer does not exist")
        return {**properties, "reply_to": self._reply_to}

    # --- consuming ---

    def basic_qos(self, prefetch_size: int = 0, prefetch_count: int = 0, a_global: bool = False, **_: Any) -> None:  # noqa: ARG002 - AMQP's signature
        """Bound how many messages of one consumer may be unsettled; 0: no bound."""
        self._prefetch = prefetch_count

    def basic_consume(
        self, queue: str = "", consumer_tag: str = "", no_ack: bool = False, callback: Callable[[Any], Any] = print, **_: Any
    ) -> str:
        """Consume a queue; return the consumer's tag."""
        tag = consumer_tag or f"ctag-{next(_numbers)}"
        if queue == REPLY_TO:
            self._listen_for_replies(callback)
            return tag
        known = self._broker.queues.get(queue)
        if known is None:
            raise NotFound(f"no queue {queue}")
        self._consumed[tag] = known
        known.takers.append(Taker(self._key(tag), partial(self._has_room, tag), partial(self._take, tag, no_ack, callback)))
        known.serve()
        return tag

    def cancel(self, consumer_tag: str, then: Callable[[], Any]) -> None:
        """Ask for no more deliveries; ``then`` is called when the last one is in."""
        self.basic_cancel(consumer_tag)
        self._must_be_open().post(then)

    def basic_cancel(self, consumer_tag: str, **_: Any) -> None:
        """Take no more messages of a consumer."""
        queue = self._consumed.pop(consumer_tag, None)
        if queue is not None:
            queue.leave(self._key(consumer_tag))

    def basic_get(self, queue: str, no_ack: bool = False, **_: Any) -> Any:
        """Take one message; None when the queue is empty."""
        known = self._broker.declare_queue(queue, {})
        message = known.pop()
        return None if message is None else self._handed("", no_ack, message, known)

    def basic_ack(self, delivery_tag: int, multiple: bool = False) -> None:
        """Settle a message, or all up to it: done."""
        for _tag, _message, queue in self._settle(delivery_tag, multiple):
            queue.serve()

    def ack_soon(self, delivery_tag: int) -> None:
        """Settle a message: done. Here that costs nothing, so it is done at once."""
        self.basic_ack(delivery_tag)

    def basic_reject(self, delivery_tag: int, requeue: bool) -> None:
        """Settle a message: back to the queue, or to its dead-letter queue."""
        for _tag, message, queue in self._settle(delivery_tag, multiple=False):
            if requeue:
                queue.give_back(message)
            else:
                queue.dead_letter(queue, message)
            queue.serve()

    def basic_recover(self, requeue: bool = True) -> None:  # noqa: ARG002 - AMQP's signature
        """Give everything that is not settled back."""
        for delivery_tag in sorted(self._unsettled, reverse=True):
            self.basic_reject(delivery_tag, requeue=True)

    def close(self) -> None:
        """Close: what is not settled goes back to its queue."""
        connection, self.connection = self.connection, None
        if connection is None:
            return
        connection.channels.discard(self)
        for tag in list(self._consumed):
            self.basic_cancel(tag)
        self._broker.direct.pop(self._reply_to, None)
        self.basic_recover()

    # --- inside ---

    def _must_be_open(self) -> MemoryConnection:
        if self.connection is None:
            raise RecoverableConnectionError("the channel is closed")
        return self.connection

    def _key(self, consumer_tag: str) -> str:
        return f"{self.channel_id}.{consumer_tag}"

    def _tell(self, event: str, *values: Any) -> None:
        for listener in list(self.events[event]):
            listener(*values)

    def _has_room(self, tag: str) -> bool:
        if not self._prefetch:
            return True
        return sum(1 for held, _, _ in self._unsettled.values() if held == tag) < self._prefetch

    def _take(self, tag: str, no_ack: bool, callback: Callable[[Any], Any], message: Kept, queue: Queue) -> None:
        handed = self._handed(tag, no_ack, message, queue)
        self._must_be_open().post(partial(callback, handed))

    def _handed(self, tag: str, no_ack: bool, message: Kept, queue: Queue) -> Any:
        delivery_tag = next(self._tags)
        if not no_ack:
            self._unsettled[delivery_tag] = (tag, message, queue)
        return _raw(message, tag, delivery_tag, self)

    def _settle(self, delivery_tag: int, multiple: bool) -> list[tuple[str, Kept, Queue]]:
        tags = [tag for tag in self._unsettled if tag <= delivery_tag] if multiple else [delivery_tag]
        return [self._unsettled.pop(tag) for tag in tags if tag in self._unsettled]

    def _listen_for_replies(self, callback: Callable[[Any], Any]) -> None:
        self._reply_to = f"{REPLY_TO}.{self.channel_id}"
        post = self._must_be_open().post
        self._broker.direct[self._reply_to] = lambda kept: post(partial(callback, _raw(kept, "", 0, self)))


def _raw(message: Kept, consumer_tag: str, delivery_tag: int, channel: Channel) -> Any:
    raw = Raw(message.body, channel=channel, **message.properties)
    raw.delivery_info = {
        "consumer_tag": consumer_tag,
        "delivery_tag": delivery_tag,
        "redelivered": message.deliveries > 1,
        "exchange": message.exchange,
        "routing_key": message.routing_key,
    }
    return raw
