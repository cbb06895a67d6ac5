"""Places in groups, and how a family is doing: fields and operations."""

from marshmallow import fields

from chassis.contract import Operation
from chassis.schemas import (
    Contract,
    PageRequest,
    choice,
    day,
    identifier,
    many,
    moment,
    nested,
    page_of,
    text,
    version,
    whole,
    yes_no,
)
from services.sessions.contract.codes import COLLECTION_STATES, ENGAGEMENT, MARKS, PLACE_STATUSES, STORY_KINDS


class Place(Contract):
    """A family's place in a group, or on the waiting list. Open-ended: only a person ends it."""

    id = identifier()
    version = whole("Version", ge=1, le=2**31 - 1)
    family_id = identifier("Family")
    family_name = text("Family", max_length=2000, sensitivity="personal")
    restricted = yes_no("Restricted to others: you can't see who it is", required=False, load_default=False)
    group_id = identifier("Group", required=False)
    group_name = text("Group", required=False)
    status = choice("Status", PLACE_STATUSES)
    engagement = choice("Engagement", ENGAGEMENT)
    missed = whole("Missed in a row", ge=0, le=100000)
    asked_on = day("Waiting since")
    starts_on = day("Starts on", required=False)
    ended_on = day("Last day", required=False)
    end_reason = text("Why it ended", required=False, sensitivity="internal", max_length=1000)


class ListPlaces(PageRequest):
    """Which places: of a status, of a group, or all; the longest waiting first."""

    status = choice("Status", PLACE_STATUSES, required=False)
    group_id = identifier("Group", required=False)


class OfferPlace(Contract):
    """Offer a family that waits a place in a group."""

    place_id = identifier("Place")
    version = version()
    group_id = identifier("Group")


class StartPlace(Contract):
    """The family takes the place up."""

    place_id = identifier("Place")
    version = version()
    starts_on = day("First session on", hint="The family is on the register from this day")


class PausePlace(Contract):
    """The family takes a break; it keeps its place."""

    place_id = identifier("Place")
    version = version()
    reason = text("Why", max_length=1000, multiline=True, sensitivity="internal")


class ResumePlace(Contract):
    """The break is over."""

    place_id = identifier("Place")
    version = version()


class EndPlace(Contract):
    """A person decides that the place ends; missing sessions or time passing never does."""

    place_id = identifier("Place")
    version = version()
    reason = text("Why the place ends", max_length=1000, multiline=True, sensitivity="internal")


class AddPlace(Contract):
    """Put a family whose earlier place ended back on the waiting list."""

    family_id = identifier("Family")


class FamilyId(Contract):
    """Which family."""

    family_id = identifier("Family")


class AttendedDay(Contract):
    """What a closed register says of the family on one day."""

    session_id = identifier("Session")
    on = day("Day")
    group_name = text("Group")
    mark = choice("Mark", MARKS)
    people = fields.List(fields.UUID(), required=True)
    collection = choice("Collection", COLLECTION_STATES, required=False)
    missed = whole("Missed in a row, up to that day", ge=0, le=100000)


class NextSession(Contract):
    """The next session that the family is expected at."""

    session_id = identifier("Session")
    on = day("Day")
    starts_at = moment("Starts at")
    group_name = text("Group")
    collection = choice("Collection", COLLECTION_STATES, required=False)


class StoryEntry(Contract):
    """One thing that happened to the family here; the gateway words it from ``kind`` and ``facts``."""

    id = identifier()
    occurred_at = moment("When")
    kind = choice("What", STORY_KINDS)
    facts = fields.Dict(keys=fields.String(), required=True)


class FamilyAttendance(Contract):
    """Everything of sessions that a family's page shows.

    ``attended`` counts sessions come to, ``of`` the sessions that were held for them (we cancelled does not count).
    """

    family_id = identifier("Family")
    engagement = choice("Engagement", ENGAGEMENT)
    missed = whole("Missed in a row", ge=0, le=100000)
    attended = whole("Came to", ge=0, le=100000)
    of = whole("Out of", ge=0, le=100000)
    place = nested(Place, "Place", required=False)
    next_session = nested(NextSession, "Next session", required=False)
    days = many(AttendedDay, "Every closed register, oldest first", at_most=10000)
    entries = many(StoryEntry, "Story, newest first", at_most=10000)


LIST_PLACES = Operation("sessions", "list_places", "families.read", ListPlaces, page_of(Place))
OFFER_PLACE = Operation("sessions", "offer_place", "places.manage", OfferPlace, Place, changes=True)
START_PLACE = Operation("sessions", "start_place", "places.manage", StartPlace, Place, changes=True)
PAUSE_PLACE = Operation("sessions", "pause_place", "places.manage", PausePlace, Place, changes=True)
RESUME_PLACE = Operation("sessions", "resume_place", "places.manage", ResumePlace, Place, changes=True)
END_PLACE = Operation("sessions", "end_place", "places.manage", EndPlace, Place, changes=True)
ADD_PLACE = Operation("sessions", "add_place", "places.manage", AddPlace, Place, changes=True)
FAMILY_ATTENDANCE = Operation("sessions", "family_attendance", "families.read", FamilyId, FamilyAttendance)
OPERATIONS: tuple[Operation, ...] = (
    LIST_PLACES,
    OFFER_PLACE,
    START_PLACE,
    PAUSE_PLACE,
    RESUME_PLACE,
    END_PLACE,
    ADD_PLACE,
    FAMILY_ATTENDANCE,
)
