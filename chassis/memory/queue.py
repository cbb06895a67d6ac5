"""A queue: what waits in it, who takes from it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, eq=False)
class Kept:
    """A message in a queue, or in the hands of a consumer."""

    body: Any
    properties: dict[str, Any]
    exchange: str
    routing_key: str
    deliveries: int = 0
    expires_at: float | None = None

    @property
    def expired(self) -> bool:
        """Whether nobody wants it any more."""
        return self.expires_at is not None and time.monotonic() >= self.expires_at


class Taker:
    """Somebody who consumes a queue."""

    __slots__ = ("deliver", "has_room", "tag")

    def __init__(self, tag: str, has_room: Callable[[], bool], deliver: Callable[[Kept, Queue], None]) -> None:
        self.tag = tag
        self.has_room = has_room
        self.deliver = deliver


@dataclass(slots=True, eq=False)
class Queue:
    """A first-in first-out queue that gives each message to one of its takers, in turn."""

    name: str
    arguments: Mapping[str, Any]
    dead_letter: Callable[[Queue, Kept], None]
    waiting: deque[Kept] = field(default_factory=deque)
    takers: deque[Taker] = field(default_factory=deque)

    def put(self, message: Kept) -> bool:
        """Add a message at the end; tell whether there was room."""
        if len(self.waiting) >= self.arguments.get("x-max-length", float("inf")):
            if str(self.arguments.get("x-overflow", "")).startswith("reject-publish"):
                return False
            self.dead_letter(self, self.waiting.popleft())
        self.waiting.append(message)
        self.serve()
        return True

    def give_back(self, message: Kept) -> None:
        """Put a message that was not settled back at the front, unless it came back too often."""
        if message.deliveries > self.arguments.get("x-delivery-limit", float("inf")):
            self.dead_letter(self, message)
            return
        self.waiting.appendleft(message)
        self.serve()

    def serve(self) -> None:
        """Give out what waits, as far as there is somebody with room."""
        while self.waiting and (taker := self._next_taker()) is not None:
            message = self.pop()
            if message is not None:
                taker.deliver(message, self)

    def pop(self) -> Kept | None:
        """Take the first message that has not expired; None when there is none."""
        while self.waiting:
            message = self.waiting.popleft()
            if not message.expired:
                message.deliveries += 1
                return message
            self.dead_letter(self, message)
        return None

    def leave(self, tag: str) -> None:
        """Let a taker go."""
        self.takers = deque(taker for taker in self.takers if taker.tag != tag)

    def _next_taker(self) -> Taker | None:
        for _ in range(len(self.takers)):
            taker = self.takers[0]
            self.takers.rotate(-1)
            if taker.has_room():
                return taker
        return None
