"""What a measurement says: how long, how many, at what cost."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figures:
    """Latencies in milliseconds, requests a second, and CPU seconds for a thousand requests (None where not measured)."""

    p50_ms: float
    p99_ms: float
    rps: float
    cpu_s_per_1000: float | None = None

    def as_json(self) -> dict[str, float | None]:
        """Return the figures, rounded to what they are worth."""
        return {name: value if value is None else round(value, 3) for name, value in asdict(self).items()}


def figures(latencies: Sequence[float], seconds: float) -> Figures:
    """Return the figures of requests that took ``latencies`` (seconds each) within ``seconds`` in all."""
    if not latencies:
        raise ValueError("nothing was answered")
    ordered = sorted(latencies)
    return Figures(1000 * _at(ordered, 0.50), 1000 * _at(ordered, 0.99), len(ordered) / seconds)


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
