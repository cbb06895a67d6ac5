"""Work ends when nobody waits for it any more."""

import time
from types import TracebackType
from typing import Self

from eventlet.timeout import Timeout

HARD_LIMIT = 60.0
"""Seconds that any one piece of work may take, whatever its caller says."""


class DeadlinePassed(BaseException):
    """Nobody waits for the work any more. Not an Exception: no handler should catch it by mistake."""


class Deadline:
    """Interrupts the green thread that enters it when ``at`` (monotonic seconds) has passed."""

    __slots__ = ("_seconds", "_timer")

    def __init__(self, at: float | None, limit: float = HARD_LIMIT) -> None:
        left = limit if at is None else at - time.monotonic()
        self._seconds = max(min(left, limit), 0)

    def __enter__(self) -> Self:
        if not self._seconds:
            raise DeadlinePassed
        self._timer = Timeout(self._seconds, DeadlinePassed())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.lift()

    def lift(self) -> None:
        """Interrupt nothing any more."""
        self._timer.cancel()
