"""Several who ask at once, in the threads of a patched process: while one waits for the database, another is answered."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import eventlet

S = TypeVar("S")
T = TypeVar("T")


def at_once(ask: Callable[[S], T], each: Iterable[S], hands: int = 12) -> list[T]:
    """Return what ``ask`` returns of each, in their order; at most so many ``hands`` are at work. What one raises is raised."""
    return list(eventlet.GreenPool(hands).imap(ask, each))
