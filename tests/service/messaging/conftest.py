"""An echo service on the broker under test, and a client of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

import eventlet
import pytest
import structlog

from chassis import logging
from chassis.broker import Address
from chassis.container import Container
from chassis.rpc import RpcClient
from chassis.settings import Settings
from tests.support.echo import EchoService, Ledger, settings_for

PATIENCE = 10.0


@dataclass
class Echo:
    """A running echo service."""

    container: Any
    client: RpcClient
    ledger: Ledger
    settings: Settings


def hosted(uri: str, **values: Any) -> tuple[Any, Ledger, Settings]:
    """Start an echo service; return its container, its ledger and its settings."""
    settings, ledger = settings_for(uri, **values), Ledger()
    config = {"settings": settings, "ledger": ledger, "AMQP_URI": uri, "max_workers": settings.max_workers}
    container = Container(EchoService, config)
    container.start()
    return container, ledger, settings


@pytest.fixture
def echo(broker: str) -> Iterator[Echo]:
    container, ledger, settings = hosted(broker)
    client = RpcClient(Address(broker), timeout=PATIENCE)
    client.open(PATIENCE)
    yield Echo(container, client, ledger, settings)
    client.close()
    container.stop()


def until(condition: Any, within: float = PATIENCE) -> None:
    """Wait until ``condition()`` holds; fail when it does not in time."""
    with eventlet.Timeout(within, AssertionError("it did not come to hold")):
        while not condition():
            eventlet.sleep(0.01)


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """What is logged meanwhile, as a service would log it: through its nets."""
    stream = StringIO()
    logging.configure("json", service="echo", stream=stream)
    yield stream
    structlog.reset_defaults()
