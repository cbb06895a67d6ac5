"""Events between services: told in the transaction that makes them true, handled once in effect, never lost.

``uow.publish(event)`` puts an event into the outbox; the relay takes it to the broker; ``@on_event`` handles it
in one transaction with its inbox row.
"""

from chassis.events.entrypoint import EventHandler, handlers_of, listeners_of, on_event
from chassis.events.hub import EventHub, EventRelay

__all__ = ["EventHandler", "EventHub", "EventRelay", "handlers_of", "listeners_of", "on_event"]
