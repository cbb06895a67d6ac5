"""What others may see of sessions: operations, events, errors and code sets."""

from chassis.auditing import audit_operations
from chassis.contract import EventType, Operation
from chassis.keeping import HELD
from services.sessions.contract import events, groups, places, register
from services.sessions.contract.codes import (
    ATTENDANCE_CODES,
    COLLECTION_STATES,
    ENGAGEMENT,
    MARKS,
    PERSON_KINDS,
    PLACE_STATUSES,
    REOPENED_BECAUSE,
    SESSION_STATUSES,
    STORY_KINDS,
    WEEKDAYS,
)
from services.sessions.contract.errors import GroupFull, RegisterAlreadyClosed, RegisterIncomplete, SessionNotYet
from services.sessions.contract.events import (
    ATTENDANCE_RECORDED,
    FAMILY_ATTENDED,
    FAMILY_MISSED,
    PLACE_ENDED,
    PLACE_OFFERED,
    PLACE_PAUSED,
    PLACE_RESUMED,
    PLACE_STARTED,
    SESSION_CLOSED,
)
from services.sessions.contract.groups import (
    ADD_GROUP,
    ADD_VENUE,
    GET_GROUP,
    LIST_GROUPS,
    LIST_VENUES,
    OPEN_REGISTERS,
    SESSIONS_ON,
    BeginWith,
    NewVenue,
)
from services.sessions.contract.places import (
    ADD_PLACE,
    END_PLACE,
    FAMILY_ATTENDANCE,
    LIST_PLACES,
    OFFER_PLACE,
    PAUSE_PLACE,
    RESUME_PLACE,
    START_PLACE,
)
from services.sessions.contract.register import CLOSE_REGISTER, GET_REGISTER, RECORD_REGISTER, REOPEN_REGISTER, ReopenRegister

OPERATIONS: tuple[Operation, ...] = (
    *groups.OPERATIONS,
    *places.OPERATIONS,
    *register.OPERATIONS,
    HELD["sessions"],
    *audit_operations("sessions"),
)
EVENTS: tuple[EventType, ...] = events.EVENTS

__all__ = [
    "ADD_GROUP",
    "ADD_PLACE",
    "ADD_VENUE",
    "ATTENDANCE_CODES",
    "ATTENDANCE_RECORDED",
    "CLOSE_REGISTER",
    "COLLECTION_STATES",
    "END_PLACE",
    "ENGAGEMENT",
    "EVENTS",
    "FAMILY_ATTENDANCE",
    "FAMILY_ATTENDED",
    "FAMILY_MISSED",
    "GET_GROUP",
    "GET_REGISTER",
    "LIST_GROUPS",
    "LIST_PLACES",
    "LIST_VENUES",
    "MARKS",
    "OFFER_PLACE",
    "OPEN_REGISTERS",
    "OPERATIONS",
    "PAUSE_PLACE",
    "PERSON_KINDS",
    "PLACE_ENDED",
    "PLACE_OFFERED",
    "PLACE_PAUSED",
    "PLACE_RESUMED",
    "PLACE_STARTED",
    "PLACE_STATUSES",
    "RECORD_REGISTER",
    "REOPENED_BECAUSE",
    "REOPEN_REGISTER",
    "RESUME_PLACE",
    "SESSIONS_ON",
    "SESSION_CLOSED",
    "SESSION_STATUSES",
    "START_PLACE",
    "STORY_KINDS",
    "WEEKDAYS",
    "BeginWith",
    "GroupFull",
    "NewVenue",
    "RegisterAlreadyClosed",
    "RegisterIncomplete",
    "ReopenRegister",
    "SessionNotYet",
]
