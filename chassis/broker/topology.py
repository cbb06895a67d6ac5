"""Queues, exchanges and bindings, declared before anything is published or consumed."""

from typing import Any


class Topology:
    """Declares on one channel. Declaring the same thing twice is harmless."""

    def __init__(self, channel: Any) -> None:
        self._channel = channel

    def exchange(self, name: str, kind: str = "topic") -> None:
        """Declare a durable exchange of a kind: ``topic``, ``direct`` or ``fanout``."""
        self._channel.exchange_declare(exchange=name, type=kind, durable=True, auto_delete=False)

    def queue(self, name: str, **arguments: str | int) -> None:
        """Declare a durable queue; write ``x_queue_type`` for ``x-queue-type`` and so on."""
        spelt = {key.replace("_", "-"): value for key, value in arguments.items()}
        self._channel.queue_declare(queue=name, durable=True, auto_delete=False, exclusive=False, arguments=spelt)

    def bind(self, queue: str, exchange: str, routing_key: str) -> None:
        """Let ``queue`` receive what is published to ``exchange`` with a key that matches."""
        self._channel.queue_bind(queue=queue, exchange=exchange, routing_key=routing_key)
