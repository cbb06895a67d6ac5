"""What a service's own broker user can do, and what it can't: on RabbitMQ with rights as `stayplay migrate` sets them."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from amqp.exceptions import AccessRefused

from chassis.broker import Address, Link
from chassis.rpc import RpcClient, queue_of
from stayplay.broker import rights
from tests.service.messaging.conftest import hosted
from tests.support.echo import ECHO, token
from tests.support.rabbitmq import Broker

PASSWORD = "for-tests-only"


@pytest.fixture
def addresses(rabbitmq: Broker) -> Iterator[dict[str, str]]:
    """Addresses of the echo service's user and of another service's."""
    if rabbitmq.management is None:
        pytest.skip("the broker's management interface does not let us in")
    with rabbitmq.virtual_host() as uri:
        host = urlsplit(uri).path[1:]
        found: dict[str, str] = {}
        for service in ("echo", "other"):
            user = f"{host}-{service}"
            rabbitmq.management.send("PUT", f"users/{user}", {"password": PASSWORD, "tags": ""})
            rabbitmq.management.send("PUT", f"permissions/{host}/{user}", rights(service))
            parts = urlsplit(uri)
            found[service] = parts._replace(netloc=f"{user}:{PASSWORD}@{parts.hostname}:{parts.port}").geturl()
        yield found
        for service in found:
            rabbitmq.management.send("DELETE", f"users/{host}-{service}")


def attempted(uri: str, attempt: Any) -> BaseException | None:
    """Try something on a channel of one's own; return what the broker says."""
    faults: list[BaseException | None] = []

    def prepare(channel: Any) -> None:
        try:
            attempt(channel)
            faults.append(None)
        except AccessRefused as fault:
            faults.append(fault)

    link = Link(Address(uri), "attempt", prepare=prepare)
    link.open(10)
    link.close()
    return faults[0]


def test_calls_and_answers_need_no_more_than_these_rights(addresses: dict[str, str]) -> None:
    container, _, _ = hosted(addresses["echo"])
    client = RpcClient(Address(addresses["other"]), timeout=5)
    client.open(10)
    assert client.call(ECHO, token(), text="hello")["text"] == "hello"
    client.close()
    container.stop()


@pytest.mark.parametrize(
    "attempt",
    [
        pytest.param(lambda channel: channel.basic_consume(queue_of("echo"), callback=print), id="read its calls"),
        pytest.param(lambda channel: channel.basic_get(queue_of("echo")), id="take one of its calls"),
        pytest.param(lambda channel: channel.queue_purge(queue_of("echo")), id="empty its queue"),
        pytest.param(lambda channel: channel.queue_delete(queue_of("echo")), id="delete its queue"),
        pytest.param(lambda channel: channel.queue_bind(queue_of("echo"), "amq.topic", "#"), id="bind its queue"),
        pytest.param(lambda channel: channel.queue_declare("spy"), id="make a queue of any name"),
        pytest.param(lambda channel: channel.exchange_declare("spy", "fanout"), id="make an exchange of any name"),
    ],
)
def test_another_service_can_not(addresses: dict[str, str], attempt: Any) -> None:
    container, _, _ = hosted(addresses["echo"])
    assert isinstance(attempted(addresses["other"], attempt), AccessRefused)
    container.stop()


def test_calls_pass_no_exchange_that_anybody_could_bind_to(addresses: dict[str, str], rabbitmq: Broker) -> None:
    assert rabbitmq.management is not None
    container, _, _ = hosted(addresses["echo"])
    host = urlsplit(addresses["echo"]).path[1:]
    bindings = rabbitmq.management.send("GET", f"queues/{host}/{queue_of('echo')}/bindings")
    assert [binding["source"] for binding in bindings] == [""]
    container.stop()
