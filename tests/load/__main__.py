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
from tests.load.bench import KINDS, embedded, measured
from tests.load.bench.figures import Figures, from_json
from tests.load.bench.table import Run, as_json, as_lines
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
        uri = stack.enter_context(stack.enter_context(running_rabbitmq()).virtual_host())
        for kind in KINDS:
            run[kind] = {at: say(kind, at, measured(kind, uri, callers, SECONDS)) for at, callers in CONNECTIONS.items()}
        (folder / "logs").mkdir()
        gateway = stack.enter_context(through_gateway(folder / "logs", postgres.url, uri))
        for kind, request in (("read", gateway.read), ("write", gateway.write)):
            run[kind] = {at: say(kind, at, gateway.measured(request, connections, SECONDS)) for at, connections in CONNECTIONS.items()}
        gateway.platform.stop()
        run["event_lag"] = {at: say("event_lag", at, lag(postgres.url, uri, callers)) for at, callers in CONNECTIONS.items()}
        alone = embedded.measured(folder / "embedded")
    print("\n".join(["", *as_lines(run, alone)]))
    WRITTEN.parent.mkdir(exist_ok=True)
    WRITTEN.write_text(json.dumps(as_json(run, alone, machine()), indent=1))
    print(f"written to {WRITTEN}")


def lag(postgres_url: str, amqp_uri: str, callers: int) -> Figures:
    """Measure the events in a process of its own: it is green, this one is not."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.load.bench.event_lag", postgres_url, amqp_uri, str(callers), str(SECONDS)]
    return from_json(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


def say(kind: str, at: str, figures: Figures) -> Figures:
    """Print one measurement as it comes."""
    print(f"{kind} {at}: p50 {figures.p50_ms} ms, {figures.rps} a second", flush=True)
    return figures


def machine() -> dict[str, object]:
    """Return what the figures were measured on."""
    return {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}


if __name__ == "__main__":
    main()
