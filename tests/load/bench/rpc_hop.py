"""Our own hop: an `@rpc` method with its schemas, token and deadline, called through `RpcClient`."""

import logging
import os

import eventlet
import structlog

from chassis.broker import Address
from chassis.container import Container
from chassis.rpc import RpcClient
from tests.load.bench.figures import timed
from tests.load.bench.keys import PRIVATE, PUBLIC
from tests.support.echo import ECHO, EchoService, Ledger, settings_for, token


def serve(uri: str) -> None:
    """Run the echo service for ever."""
    settings = settings_for(uri, max_workers=20, public_keys={"gateway": os.environ[PUBLIC]})
    container = Container(EchoService, {"settings": settings, "ledger": Ledger(), "AMQP_URI": uri, "max_workers": 20})
    container.start()
    print("ready", flush=True)
    container.wait()


def main(role: str, broker: str, callers: int, seconds: float) -> None:
    """Serve for ever, or measure and print the figures."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    if role == "serve":
        serve(broker)
    client = RpcClient(Address(broker))
    client.open(10)
    signed = token(private=os.environ[PRIVATE])
    calls = [lambda: client.call(ECHO, signed, text="hello")] * callers
    print(timed(calls, seconds, lambda run: eventlet.spawn(run).wait).as_json(), flush=True)
