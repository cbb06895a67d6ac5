"""The brokers of this process, by name: their exchanges and queues."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from chassis.memory.queue import Kept, Queue
from chassis.memory.routing import Exchange

_brokers: dict[str, "Broker"] = {}


def broker_named(name: str) -> "Broker":
    """Return the broker of that name; a new one when there is none."""
    return _brokers.setdefault(name, Broker())


def forget(name: str) -> None:
    """Drop the broker of that name with all that is in it."""
    _brokers.pop(name, None)


class Broker:
    """Exchanges and queues."""

    def __init__(self) -> None:
        self.exchanges: dict[str, Exchange] = {}
        self.queues: dict[str, Queue] = {}
        self.direct: dict[str, Callable[[Kept], None]] = {}

    def declare_queue(self, name: str, arguments: Mapping[str, Any]) -> Queue:
        """Return the queue of that name; a new one when there is none."""
        return self.queues.setdefault(name, Queue(name, dict(arguments), self._dead_letter))

    def delete_queue(self, name: str) -> None:
        """Drop a queue, what is in it and its bindings."""
        self.queues.pop(name, None)
        for exchange in self.exchanges.values():
            exchange.bindings = {binding for binding in exchange.bindings if binding[1] != name}

    def publish(self, body: Any, properties: dict[str, Any], exchange: str, routing_key: str) -> tuple[int, int]:
        """Route one message; return how many queues match and how many of them had room."""
        if not exchange and routing_key in self.direct:
            self.direct[routing_key](Kept(body, properties, exchange, routing_key))
            return 1, 1
        takers = [self.queues[name] for name in self._takers(exchange, routing_key) if name in self.queues]
        kept = [queue.put(_kept(queue, body, properties, exchange, routing_key)) for queue in takers]
        return len(kept), sum(kept)

    def _takers(self, exchange: str, routing_key: str) -> set[str]:
        if not exchange:
            return {routing_key}
        known = self.exchanges.get(exchange)
        return known.takers(routing_key) if known else set()

    def _dead_letter(self, queue: Queue, message: Kept) -> None:
        exchange = queue.arguments.get("x-dead-letter-exchange")
        if exchange is not None:
            key = queue.arguments.get("x-dead-letter-routing-key", message.routing_key)
            properties = {name: value for name, value in message.properties.items() if name != "expiration"}
            self.publish(message.body, properties, exchange, key)


def _kept(queue: Queue, body: Any, properties: dict[str, Any], exchange: str, routing_key: str) -> Kept:
    allowed = [int(ms) for ms in (properties.get("expiration"), queue.arguments.get("x-message-ttl")) if ms is not None]
    expires_at = time.monotonic() + min(allowed) / 1000 if allowed else None
    return Kept(body, properties, exchange, routing_key, expires_at=expires_at)
