"""Events between services: told in the transaction that makes them true, handled once in effect, never lost.

``uow.publish(event)`` puts an event into the outbox; the relay takes it to the broker; ``@on_event`` handles it
in one transaction with its inbox row.
"""

from chassis.events.declaring import declare_queues
from chassis.events.entrypoint import EventHandler, handlers_of, listeners_of, on_event
from chassis.events.hub import EventHub, EventRelay
from chassis.events.replay import send_unseen

__all__ = [
    "EventHandler",
    "EventHub",
    "EventRelay",
    "declare_queues",
    "handlers_of",
    "listeners_of",
    "on_event",
    "send_unseen",
]
