"""Signals and sudden death, on RabbitMQ: the service is a process of its own."""

import json
import signal
import time
from collections.abc import Iterator
from decimal import Decimal

import eventlet
import pytest
from eventlet.green.urllib.request import urlopen

from chassis.broker import Address
from chassis.rpc import Pending, RpcClient
from chassis.runner import BROKER_AWAY, CLEAN
from tests.support.echo import ECHO, SLOW, WHO, token
from tests.support.echo_process import echo_process
from tests.support.ports import free_port

STARTS = 0.3
"""Seconds that a call surely needs to get into a worker's hands."""


@pytest.fixture
def client(amqp_uri: str) -> Iterator[RpcClient]:
    client = RpcClient(Address(amqp_uri), timeout=20)
    client.open(10)
    yield client
    client.close()


def in_hand(client: RpcClient, seconds: str = "1") -> Pending:
    """Make a call that takes a while, and wait until it is worked on."""
    client.call(ECHO, token())
    call = client.start(SLOW, token(), number=Decimal(seconds), text="done")
    eventlet.sleep(STARTS)
    return call


def test_sigterm_finishes_the_work_in_hand_and_ends_cleanly(amqp_uri: str, client: RpcClient) -> None:
    with echo_process(amqp_uri) as process:
        call = in_hand(client)
        process.send_signal(signal.SIGTERM)
        assert call.result()["text"] == "done"
        assert process.wait(10) == 0


def test_sigterm_is_obeyed_at_once_when_there_is_nothing_to_do(amqp_uri: str) -> None:
    with echo_process(amqp_uri) as process:
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert time.monotonic() - began < 2


def test_a_second_sigterm_is_harmless(amqp_uri: str, client: RpcClient) -> None:
    with echo_process(amqp_uri) as process:
        call = in_hand(client)
        for _ in range(3):
            process.send_signal(signal.SIGTERM)
            eventlet.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert call.result()["text"] == "done"
        assert process.wait(10) == 0


def test_work_that_takes_too_long_does_not_hold_up_the_end(amqp_uri: str, client: RpcClient) -> None:
    with echo_process(amqp_uri, stop_within=0.5) as process:
        in_hand(client, "5")
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert time.monotonic() - began < 3


def test_what_a_killed_replica_had_in_hand_is_answered_by_another(amqp_uri: str, client: RpcClient) -> None:
    with echo_process(amqp_uri) as first:
        call = in_hand(client)
        first.kill()
        first.wait(10)
        with echo_process(amqp_uri):
            assert call.result()["text"] == "done"


def test_calls_made_while_no_replica_runs_wait_for_one(amqp_uri: str, client: RpcClient) -> None:
    with echo_process(amqp_uri) as first:
        client.call(ECHO, token())
        first.kill()
        first.wait(10)
    call = client.start(ECHO, token(), text="waited")
    with echo_process(amqp_uri):
        assert call.result()["text"] == "waited"


def test_health_and_metrics_are_served_on_a_port_of_their_own(amqp_uri: str, client: RpcClient) -> None:
    port = free_port()
    with echo_process(amqp_uri, health_port=port):
        client.call(WHO, token())
        assert json.load(urlopen(f"http://127.0.0.1:{port}/health/live")) == {"live": True}
        assert json.load(urlopen(f"http://127.0.0.1:{port}/health/ready")) == {"ready": True, "checks": {"echo.broker": True}}
        exposed = urlopen(f"http://127.0.0.1:{port}/metrics").read().decode()
    assert 'stayplay_rpc_answered_seconds_count{operation="echo.who",outcome="ok"} 1.0' in exposed


NOWHERE = "amqp://guest:guest@127.0.0.1:1/"


def test_a_broker_that_is_not_there_ends_the_process_with_the_code_for_try_again() -> None:
    with echo_process(NOWHERE, patience=1, started=False) as process:
        assert process.wait(15) == BROKER_AWAY


def test_sigterm_is_obeyed_while_the_broker_is_awaited() -> None:
    with echo_process(NOWHERE, started=False) as process:
        assert process.stderr is not None
        assert "broker.unreachable" in process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == CLEAN
