"""The only files of the events that query."""

from chassis.events.repository.inbox import Begun, Failure, Inbox, Parked, begun, retried
from chassis.events.repository.outbox import Outbox, Waiting

__all__ = ["Begun", "Failure", "Inbox", "Outbox", "Parked", "Waiting", "begun", "retried"]
