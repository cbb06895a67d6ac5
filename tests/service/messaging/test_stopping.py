"""Stopping with work in hand, on both brokers."""

import time
from decimal import Decimal
from typing import Any

import eventlet
import pytest

from chassis.broker import Address
from chassis.errors import StayPlayError
from chassis.rpc import RpcClient
from chassis.runner import CLEAN, Hosted, Runner
from tests.service.messaging.conftest import PATIENCE, until
from tests.support.echo import ECHO, SLOW, EchoService, Ledger, settings_for, token


class Running:
    """An echo service under the runner, and a client of it."""

    def __init__(self, uri: str, **settings: Any) -> None:
        self.runner = Runner([Hosted(EchoService, settings_for(uri, **settings))])
        self.ledger = Ledger()
        for _, container in self.runner._containers:
            container.config["ledger"] = self.ledger
        self.client = RpcClient(Address(uri), timeout=PATIENCE)
        self.client.open(PATIENCE)
        self.runner.start()


@pytest.fixture
def running(broker: str) -> Any:
    service = Running(broker, stop_within_seconds=5.0)
    yield service
    service.client.close()
    service.runner.stop()


def test_work_in_hand_is_finished_and_answered(running: Running) -> None:
    calls = [running.client.start(SLOW, token(), number=Decimal("0.4"), text=str(n)) for n in range(5)]
    until(lambda: len(running.ledger.started) == 5)
    running.runner.stop()
    assert [call.result()["text"] for call in calls] == list("01234")
    assert len(running.ledger.committed) == 5


def test_a_call_that_comes_after_the_stop_waits_for_the_next_replica(broker: str, running: Running) -> None:
    running.runner.stop()
    call = running.client.start(ECHO, token(), text="later")
    eventlet.sleep(0.2)
    assert running.ledger.started == []
    successor = Running(broker)
    assert call.result()["text"] == "later"
    successor.client.close()
    successor.runner.stop()


def test_work_that_takes_longer_than_the_bound_is_cut_off_and_rolled_back(broker: str) -> None:
    service = Running(broker, stop_within_seconds=0.3)
    service.client.start(SLOW, token(), timeout=3, number=Decimal(30))
    until(lambda: service.ledger.started)
    began = time.monotonic()
    service.runner.stop()
    assert time.monotonic() - began < 2
    assert service.ledger.rolled_back == ["echo.slow"]
    service.client.close()


def test_work_that_was_cut_off_is_taken_up_by_the_next_replica(broker: str) -> None:
    service = Running(broker, stop_within_seconds=0.1)
    call = service.client.start(SLOW, token(), number=Decimal("0.5"), text="again")
    until(lambda: service.ledger.started)
    service.runner.stop()
    successor = Running(broker)
    assert call.result()["text"] == "again"
    for each in (service, successor):
        each.client.close()
    successor.runner.stop()


def test_to_end_twice_is_harmless(running: Running) -> None:
    running.runner.end(CLEAN)
    running.runner.end(70)
    assert running.runner.wait() == CLEAN


def test_to_stop_twice_is_harmless(running: Running) -> None:
    running.runner.stop()
    running.runner.stop()


def test_a_service_that_is_stopping_is_not_ready(running: Running) -> None:
    assert running.runner.ready()
    running.runner.stop()
    assert not running.runner.ready()


def test_a_service_without_its_broker_connections_is_not_ready(running: Running) -> None:
    ((_, container),) = running.runner._containers
    server = next(part for part in container.extensions if hasattr(part, "stop_consuming"))
    server._replies.close()
    assert not running.runner.ready()


def test_a_service_that_dies_ends_the_process_with_its_own_code(running: Running) -> None:
    ((_, container),) = running.runner._containers
    container.spawn_managed_thread(_fail)
    with eventlet.Timeout(5):
        assert running.runner.wait() == 70


def _fail() -> None:
    raise RuntimeError("a managed thread failed")


def test_after_a_stop_nobody_is_left_waiting_for_ever(running: Running) -> None:
    running.runner.stop()
    with eventlet.Timeout(3), pytest.raises(StayPlayError):
        running.client.call(ECHO, token(), timeout=0.3)
    assert running.client.waiting == 0
