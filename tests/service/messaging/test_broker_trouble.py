"""A broker that restarts, goes away, runs out of memory: on a RabbitMQ of the module's own."""

import time
from collections.abc import Iterator
from decimal import Decimal

import eventlet
import pytest

from chassis.broker import Address, BrokerFault, ConfirmingPublisher, NotConfirmed, Outgoing, Topology
from chassis.errors import TimedOut, Unavailable
from chassis.rpc import RpcClient
from chassis.runner import BROKER_AWAY
from tests.service.messaging.conftest import Echo, hosted, until
from tests.support.echo import COUNT, ECHO, SLOW, token
from tests.support.echo_process import echo_process
from tests.support.rabbitmq import Node

RESTARTS = 60.0


@pytest.fixture
def echo(own_rabbitmq: Node) -> Iterator[Echo]:
    container, ledger, settings = hosted(own_rabbitmq.uri)
    client = RpcClient(Address(own_rabbitmq.uri), timeout=5)
    client.open(10)
    yield Echo(container, client, ledger, settings)
    client.close()
    container.stop()


@pytest.fixture
def publisher(own_rabbitmq: Node) -> Iterator[ConfirmingPublisher]:
    def declare(topology: Topology) -> None:
        topology.queue("test.trouble", x_queue_type="quorum")

    publisher = ConfirmingPublisher(Address(own_rabbitmq.uri), "test", declare=declare, confirm_within=2)
    publisher.open(10)
    yield publisher
    publisher.close()


def test_service_and_client_find_their_way_back_after_a_restart(own_rabbitmq: Node, echo: Echo) -> None:
    assert echo.client.call(ECHO, token(), number=1)["number"] == 1
    own_rabbitmq.stop()
    with pytest.raises(Unavailable):
        echo.client.call(ECHO, token(), number=2)
    own_rabbitmq.start()
    until(lambda: echo.client.usable and _answers(echo), within=RESTARTS)
    assert echo.client.waiting == 0


def _answers(echo: Echo) -> bool:
    try:
        return bool(echo.client.call(ECHO, token(), timeout=1, number=3)["number"] == 3)
    except (Unavailable, TimedOut):
        return False


def test_whoever_waits_when_the_broker_dies_is_told_at_once(own_rabbitmq: Node, echo: Echo) -> None:
    call = echo.client.start(SLOW, token(), timeout=30, number=Decimal(3))
    eventlet.sleep(0.3)
    own_rabbitmq.kill()
    began = time.monotonic()
    with pytest.raises(Unavailable):
        call.result()
    assert time.monotonic() - began < 3
    own_rabbitmq.start()
    until(lambda: _answers(echo), within=RESTARTS)


def test_a_change_whose_answer_was_lost_is_not_made_twice(own_rabbitmq: Node, echo: Echo) -> None:
    echo.client.call(COUNT, token(), idempotency_key="lost-answer-1", text="a")
    own_rabbitmq.kill()
    own_rabbitmq.start()
    until(lambda: _answers(echo), within=RESTARTS)
    echo.client.call(COUNT, token(), idempotency_key="lost-answer-1", text="a")
    assert list(echo.ledger.answers) == ["lost-answer-1"]


def test_the_memory_alarm_fails_publishing_in_seconds_and_passes(own_rabbitmq: Node, publisher: ConfirmingPublisher) -> None:
    own_rabbitmq.control("set_vm_memory_high_watermark", "0.0000001")
    try:
        began = time.monotonic()
        with pytest.raises(BrokerFault):
            for _ in range(5):
                publisher.publish(Outgoing(b"x", "test.trouble"))
        assert time.monotonic() - began < 8
    finally:
        own_rabbitmq.control("set_vm_memory_high_watermark", "0.4")
    until(lambda: _published(publisher), within=30)


def _published(publisher: ConfirmingPublisher) -> bool:
    try:
        publisher.publish(Outgoing(b"y", "test.trouble"))
    except BrokerFault:
        eventlet.sleep(0.2)
        return False
    return True


def test_the_memory_alarm_fails_calls_in_seconds_and_passes(own_rabbitmq: Node, echo: Echo) -> None:
    own_rabbitmq.control("set_vm_memory_high_watermark", "0.0000001")
    try:
        for _ in range(3):
            began = time.monotonic()
            with pytest.raises((Unavailable, TimedOut)):
                echo.client.call(ECHO, token(), timeout=2)
            assert time.monotonic() - began < 4
        assert echo.client.waiting == 0
    finally:
        own_rabbitmq.control("set_vm_memory_high_watermark", "0.4")
    until(lambda: _answers(echo), within=30)


def test_a_process_whose_broker_stays_away_ends_with_the_code_for_try_again(own_rabbitmq: Node) -> None:
    with echo_process(own_rabbitmq.uri, patience=2) as process:
        own_rabbitmq.kill()
        try:
            assert process.wait(30) == BROKER_AWAY
        finally:
            own_rabbitmq.start()


def test_a_broker_that_hangs_fails_publishing_and_calls_in_seconds(own_rabbitmq: Node, echo: Echo, publisher: ConfirmingPublisher) -> None:
    with own_rabbitmq.frozen():
        began = time.monotonic()
        with pytest.raises(NotConfirmed):
            publisher.publish(Outgoing(b"x", "test.trouble"))
        with pytest.raises((TimedOut, Unavailable)):
            echo.client.call(ECHO, token(), timeout=2)
        assert time.monotonic() - began < 8
    until(lambda: _answers(echo) and _published(publisher), within=RESTARTS)
