"""Work that needs the processor for longer than the event loop may stand still."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from eventlet import patcher, tpool

P = ParamSpec("P")
R = TypeVar("R")


def in_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run ``function`` in a real thread and wait for it, while other green threads go on; raises what it raises.

    In a process whose standard library is not patched there is no loop to keep going: it runs at once.
    """
    if not patcher.is_monkey_patched("thread"):
        return function(*args, **kwargs)
    return cast("R", tpool.execute(function, *args, **kwargs))
