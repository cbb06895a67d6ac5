"""Waiting for what the platform does by itself, a moment after it was caused."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class NotInTime(Exception):
    """Something that should happen by itself did not."""


def until(what: str, look: Callable[[], T | None], seconds: float = 20) -> T:
    """Look again and again until there is something to see, and return it.

    Raises:
        NotInTime: nothing came in ``seconds``; ``what`` says what was awaited.
    """
    end, pause = time.monotonic() + seconds, 0.02
    while True:
        if seen := look():
            return seen
        if time.monotonic() > end:
            raise NotInTime(f"{what}: not within {seconds:.0f} seconds")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.5)
