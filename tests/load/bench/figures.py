"""Timing calls: so many callers, each with one call in hand, for so many seconds."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

WARM_UP_CALLS = 50


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured: milliseconds, calls a second, CPU seconds a thousand calls, megabytes."""

    p50_ms: float
    p99_ms: float
    rps: float
    client_cpu: float
    server_cpu: float = 0.0
    client_mb: float = 0.0
    server_mb: float = 0.0
    p95_ms: float = 0.0
    database_cpu: float = 0.0

    def as_json(self) -> str:
        """Return it as one line."""
        return json.dumps(asdict(self))


def from_json(line: str) -> Figures:
    """Return the figures of a line."""
    return Figures(**json.loads(line))


def timed(
    calls: list[Callable[[], Any]], seconds: float, spawn: Callable[[Callable[[], None]], Callable[[], Any]], warm_up: int = WARM_UP_CALLS
) -> Figures:
    """Let each of ``calls`` be made again and again by a thread of its own, after ``warm_up`` times one after the other.

    ``spawn`` starts a thread and returns what waits for it: green threads and real ones alike.
    """
    for _ in range(warm_up):
        for call in calls:
            call()
    took: list[float] = []
    cpu, started = time.process_time(), time.perf_counter()
    waits = [spawn(_caller(call, started + seconds, took)) for call in calls]
    for wait in waits:
        wait()
    return figures_of(took, time.perf_counter() - started, time.process_time() - cpu)


def _caller(call: Callable[[], Any], until: float, took: list[float]) -> Callable[[], None]:
    def run() -> None:
        now = time.perf_counter
        start = now()
        while start < until:
            call()
            end = now()
            took.append(end - start)
            start = end

    return run


def figures_of(took: list[float], seconds: float, cpu: float) -> Figures:
    """Return the figures of calls that took so many seconds each, in so many seconds in all, at the asker's cost of ``cpu`` seconds."""
    took.sort()
    count = len(took)
    return Figures(
        p50_ms=round(took[count // 2] * 1000, 3),
        p99_ms=round(took[count * 99 // 100] * 1000, 3),
        p95_ms=round(took[count * 95 // 100] * 1000, 3),
        rps=round(count / seconds, 1),
        client_cpu=round(cpu / count * 1000, 3),
    )
