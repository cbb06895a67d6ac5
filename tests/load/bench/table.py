"""The figures as a table, each also as a ratio to the floor and to stock nameko of the same run."""

from dataclasses import asdict
from typing import Any

from tests.load.bench.figures import Figures

WORDS = {
    "floor": "floor (py-amqp, direct reply-to)",
    "stock_echo": "stock nameko echo",
    "rpc_hop": "our call",
    "read": "signed-in read, whole",
    "write": "referral received, whole",
    "event_lag": "event, commit to handled",
}
RATIOS = ("p50/floor", "p50/stock", "rps/stock")
Run = dict[str, dict[str, Figures]]


def as_lines(run: Run, embedded: dict[str, float]) -> list[str]:
    """Return the table, a line a row."""
    head = f"{'':39}{'p50 ms':>9}{'p99 ms':>9}{'per s':>8}{'cpu s/1000':>12}{'MB':>7}" + "".join(f"{name:>11}" for name in RATIOS)
    rows = [_row(run, kind, at) for kind in WORDS for at in ("c1", "c16")]
    return [head, *rows, f"embedded platform, second start: ready in {embedded['ready_s']} s, {embedded['pss_mb']} MB"]


def _row(run: Run, kind: str, at: str) -> str:
    figures, floor, stock = run[kind][at], run["floor"][at], run["stock_echo"][at]
    cpu, memory = figures.client_cpu + figures.server_cpu, figures.client_mb + figures.server_mb
    ratios = (figures.p50_ms / floor.p50_ms, figures.p50_ms / stock.p50_ms, figures.rps / stock.rps)
    return f"{WORDS[kind]:34}{at:>5}{figures.p50_ms:9.2f}{figures.p99_ms:9.2f}{figures.rps:8.0f}{cpu:12.2f}{memory:7.0f}" + "".join(
        f"{ratio:11.2f}" for ratio in ratios
    )


def as_json(run: Run, embedded: dict[str, float], machine: dict[str, Any]) -> dict[str, Any]:
    """Return what ``build/bench.json`` holds."""
    kinds = {kind: {at: vars_of(figures) for at, figures in by.items()} for kind, by in run.items()}
    return {**kinds, "embedded": embedded, "machine": machine}


def vars_of(figures: Figures) -> dict[str, float]:
    """Return the figures by name."""
    return dict(asdict(figures))
