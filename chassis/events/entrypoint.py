"""`on_event`: what makes a method of a service a handler of events."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, TypeVar

from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR, Entrypoint, register_entrypoint

from chassis.contract import EventType
from chassis.events.handling import DEADLINE_SECONDS, Handler
from chassis.events.hub import Attempt, EventHub
from chassis.events.topology import Listener

F = TypeVar("F", bound=Callable[..., None])


class EventHandler(Entrypoint):
    """Feeds a method from a queue of its own."""

    hub = EventHub()

    def __init__(self, *types: EventType, within: float = DEADLINE_SECONDS, any_borough: bool = False, even_erased: bool = False) -> None:
        super().__init__()
        self.types = {event_type.name: event_type for event_type in types}
        self.within = within
        self.any_borough = any_borough
        self.even_erased = even_erased

    def handler(self, service: str, method: str) -> Handler:
        """Return the handler that it makes of a method."""
        return Handler(service, method, self.types, self.within, self.any_borough, self.even_erased)

    def setup(self) -> None:
        """Have the hub feed the method."""
        self.hub.register(self.handler(self.container.service_name, self.method_name), self)

    def stop(self) -> None:
        """Take no more events, and wait for those in hand."""
        self.hub.stop_taking()


def on_event(*types: EventType, within: float = DEADLINE_SECONDS, any_borough: bool = False, even_erased: bool = False) -> Callable[[F], F]:
    """Make a method ``(self, work, event)`` handle events of some types, each exactly once in effect.

    The method runs in one transaction with the note that it had the event. The caller is the service itself, bound to the
    event's borough. If it raises, all that is undone and tried again after 1 s, 5 s, 30 s, 2 min and 10 min (a setting); then
    the event is dead until an operator replays it.

    Args:
        types: what to handle. Order is not promised: apply only a newer ``event.sequence``.
        within: seconds that one attempt may take; then it has failed.
        any_borough: take events of boroughs too that the service does not know.
        even_erased: take events about families whose record was erased too; otherwise those are noted and do nothing.
    """

    def decorate(method: F) -> F:
        @wraps(method)
        def handle(service: Any, first: Any, *rest: Any) -> None:
            if isinstance(first, Attempt):
                first.run(partial(method, service))
            else:
                method(service, first, *rest)

        register_entrypoint(handle, EventHandler(*types, within=within, any_borough=any_borough, even_erased=even_erased))
        return handle  # type: ignore[return-value]  # it takes what the method takes, and attempts as the hub makes them

    return decorate


def handlers_of(service_class: type[Any]) -> list[Handler]:
    """Return the handlers that a service class declares."""
    return [
        entrypoint.handler(service_class.name, name)
        for name in sorted(dir(service_class))
        for entrypoint in getattr(getattr(service_class, name), ENTRYPOINT_EXTENSIONS_ATTR, ())
        if isinstance(entrypoint, EventHandler)
    ]


def listeners_of(service_class: type[Any]) -> list[Listener]:
    """Return what the broker must have queues for."""
    return [handler.listener for handler in handlers_of(service_class)]
