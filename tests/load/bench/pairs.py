"""Running a pair of processes, one that answers and one that asks, and reading off what they used."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import psutil

from chassis import signing
from tests.load.bench.figures import Figures, from_json
from tests.load.bench.keys import PRIVATE, PUBLIC

KINDS = ("floor", "stock_echo", "rpc_hop")
MEGABYTE = 1024 * 1024


def measured(kind: str, uri: str, callers: int, seconds: float = 5.0) -> Figures:
    """Measure one of `KINDS` on the broker at ``uri`` with so many callers at once, for so many seconds."""
    arguments = [uri, str(callers), str(seconds)]
    with _process(kind, "serve", *arguments) as server:
        _first_line(server)
        watched = psutil.Process(server.pid)
        before = _cpu(watched)
        with _process(kind, "ask", *arguments) as client:
            figures = from_json(_first_line(client))
        spent = _cpu(watched) - before
        calls = figures.rps * seconds
        return replace(figures, server_cpu=round(spent / calls * 1000, 3), server_mb=round(watched.memory_info().rss / MEGABYTE, 1))


@contextmanager
def _process(kind: str, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.load.bench.start", kind, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **_KEYS})
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"{process.args!r} said nothing")
    return line


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _fresh_keys() -> dict[str, str]:
    pair = signing.new_pair()
    return {PRIVATE: pair.private, PUBLIC: pair.public}


_KEYS = _fresh_keys()
