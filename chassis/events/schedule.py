"""When a failed event is tried again."""

from collections.abc import Sequence

RETRY_AFTER_SECONDS: tuple[float, ...] = (1, 5, 30, 120, 600)
"""Pauses after the first, second ... failure. After one more the event is dead, until somebody replays it."""


def pause_after(attempts: int, pauses: Sequence[float] = RETRY_AFTER_SECONDS) -> float | None:
    """Return how many seconds to wait after ``attempts`` (1 or more) failures; None when it is to be given up."""
    return pauses[attempts - 1] if attempts <= len(pauses) else None
