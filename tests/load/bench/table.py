"""The figures as a table, each also as a ratio to the floor and to stock nameko of the same run."""

from dataclasses import asdict

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
Others = dict[str, dict[str, float]]


def as_lines(run: Run, others: Others) -> list[str]:
    """Return the table, a line a row."""
    head = f"{'':39}{'p50 ms':>9}{'p99 ms':>9}{'per s':>8}{'cpu s/1000':>12}{'MB':>7}" + "".join(f"{name:>11}" for name in RATIOS)
    rows = [_row(run, kind, at) for kind in WORDS for at in ("c1", "c16")]
    return [head, *rows, *_others(others["embedded"], others["who_asks"], others["boroughs"])]


def _others(embedded: dict[str, float], who: dict[str, float], boroughs: dict[str, float]) -> list[str]:
    return [
        f"embedded platform, second start: ready in {embedded['ready_s']} s, {embedded['pss_mb']} MB",
        f"who asks (session, permission, caller token): {who['cpu_ms']} ms CPU a request ({who['least_ms']} to {who['most_ms']})",
        (
            f"onboarding a borough: {boroughs['onboarding_p50_ms']} ms; until its first referral is received: "
            f"{boroughs['until_first_referral_p50_ms']} ms"
        ),
        *(
            f"{words} with 1,000 boroughs: {boroughs[f'{name}_many_ms']} ms, with 10: {boroughs[f'{name}_few_ms']} ms, "
            f"ratio {boroughs[f'{name}_ratio']}"
            for name, words in (("sign_in", "sign-in"), ("read", "a read"))
        ),
    ]


def _row(run: Run, kind: str, at: str) -> str:
    figures, floor, stock = run[kind][at], run["floor"][at], run["stock_echo"][at]
    cpu, memory = figures.client_cpu + figures.server_cpu, figures.client_mb + figures.server_mb
    ratios = (figures.p50_ms / floor.p50_ms, figures.p50_ms / stock.p50_ms, figures.rps / stock.rps)
    return f"{WORDS[kind]:34}{at:>5}{figures.p50_ms:9.2f}{figures.p99_ms:9.2f}{figures.rps:8.0f}{cpu:12.2f}{memory:7.0f}" + "".join(
        f"{ratio:11.2f}" for ratio in ratios
    )


def as_json(run: Run, others: Others) -> dict[str, object]:
    """Return what ``build/bench.json`` holds."""
    kinds = {kind: {at: vars_of(figures) for at, figures in by.items()} for kind, by in run.items()}
    return {**kinds, **others}


def vars_of(figures: Figures) -> dict[str, float]:
    """Return the figures by name."""
    return dict(asdict(figures))
