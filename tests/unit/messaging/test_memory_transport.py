"""The in-process broker as kombu sees it: the same objects, the same properties, nothing polled."""

import time
from collections.abc import Iterator
from importlib import import_module
from typing import Any
from uuid import uuid4

import eventlet
import pytest
from amqp.exceptions import NotFound, PreconditionFailed, RecoverableConnectionError

from chassis import memory

kombu: Any = import_module("kombu")  # most of it carries no types
Connection, Consumer, Exchange, Producer, Queue = kombu.Connection, kombu.Consumer, kombu.Exchange, kombu.Producer, kombu.Queue


@pytest.fixture
def name() -> Iterator[str]:
    name = uuid4().hex
    yield name
    memory.forget(name)


@pytest.fixture
def connection(name: str) -> Iterator[Any]:
    with Connection(f"inprocess://{name}") as connection:
        yield connection


EVENTS = Exchange("events", "topic")


def receive(connection: Any, queue: Any, **options: Any) -> list[Any]:
    got: list[Any] = []
    consumer = Consumer(connection.channel(), [queue], callbacks=[lambda body, message: got.append((body, message))], **options)
    consumer.consume()
    return got


def test_a_message_carries_its_content_type_and_other_properties(connection: Any) -> None:
    queue = Queue("q", EVENTS, routing_key="a.*")
    got = receive(connection, queue)
    Producer(connection.channel(), EVENTS).publish(
        {"n": 1}, routing_key="a.b", serializer="json", headers={"h": "v"}, correlation_id="c", reply_to="r", message_id="m"
    )
    connection.drain_events(timeout=1)
    ((body, message),) = got
    assert body == {"n": 1}
    assert message.properties["content_type"] == "application/json"
    assert (message.properties["correlation_id"], message.properties["reply_to"]) == ("c", "r")
    assert message.headers == {"h": "v"}
    assert message.delivery_info["routing_key"] == "a.b"


def test_a_consumer_is_woken_without_polling(connection: Any) -> None:
    queue = Queue("q", EVENTS, routing_key="a")
    receive(connection, queue)
    producer = Producer(connection.channel(), EVENTS)
    started = time.monotonic()
    eventlet.spawn_after(0.1, producer.publish, {}, routing_key="a")
    connection.drain_events(timeout=5)
    assert time.monotonic() - started < 0.2


def test_nothing_to_drain_times_out(connection: Any) -> None:
    connection.channel()
    with pytest.raises(TimeoutError):
        connection.drain_events(timeout=0.01)


def test_each_name_is_a_broker_of_its_own(name: str) -> None:
    one, other = (Connection(f"inprocess://{name}{n}").channel() for n in (1, 2))
    one.queue_declare("q")
    with pytest.raises(NotFound):
        other.queue_declare("q", passive=True)


def test_two_connections_to_one_name_share_the_broker(name: str) -> None:
    one, other = (Connection(f"inprocess://{name}").channel() for _ in range(2))
    one.queue_declare("q")
    one.basic_publish(one.prepare_message(b"x"), routing_key="q")
    assert other.basic_get("q", no_ack=True).body == b"x"


def test_one_message_in_two_queues_is_two_deliveries(connection: Any) -> None:
    channel = connection.channel()
    for queue in ("one", "two"):
        channel.queue_declare(queue)
        channel.queue_bind(queue, "both", "k")
    channel.basic_publish(channel.prepare_message(b"x", headers={"a": 1}), exchange="both", routing_key="k")
    first, second = channel.basic_get("one"), channel.basic_get("two")
    assert first is not second
    assert first.delivery_info["delivery_tag"] != second.delivery_info["delivery_tag"]


def test_what_is_not_settled_when_a_channel_closes_goes_back(connection: Any) -> None:
    channel = connection.channel()
    channel.queue_declare("q")
    for body in (b"1", b"2"):
        channel.basic_publish(channel.prepare_message(body), routing_key="q")
    for _ in range(2):
        channel.basic_get("q")
    channel.close()
    again = connection.channel()
    messages = [again.basic_get("q") for _ in range(2)]
    assert [(message.body, message.delivery_info["redelivered"]) for message in messages] == [(b"1", True), (b"2", True)]


def test_several_can_be_acknowledged_at_once(connection: Any) -> None:
    channel = connection.channel()
    channel.queue_declare("q")
    for body in (b"1", b"2", b"3"):
        channel.basic_publish(channel.prepare_message(body), routing_key="q")
    tags = [channel.basic_get("q").delivery_info["delivery_tag"] for _ in range(3)]
    channel.basic_ack(tags[1], multiple=True)
    channel.basic_recover()
    assert channel.basic_get("q").body == b"3"
    assert channel.basic_get("q") is None


def test_a_closed_channel_takes_nothing(connection: Any) -> None:
    channel = connection.channel()
    channel.close()
    channel.close()
    with pytest.raises(RecoverableConnectionError):
        channel.basic_publish(channel.prepare_message(b"x"), routing_key="q")


def test_a_queue_that_is_not_there_cant_be_consumed(connection: Any) -> None:
    with pytest.raises(NotFound):
        connection.channel().basic_consume("nowhere")


def test_replies_need_a_listener_first(connection: Any) -> None:
    channel = connection.channel()
    message = channel.prepare_message(b"x", properties={"reply_to": "amq.rabbitmq.reply-to"})
    with pytest.raises(PreconditionFailed):
        channel.basic_publish(message, routing_key="q")


def test_a_purged_queue_is_empty(connection: Any) -> None:
    channel = connection.channel()
    channel.queue_declare("q")
    channel.basic_publish(channel.prepare_message(b"x"), routing_key="q")
    assert (channel.queue_purge("q"), channel.queue_declare("q").message_count) == (1, 0)


def test_a_deleted_queue_takes_its_bindings_along(connection: Any) -> None:
    channel = connection.channel()
    returned: list[str] = []
    channel.events["basic_return"].add(lambda _fault, _exchange, key, _message: returned.append(key))
    channel.queue_declare("q")
    channel.queue_bind("q", "events", "k")
    channel.queue_delete("q")
    channel.basic_publish(channel.prepare_message(b"x"), exchange="events", routing_key="k", mandatory=True)
    assert returned == ["k"]


def test_stock_nameko_runs_on_it_too(name: str) -> None:
    from nameko.containers import ServiceContainer
    from nameko.rpc import RpcProxy, rpc
    from nameko.testing.services import entrypoint_hook

    class Greeter:
        name = "greeter"

        @rpc
        def greet(self, who: str) -> str:
            return f"Hello {who}"

    class Visitor:
        name = "visitor"
        greeter = RpcProxy("greeter")

        @rpc
        def visit(self) -> str:
            greeting: str = self.greeter.greet("Finn")
            return greeting

    containers = [ServiceContainer(service, {"AMQP_URI": f"inprocess://{name}"}) for service in (Greeter, Visitor)]
    for container in containers:
        container.start()
    with eventlet.Timeout(5), entrypoint_hook(containers[1], "visit") as visit:
        assert visit() == "Hello Finn"
    for container in containers:
        container.kill()
