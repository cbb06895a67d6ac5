"""Venues, weekly groups and their sessions: fields and operations."""

from chassis.contract import Operation
from chassis.schemas import (
    Contract,
    PageRequest,
    choice,
    day,
    identifier,
    many,
    moment,
    page_of,
    text,
    wall_time,
    whole,
    yes_no,
)
from services.sessions.contract.codes import SESSION_STATUSES, WEEKDAYS


class NewVenue(Contract):
    """A place where groups meet."""

    name = text("Name of the venue", hint="For example, 1st Place Children's Centre")
    address = text("Address", max_length=500, multiline=True, required=False)
    postcode = text("Postcode", max_length=10, required=False)


class Venue(NewVenue):
    """A venue as kept."""

    id = identifier()
    version = whole("Version", ge=1, le=2**31 - 1)


class FirstVenue(NewVenue):
    """A venue that a new borough begins with; its id is given, so that it is made once however often it is told of."""

    id = identifier("Venue")


class BeginWith(Contract):
    """What a new borough is to find here: the part of ``gateway.borough.onboarded`` that is meant for this service."""

    venues = many(FirstVenue, "Venues", at_most=100, required=False, load_default=list, allow_none=False)


class NewGroup(Contract):
    """A weekly stay-and-play, by the clock on the wall in London."""

    name = text("Name of the group", max_length=100, hint="For example, Peckham Tuesday")
    venue_id = identifier("Venue")
    room = text("Room", max_length=100, required=False)
    weekday = choice("Day of the week", WEEKDAYS)
    starts_at = wall_time("Starts at", hint="For example, 10:00")
    ends_at = wall_time("Ends at", hint="For example, 11:30")
    starts_on = day("First session on or after", hint="The first session is the first such weekday from this day on")
    capacity = whole("Places for families", ge=1, le=60, required=False, hint="Left empty, it is what the borough's policy says")
    meets_on_bank_holidays = yes_no("Meets on bank holidays", required=False, load_default=False, allow_none=False)


class Session(Contract):
    """One meeting of a group; ``expected``, ``marked`` and ``to_collect`` count families."""

    id = identifier()
    group_id = identifier("Group")
    group_name = text("Group")
    venue_name = text("Venue", required=False)
    room = text("Room", required=False)
    on = day("Day")
    starts_at = moment("Starts at")
    ends_at = moment("Ends at")
    status = choice("Status", SESSION_STATUSES)
    bank_holiday = text("Bank holiday", required=False, hint="Its name, where the group meets all the same")
    version = whole("Version", ge=1, le=2**31 - 1)
    expected = whole("Families expected", ge=0, le=10000)
    marked = whole("Families marked", ge=0, le=10000)
    here = whole("Families here", ge=0, le=10000)
    to_collect = whole("Families to be collected", ge=0, le=10000)
    collected = whole("Families collected", ge=0, le=10000)


class Group(Contract):
    """A group as kept; counts are families with a place. Capacity is in families."""

    id = identifier()
    version = whole("Version", ge=1, le=2**31 - 1)
    name = text("Name of the group")
    venue_id = identifier("Venue")
    venue_name = text("Venue")
    room = text("Room", required=False)
    weekday = choice("Day of the week", WEEKDAYS)
    starts_at = wall_time("Starts at")
    ends_at = wall_time("Ends at")
    starts_on = day("First session on or after")
    capacity = whole("Places for families", ge=1, le=60)
    meets_on_bank_holidays = yes_no("Meets on bank holidays")
    taken = whole("Places taken", ge=0, le=10000, hint="Offered, active or paused")
    waiting = whole("Families waiting", ge=0, le=10000)


class GroupPlace(Contract):
    """A family's place as the group's page shows it."""

    id = identifier()
    family_id = identifier("Family")
    family_name = text("Family", max_length=2000, sensitivity="personal")
    restricted = yes_no("Restricted to others: you can't see who it is", required=False, load_default=False)
    status = text("Status")
    version = whole("Version", ge=1, le=2**31 - 1)
    since = day("Since", required=False)


class SkippedDay(Contract):
    """A day on which the group would meet, were it not a bank holiday."""

    on = day("Day")
    bank_holiday = text("Bank holiday")


class GroupInFull(Group):
    """A group with its sessions and places; ``places`` is empty for who may not see families."""

    places = many(GroupPlace, "Places", at_most=1000)
    sessions = many(Session, "Sessions, the latest six and the next eight weeks", at_most=1000)
    skipped = many(SkippedDay, "Bank holidays ahead", at_most=100)


class GroupId(Contract):
    """Which group."""

    group_id = identifier("Group")


class OnDay(Contract):
    """Which day; today where left out."""

    on = day("Day", required=False)


class SessionsOnDay(Contract):
    """Everything that the Today page needs of sessions.

    ``unclosed`` are past sessions whose register is still open, oldest first, at most 25 of ``unclosed_total``.
    """

    on = day("Day")
    sessions = many(Session, "Sessions on the day", at_most=1000)
    unclosed = many(Session, "Registers not closed", at_most=1000)
    unclosed_total = whole("Registers not closed", ge=0, le=1000000)
    starting = whole("Families whose first session is in the next seven days", ge=0, le=1000000)
    waiting = whole("Families on the waiting list", ge=0, le=1000000)


ADD_VENUE = Operation("sessions", "add_venue", "groups.manage", NewVenue, Venue, changes=True)
LIST_VENUES = Operation("sessions", "list_venues", "groups.read", PageRequest, page_of(Venue))
ADD_GROUP = Operation("sessions", "add_group", "groups.manage", NewGroup, Group, changes=True)
LIST_GROUPS = Operation("sessions", "list_groups", "groups.read", PageRequest, page_of(Group))
GET_GROUP = Operation("sessions", "get_group", "groups.read", GroupId, GroupInFull)
SESSIONS_ON = Operation("sessions", "sessions_on", "groups.read", OnDay, SessionsOnDay)
OPEN_REGISTERS = Operation("sessions", "open_registers", "registers.read", PageRequest, page_of(Session))
OPERATIONS: tuple[Operation, ...] = (
    ADD_VENUE,
    LIST_VENUES,
    ADD_GROUP,
    LIST_GROUPS,
    GET_GROUP,
    SESSIONS_ON,
    OPEN_REGISTERS,
)
