"""What sessions publishes. Data carries ids and codes only: never a name or a reason."""

from chassis.contract import EventType
from chassis.keeping import ERASURE_REPORTED
from chassis.schemas import Contract, choice, day, identifier, moment, text, whole
from services.sessions.contract.codes import MARKS


class PlaceMoved(Contract):
    """A place changed its state; the subject is the place."""

    family_id = identifier("Family")
    group_id = identifier("Group", required=False)
    group_name = text("Group", required=False)
    starts_on = day("Starts on", required=False)


class SessionClosed(Contract):
    """A register was closed; the subject is the session. Counts are families."""

    group_id = identifier("Group")
    on = day("Day")
    starts_at = moment("Starts at")
    expected = whole("Expected", ge=0, le=10000)
    attended = whole("Attended", ge=0, le=10000)


class AttendanceRecorded(Contract):
    """The mark of one family in a closed register; the subject is the family.

    ``consecutive`` counts the sessions missed in a row as they stand now, also when a register was closed late or again.
    """

    family_id = identifier("Family")
    session_id = identifier("Session")
    group_id = identifier("Group")
    group_name = text("Group")
    on = day("Day")
    starts_at = moment("Starts at")
    mark = choice("Mark", MARKS)
    consecutive = whole("Missed in a row", ge=0, le=100000)


PLACE_OFFERED = EventType("sessions.place.offered", PlaceMoved)
PLACE_STARTED = EventType("sessions.place.started", PlaceMoved)
PLACE_PAUSED = EventType("sessions.place.paused", PlaceMoved)
PLACE_RESUMED = EventType("sessions.place.resumed", PlaceMoved)
PLACE_ENDED = EventType("sessions.place.ended", PlaceMoved)
SESSION_CLOSED = EventType("sessions.session.closed", SessionClosed)
ATTENDANCE_RECORDED = EventType("sessions.attendance.recorded", AttendanceRecorded)
FAMILY_ATTENDED = EventType("sessions.family.attended", AttendanceRecorded)
FAMILY_MISSED = EventType("sessions.family.missed", AttendanceRecorded)
EVENTS: tuple[EventType, ...] = (
    PLACE_OFFERED,
    PLACE_STARTED,
    PLACE_PAUSED,
    PLACE_RESUMED,
    PLACE_ENDED,
    SESSION_CLOSED,
    ATTENDANCE_RECORDED,
    FAMILY_ATTENDED,
    FAMILY_MISSED,
    ERASURE_REPORTED["sessions"],
)
