"""What others may see of outreach: operations, events, errors and code sets."""

from chassis.auditing import audit_operations
from chassis.contract import EventType, Operation
from chassis.keeping import HELD
from services.outreach.contract import cases, collections, events
from services.outreach.contract.cases import (
    CLOSE_CASE,
    GET_CASE,
    LIST_CASES,
    LOG_CONTACT,
    OPEN_CASE,
    OUTREACH_STORY,
    OUTREACH_SUMMARY,
    TAKE_CASE,
)
from services.outreach.contract.codes import (
    CHANNELS,
    CLOSED_BECAUSE,
    DIRECTIONS,
    OUTCOMES,
    REASONS,
    RUN_STATUSES,
    STATUSES,
    STOP_OUTCOMES,
    STOP_STATES,
    STORY_KINDS,
)
from services.outreach.contract.collections import ARRANGE_COLLECTION, COMPLETE_COLLECTION, LIST_RUNS
from services.outreach.contract.errors import CollectionIncomplete, NoSeatsLeft, UnsafeChannel
from services.outreach.contract.events import (
    CASE_CLOSED,
    CASE_ESCALATED,
    CASE_OPENED,
    CONTACT_MADE,
    RUN_ARRANGED,
    RUN_COMPLETED,
)

OPERATIONS: tuple[Operation, ...] = (*cases.OPERATIONS, *collections.OPERATIONS, HELD["outreach"], *audit_operations("outreach"))
EVENTS: tuple[EventType, ...] = events.EVENTS

__all__ = [
    "ARRANGE_COLLECTION",
    "CASE_CLOSED",
    "CASE_ESCALATED",
    "CASE_OPENED",
    "CHANNELS",
    "CLOSED_BECAUSE",
    "CLOSE_CASE",
    "COMPLETE_COLLECTION",
    "CONTACT_MADE",
    "DIRECTIONS",
    "EVENTS",
    "GET_CASE",
    "LIST_CASES",
    "LIST_RUNS",
    "LOG_CONTACT",
    "OPEN_CASE",
    "OPERATIONS",
    "OUTCOMES",
    "OUTREACH_STORY",
    "OUTREACH_SUMMARY",
    "REASONS",
    "RUN_ARRANGED",
    "RUN_COMPLETED",
    "RUN_STATUSES",
    "STATUSES",
    "STOP_OUTCOMES",
    "STOP_STATES",
    "STORY_KINDS",
    "TAKE_CASE",
    "CollectionIncomplete",
    "NoSeatsLeft",
    "UnsafeChannel",
]
