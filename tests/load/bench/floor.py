"""The floor: py-amqp alone, direct reply-to, no framework, nothing encoded. A caller a connection."""

import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

import amqp

from tests.load.bench.figures import timed

QUEUE = "bench.floor"
REPLY = "amq.rabbitmq.reply-to"
BODY = b'{"text": "hello"}'


def connected(uri: str) -> amqp.Connection:
    """Return a connection to the broker at ``uri``."""
    parts = urlsplit(uri)
    connection = amqp.Connection(
        f"{parts.hostname}:{parts.port or 5672}",
        userid=unquote(parts.username or "guest"),
        password=unquote(parts.password or "guest"),
        virtual_host=unquote(parts.path[1:]) or "/",
    )
    connection.connect()
    return connection


def serve(uri: str) -> None:
    """Answer with what came, for ever."""
    connection = connected(uri)
    channel = connection.channel()
    channel.queue_declare(QUEUE, durable=False, auto_delete=True)

    def answer(request: amqp.Message) -> None:
        reply = amqp.Message(request.body, correlation_id=request.correlation_id, delivery_mode=1)
        channel.basic_publish(reply, routing_key=request.reply_to)
        channel.basic_ack(request.delivery_tag)

    channel.basic_qos(0, 20, False)
    channel.basic_consume(QUEUE, callback=answer)
    print("ready", flush=True)
    while True:
        connection.drain_events()


def caller(uri: str) -> Callable[[], None]:
    """Return a function that makes one call on a connection of its own."""
    connection = connected(uri)
    channel = connection.channel()
    arrived: list[Any] = []
    channel.basic_consume(REPLY, no_ack=True, callback=arrived.append)

    def call() -> None:
        channel.basic_publish(amqp.Message(BODY, reply_to=REPLY, correlation_id="1", delivery_mode=1), routing_key=QUEUE)
        while not arrived:
            connection.drain_events()
        arrived.clear()

    return call


def spawn(run: Callable[[], None]) -> Callable[[], Any]:
    """Start a thread; return what waits for it."""
    thread = threading.Thread(target=run)
    thread.start()
    return thread.join


def main(role: str, broker: str, callers: int, seconds: float) -> None:
    """Serve for ever, or measure and print the figures."""
    if role == "serve":
        serve(broker)
    print(timed([caller(broker) for _ in range(callers)], seconds, spawn).as_json(), flush=True)
