"""Our own hop: an `@rpc` method with its schemas, token and deadline, called through `RpcClient`."""

from tests.support import green

green.patch()

import logging
import os
import sys

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


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    role, broker, callers, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    if role == "serve":
        serve(broker)
    client = RpcClient(Address(broker))
    client.open(10)
    signed = token(private=os.environ[PRIVATE])
    calls = [lambda: client.call(ECHO, signed, text="hello")] * callers
    print(timed(calls, seconds, lambda run: eventlet.spawn(run).wait).as_json(), flush=True)
