"""nameko 2.14.1 as it comes: a service with `@rpc`, called through the `RpcProxy` of another."""

from typing import Any

import eventlet
from nameko.containers import ServiceContainer, WorkerContext
from nameko.extensions import Entrypoint
from nameko.rpc import RpcProxy, rpc

from tests.load.bench.figures import timed


class StockService:
    """Answers with what it was sent."""

    name = "stock_echo"

    @rpc
    def echo(self, text: str) -> dict[str, str]:
        """Send it back."""
        return {"text": text}


class CallingService:
    """Calls it."""

    name = "stock_caller"
    stock = RpcProxy("stock_echo")


def call_of(container: ServiceContainer) -> Any:
    """Return a function that makes one call, as a worker of the calling service would."""
    provider = next(iter(container.dependencies))

    def call() -> None:
        proxy = provider.get_dependency(WorkerContext(container, CallingService(), Entrypoint()))
        proxy.echo("hello")

    return call


def main(role: str, broker: str, callers: int, seconds: float) -> None:
    """Serve for ever, or measure and print the figures."""
    running = ServiceContainer(StockService if role == "serve" else CallingService, {"AMQP_URI": broker, "max_workers": 20})
    running.start()
    if role == "serve":
        print("ready", flush=True)
        running.wait()
    calls = [call_of(running)] * callers
    print(timed(calls, seconds, lambda run: eventlet.spawn(run).wait).as_json(), flush=True)
