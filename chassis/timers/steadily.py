"""`steadily`: what makes a method of a service run by the clock in every one of its processes, for no borough."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import eventlet
from eventlet.event import Event
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, register_entrypoint

F = TypeVar("F", bound=Callable[..., None])


class Steadily(Entrypoint):
    """Fires a method every so many seconds, soon after the start for the first time, and never twice at once."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds
        self._stopping = Event()
        self._stopped = Event()

    def start(self) -> None:
        """Begin to beat."""
        self.container.spawn_managed_thread(self._beat)

    def stop(self) -> None:
        """Return when what is in hand is done."""
        if not self._stopping.ready():
            self._stopping.send()
        self._stopped.wait()

    def _beat(self) -> None:
        while not self._stopping.ready():
            self._fire()
            with eventlet.Timeout(self.seconds, False):
                self._stopping.wait()
        self._stopped.send()

    def _fire(self) -> None:
        done = Event()

        def finish(_context: object, result: Any, exc_info: Any) -> tuple[Any, Any]:
            done.send()
            return result, exc_info

        with suppress(ContainerBeingKilled):
            self.container.spawn_worker(self, (), {}, handle_result=finish)
            done.wait()


def steadily(seconds: float) -> Callable[[F], F]:
    """Make a method ``(self)`` run every so many seconds in every process of the service, bound to no borough.

    Several processes may run it at once, so it must share out by itself what there is to do. If it raises, that is
    logged, and it runs again.
    """

    def decorate(method: F) -> F:
        register_entrypoint(method, Steadily(seconds))
        return method

    return decorate
