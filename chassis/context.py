"""What the work in hand is about: who asked, since when, until when.

Each green thread has a context of its own; an entrypoint fills it before the
work starts. Log lines, the clock and outgoing calls read it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from chassis.ids import new_id

_CORRELATION = re.compile(r"[0-9a-f-]{8,64}\Z")


@dataclass(frozen=True, slots=True)
class Context:
    """The circumstances of one piece of work.

    Attributes:
        correlation_id: ties together everything that one request caused.
        service: the service at work, for example ``referrals``.
        borough_id: the borough the work is bound to, once it is known.
        deadline: monotonic seconds after which nobody waits for the answer.
        acting_at: the moment the work is to be dated at; only ever set in a practice borough.
    """

    correlation_id: str
    service: str = ""
    borough_id: UUID | None = None
    deadline: float | None = None
    acting_at: datetime | None = None


_current: ContextVar[Context | None] = ContextVar("stayplay_context", default=None)


def current() -> Context:
    """Return the context of this green thread; a fresh one where none was entered."""
    context = _current.get()
    if context is None:
        context = Context(correlation_id=str(new_id()))
        _current.set(context)
    return context


@contextmanager
def entered(context: Context) -> Iterator[Context]:
    """Make ``context`` the current one for the length of a ``with`` block."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


@contextmanager
def changed(**values: object) -> Iterator[Context]:
    """Enter the current context with some of its attributes changed."""
    with entered(replace(current(), **values)) as context:  # type: ignore[arg-type]  # replace() checks the names
        yield context


def correlation_id_from(value: object) -> str:
    """Return a caller's correlation id when it is well formed, else a new one.

    It ends up in log lines, so nothing but what a UUID is written with is let through: no name fits in there.
    """
    if isinstance(value, str) and _CORRELATION.match(value):
        return value
    return str(new_id())
