"""The consumer that drains, on both brokers."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import eventlet
import pytest

from chassis.broker import Address, ConfirmingPublisher, Consumer, Delivery, Outgoing, Subscription, Topology
from tests.service.messaging.conftest import until

Start = Callable[..., Consumer]


class Queues:
    """A queue and its dead-letter queue."""

    def __init__(self) -> None:
        self.name = f"test.{uuid4().hex}"
        self.dead = f"{self.name}.dead"

    def declare(self, topology: Topology) -> None:
        topology.queue(self.dead)
        topology.queue(self.name, x_dead_letter_exchange="", x_dead_letter_routing_key=self.dead)


@pytest.fixture
def queues() -> Queues:
    return Queues()


@pytest.fixture
def publish(broker: str, queues: Queues) -> Iterator[Callable[..., None]]:
    publisher = ConfirmingPublisher(Address(broker), "test", declare=queues.declare)
    publisher.open(10)

    def send(*bodies: bytes) -> None:
        for body in bodies:
            publisher.publish(Outgoing(body, queues.name))

    yield send
    publisher.close()


@pytest.fixture
def start(broker: str, queues: Queues) -> Iterator[Start]:
    running: list[Consumer] = []

    def begin(handle: Callable[[Delivery], None], queue: str = "", prefetch: int = 3) -> Consumer:
        consumer = Consumer(
            Address(broker), "test", [Subscription(queue or queues.name, handle)], prefetch=prefetch, declare=queues.declare
        )
        consumer.open(10)
        running.append(consumer)
        return consumer

    yield begin
    for consumer in running:
        consumer.close()


def noting(bodies: list[bytes]) -> Callable[[Delivery], None]:
    """Return a handler that notes each body and settles it."""

    def handle(delivery: Delivery) -> None:
        bodies.append(delivery.body)
        delivery.ack()

    return handle


def test_each_message_arrives_once_and_in_order(publish: Any, start: Start) -> None:
    bodies: list[bytes] = []
    start(noting(bodies))
    publish(b"1", b"2", b"3")
    until(lambda: len(bodies) == 3)
    assert bodies == [b"1", b"2", b"3"]


def test_no_more_are_in_hand_than_the_prefetch_allows(publish: Any, start: Start) -> None:
    held: list[Delivery] = []
    consumer = start(held.append, prefetch=3)
    publish(*[b"x"] * 10)
    eventlet.sleep(0.2)
    assert len(held) == consumer.in_hand == 3
    held[0].ack()
    until(lambda: len(held) == 4)


def test_a_second_settling_does_nothing(publish: Any, start: Start) -> None:
    held: list[Delivery] = []
    consumer = start(held.append)
    publish(b"1", b"2")
    until(lambda: len(held) == 2)
    held[0].ack()
    held[0].reject(requeue=True)
    held[0].ack()
    held[1].ack()
    eventlet.sleep(0.1)
    assert (len(held), consumer.in_hand) == (2, 0)


def test_a_rejected_message_goes_to_the_dead_letter_queue(publish: Any, start: Start, queues: Queues) -> None:
    dead: list[bytes] = []
    start(lambda delivery: delivery.reject())
    start(noting(dead), queue=queues.dead)
    publish(b"bad")
    until(lambda: dead == [b"bad"])


def test_a_message_that_is_handed_back_comes_again_and_says_so(publish: Any, start: Start) -> None:
    seen: list[bool] = []

    def handle(delivery: Delivery) -> None:
        seen.append(delivery.redelivered)
        if delivery.redelivered:
            delivery.ack()
        else:
            delivery.reject(requeue=True)

    start(handle)
    publish(b"x")
    until(lambda: seen == [False, True])


def test_after_stop_consuming_nothing_comes_and_what_is_in_hand_can_be_finished(publish: Any, start: Start) -> None:
    held: list[Delivery] = []
    consumer = start(held.append, prefetch=2)
    publish(*[b"x"] * 5)
    until(lambda: len(held) == 2)
    consumer.stop_consuming()
    assert not consumer.drain(within=0.1)
    for delivery in held:
        delivery.ack()
    assert consumer.drain(within=1)
    eventlet.sleep(0.1)
    assert len(held) == 2


def test_drain_returns_as_soon_as_the_last_is_settled(publish: Any, start: Start) -> None:
    held: list[Delivery] = []
    consumer = start(held.append)
    publish(b"x")
    until(lambda: len(held) == 1)
    consumer.stop_consuming()
    eventlet.spawn_after(0.1, held[0].ack)
    with eventlet.Timeout(2):
        assert consumer.drain(within=60)


def test_to_stop_twice_is_harmless(start: Start) -> None:
    consumer = start(lambda delivery: delivery.ack())
    with eventlet.Timeout(2):
        consumer.stop_consuming()
        consumer.stop_consuming()


def test_what_was_in_hand_when_the_consumer_closed_goes_to_the_next(publish: Any, start: Start) -> None:
    held: list[Delivery] = []
    first = start(held.append)
    publish(b"1", b"2")
    until(lambda: len(held) == 2)
    held[0].ack()
    first.close()
    again: list[bytes] = []
    start(noting(again))
    until(lambda: again == [b"2"])


def test_what_was_in_hand_when_the_connection_was_lost_comes_again(publish: Any, start: Start) -> None:
    held: list[Delivery] = []
    consumer = start(held.append, prefetch=1)
    publish(b"x")
    until(lambda: len(held) == 1)
    consumer._link.sever()
    until(lambda: len(held) == 2)
    held[0].ack()
    assert held[1].redelivered
    held[1].ack()
    until(lambda: consumer.in_hand == 0)


def test_a_message_is_shared_out_among_consumers(publish: Any, start: Start) -> None:
    left: list[Delivery] = []
    right: list[Delivery] = []
    start(left.append, prefetch=2)
    start(right.append, prefetch=2)
    publish(*[b"x"] * 4)
    until(lambda: len(left) == len(right) == 2)
