"""`every`: what makes a method of a service run by the clock."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial, wraps
from typing import Any, TypeVar

import eventlet
from eventlet.event import Event
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, SharedExtension, register_entrypoint

from chassis.events.hub import work_of
from chassis.timers.round import Round
from chassis.timers.turn import Turn

F = TypeVar("F", bound=Callable[..., None])

WITHIN_SECONDS = 60.0
LOOK_SECONDS = 5.0


class Timers(SharedExtension):
    """What the timers of a service have in common: the turn."""

    def __init__(self) -> None:
        super().__init__()
        self._turn: Turn | None = None

    def mine(self) -> bool:
        """Tell whether this process is the one that fires."""
        if self._turn is None:
            self._turn = Turn(work_of(self.container).opened.operator_engine, f"timers of {self.container.service_name}")
        return self._turn.mine()

    def stop(self) -> None:
        """Let another process fire."""
        if self._turn is not None:
            self._turn.give_up()

    kill = stop


class Every(Entrypoint):
    """Fires a method every so many seconds: for the first time soon after the start, never twice at once."""

    timers = Timers()

    def __init__(self, seconds: float, within: float) -> None:
        super().__init__()
        self.seconds = seconds
        self.within = within
        self._stopping = Event()
        self._stopped = Event()

    def start(self) -> None:
        """Begin to beat."""
        self.container.spawn_managed_thread(self._beat)

    def stop(self) -> None:
        """Begin no other borough; return when the one in hand is done."""
        if not self._stopping.ready():
            self._stopping.send()
        self._stopped.wait()

    def _beat(self) -> None:
        while not self._stopping.ready():
            mine = self.timers.mine()
            if mine:
                self._fire()
            # who waits for the turn looks often: the one that had it may be gone
            self._pause(self.seconds if mine else min(self.seconds, LOOK_SECONDS))
        self._stopped.send()

    def _pause(self, seconds: float) -> None:
        with eventlet.Timeout(seconds, False):
            self._stopping.wait()

    def _fire(self) -> None:
        done = Event()

        def finish(_context: object, result: Any, exc_info: Any) -> tuple[Any, Any]:
            done.send()
            return result, exc_info

        work = work_of(self.container)
        name = f"{self.container.service_name}.{self.method_name}"
        one_round = Round(work, work.opened, name, within=self.within, stopping=self._stopping)
        with suppress(ContainerBeingKilled):
            self.container.spawn_worker(self, (one_round,), {}, handle_result=finish)
            done.wait()


def every(*, hours: float = 0, minutes: float = 0, seconds: float = 0, within: float = WITHIN_SECONDS) -> Callable[[F], F]:
    """Make a method ``(self, work)`` run by the clock, once for each active borough, in one process of the service.

    The pause is ``hours``, ``minutes`` and ``seconds`` together, from the end of one round to the start of the next. It runs
    soon after the start too, and another process may run it early after one died: once more must be harmless. If it
    raises for one borough, that borough's work is undone, and the others' goes on.

    Args:
        hours: of the pause.
        minutes: of the pause.
        seconds: of the pause.
        within: seconds that one borough's work may take.
    """

    def decorate(method: F) -> F:
        @wraps(method)
        def run(service: Any, first: Any) -> None:
            if isinstance(first, Round):
                first.run(partial(method, service))
            else:
                method(service, first)

        register_entrypoint(run, Every(hours * 3600 + minutes * 60 + seconds, within))
        return run  # type: ignore[return-value]  # it takes what the method takes, and rounds as they come

    return decorate
