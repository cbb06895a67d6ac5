"""`make bench`: everything on one RabbitMQ and one PostgreSQL, in one run, so that ratios hold on a noisy machine."""

import json
import os
import platform
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from stayplay.postgres import Postgres
from tests.load.bench import KINDS, boroughs, embedded, measured
from tests.load.bench.figures import Figures, from_json
from tests.load.bench.table import Others, Run, as_json, as_lines
from tests.load.bench.through_gateway import through_gateway
from tests.support.rabbitmq import running_rabbitmq

CONNECTIONS = {"c1": 1, "c16": 16}
SECONDS = float(os.environ.get("BENCH_SECONDS", "6"))
WRITTEN = Path("build/bench.json")


def main() -> None:
    """Measure, print the table, write the JSON."""
    run: Run = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="stayplay-bench-")))
        postgres = stack.enter_context(Postgres(folder / "postgres"))
        broker = stack.enter_context(running_rabbitmq())
        uri = stack.enter_context(broker.virtual_host())
        for kind in KINDS:
            run[kind] = {at: say(kind, at, measured(kind, uri, callers, SECONDS)) for at, callers in CONNECTIONS.items()}
        (folder / "logs").mkdir()
        gateway = stack.enter_context(through_gateway(folder / "logs", postgres.url, uri))
        for kind, request in (("read", gateway.read), ("write", gateway.write)):
            run[kind] = {at: say(kind, at, gateway.measured(request, connections, SECONDS)) for at, connections in CONNECTIONS.items()}
        gateway.platform.stop()
        run["event_lag"] = {at: say("event_lag", at, lag(postgres.url, uri, callers)) for at, callers in CONNECTIONS.items()}
        others: Others = {
            "embedded": embedded.measured(folder / "embedded"),
            "who_asks": who_asks(postgres.url),
            "boroughs": boroughs.measured(folder, broker),
        }
    print("\n".join(["", *as_lines(run, others)]))
    WRITTEN.parent.mkdir(exist_ok=True)
    WRITTEN.write_text(json.dumps({**as_json(run, others), "machine": machine()}, indent=1))
    print(f"written to {WRITTEN}")


def lag(postgres_url: str, amqp_uri: str, callers: int) -> Figures:
    """Measure the events in a process of its own: it is green, this one is not."""
    return from_json(_apart("event_lag", postgres_url, amqp_uri, str(callers), str(SECONDS)))


def who_asks(postgres_url: str) -> dict[str, float]:
    """Measure what it costs to know who asks, in a green process too."""
    found: dict[str, float] = json.loads(_apart("who_asks", postgres_url))
    return found


def _apart(module: str, *arguments: str) -> str:
    """Run one of the bench's modules in a process of its own; return its last line."""
    command = [sys.executable, "-W", "ignore", "-m", f"tests.load.bench.{module}", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]


def say(kind: str, at: str, figures: Figures) -> Figures:
    """Print one measurement as it comes."""
    print(f"{kind} {at}: p50 {figures.p50_ms} ms, {figures.rps} a second", flush=True)
    return figures


def machine() -> dict[str, object]:
    """Return what the figures were measured on."""
    return {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}


if __name__ == "__main__":
    main()
