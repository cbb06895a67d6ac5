"""The confirming publisher, on both brokers."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import eventlet
import pytest

from chassis.broker import Address, BrokerUnavailable, ConfirmingPublisher, Link, NotConfirmed, NotRouted, Outgoing, Topology


@pytest.fixture
def queue() -> str:
    return f"test.{uuid4().hex}"


@pytest.fixture
def publisher(broker: str, queue: str) -> Iterator[ConfirmingPublisher]:
    def declare(topology: Topology) -> None:
        topology.exchange("test.events")
        topology.queue(queue, x_max_length=50, x_overflow="reject-publish")
        topology.bind(queue, "test.events", f"{queue}.#")

    publisher = ConfirmingPublisher(Address(broker), "test", declare=declare)
    publisher.open(10)
    yield publisher
    publisher.close()


def taken(broker: str, queue: str) -> list[Any]:
    """Take everything out of a queue."""
    found: list[Any] = []

    def take(channel: Any) -> None:
        while (message := channel.basic_get(queue, no_ack=True)) is not None:
            found.append(message)

    link = Link(Address(broker), "reader", prepare=take)
    link.open(10)
    link.close()
    return found


def test_a_confirmed_message_is_in_the_queue(broker: str, queue: str, publisher: ConfirmingPublisher) -> None:
    publisher.publish(Outgoing(b"one", f"{queue}.a", "test.events", headers={"n": 1}, message_id="m1"))
    (message,) = taken(broker, queue)
    assert (bytes(message.body), message.properties["message_id"]) == (b"one", "m1")
    assert message.properties["application_headers"]["n"] == 1
    assert message.properties["content_type"] == "application/json"
    assert message.properties["delivery_mode"] == 2


def test_a_message_that_no_queue_takes_is_told(publisher: ConfirmingPublisher) -> None:
    with pytest.raises(NotRouted):
        publisher.publish(Outgoing(b"lost", "nobody.listens", "test.events"))


def test_one_that_no_queue_takes_does_not_spoil_the_others(broker: str, queue: str, publisher: ConfirmingPublisher) -> None:
    keys = [f"{queue}.a", "nobody.listens", f"{queue}.b"]
    outcomes = publisher.publish_all([Outgoing(b"x", key, "test.events") for key in keys])
    assert [type(outcome) for outcome in outcomes] == [type(None), NotRouted, type(None)]
    assert len(taken(broker, queue)) == 2


def test_a_message_that_the_broker_refuses_is_told(queue: str, publisher: ConfirmingPublisher) -> None:
    outcomes = publisher.publish_all([Outgoing(b"x", queue) for _ in range(60)])
    assert [outcome is None for outcome in outcomes] == [True] * 50 + [False] * 10
    assert isinstance(outcomes[-1], NotConfirmed)


def test_more_publishers_at_once_than_kombus_pool_holds_all_get_through(broker: str, queue: str, publisher: ConfirmingPublisher) -> None:
    with eventlet.Timeout(10):
        threads = [eventlet.spawn(publisher.publish, Outgoing(str(n).encode(), queue)) for n in range(40)]
        for thread in threads:
            thread.wait()
    assert sorted(int(bytes(message.body)) for message in taken(broker, queue)) == list(range(40))


def test_a_closed_publisher_says_that_it_is_unavailable(queue: str, publisher: ConfirmingPublisher) -> None:
    publisher.close()
    with pytest.raises(BrokerUnavailable):
        publisher.publish(Outgoing(b"x", queue))


def test_a_publisher_that_lost_its_connection_finds_the_way_back(broker: str, queue: str, publisher: ConfirmingPublisher) -> None:
    publisher._link.sever()
    with pytest.raises(BrokerUnavailable):
        publisher.publish(Outgoing(b"x", queue))
    assert publisher._link.wait_until_up(10)
    publisher.publish(Outgoing(b"y", queue))
    assert [bytes(message.body) for message in taken(broker, queue)] == [b"y"]


def test_a_broker_that_is_not_there_is_said_to_be_unavailable() -> None:
    publisher = ConfirmingPublisher(Address("amqp://guest:guest@127.0.0.1:1/"), "test")
    with pytest.raises(BrokerUnavailable, match=r"127\.0\.0\.1:1"):
        publisher.open(0.3)
    publisher.close()


def test_the_address_is_told_without_its_password() -> None:
    assert "secret" not in repr(Address("amqp://user:secret@broker.example:5672/"))
