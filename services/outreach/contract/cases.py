"""Outreach cases and contacts: fields and operations."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from chassis import clock
from chassis.contract import Operation
from chassis.schemas import (
    Contract,
    Nothing,
    PageRequest,
    choice,
    day,
    identifier,
    many,
    moment,
    nested,
    page_of,
    some_of,
    text,
    version,
    whole,
    yes_no,
)
from services.outreach.contract.codes import (
    CHANNELS,
    CLOSED_BECAUSE,
    CLOSED_BY_A_PERSON,
    DIRECTIONS,
    OPENED_BY_A_PERSON,
    OUTCOMES,
    REASONS,
    STATUSES,
    STORY_KINDS,
)
from services.referrals.contract import ContactPoint, ToKnow


class Case(Contract):
    """A reason to reach out to a family. Opens by itself, has an owner, closes by itself when the family is back."""

    id = identifier()
    version = whole("Version", ge=1, le=2**31 - 1)
    family_id = identifier("Family")
    family_name = text("Family", max_length=2000, sensitivity="personal")
    reason = choice("Reason", REASONS)
    status = choice("Status", STATUSES)
    words = text("In more words", required=False, max_length=1000, sensitivity="internal")
    missed = whole("Missed in a row", ge=0, le=100000)
    owner_id = identifier("Owner", required=False)
    owner_name = text("Owner", required=False)
    opened_at = moment("Opened")
    due_on = day("Contact due")
    overdue = yes_no("Overdue")
    escalated = yes_no("Escalated")
    escalated_at = moment("Escalated at", required=False)
    contacts = whole("Contacts made", ge=0, le=100000)
    last_contact_at = moment("Last contact", required=False)
    closed_at = moment("Closed at", required=False)
    closed_because = choice("Why it closed", CLOSED_BECAUSE, required=False)
    closed_by = text("Closed by", required=False)
    closed_words = text("In more words", required=False, max_length=1000, sensitivity="internal")


class SafeContact(Contract):
    """How the family may be reached."""

    channels = some_of("Safe ways to reach them", CHANNELS, required=False, sensitivity="safety")
    through = text("Somebody they trust", required=False, max_length=300, sensitivity="safety")
    times = text("When", required=False, max_length=500, sensitivity="safety")
    avoid = text("What to avoid", required=False, max_length=500, sensitivity="safety")


class Reachable(Contract):
    """A parent, with only those details that belong to a safe channel."""

    id = identifier()
    given_name = text("Given name", max_length=400, sensitivity="personal")
    family_name = text("Family name", max_length=400, sensitivity="personal")
    preferred_name = text("What they like to be called", required=False, max_length=400, sensitivity="personal")
    phone = text("Phone", required=False, max_length=254, sensitivity="personal")
    email = text("Email", required=False, max_length=254, sensitivity="personal")
    contact_points = many(ContactPoint, "Safe numbers and addresses", at_most=12, required=False, load_default=list)


class Contact(Contract):
    """One attempt to reach a family, or theirs to reach us."""

    id = identifier()
    family_id = identifier("Family")
    case_id = identifier("Case", required=False)
    channel = choice("How", CHANNELS)
    direction = choice("Who reached out", DIRECTIONS)
    outcome = choice("What came of it", OUTCOMES)
    note = text("Note", required=False, max_length=2000, sensitivity="internal")
    made_at = moment("When")
    made_by = text("By")


class CaseInFull(Case):
    """Everything that the page of a case needs; contacts are the family's, newest first, at most 50."""

    safe_contact = nested(SafeContact, "Before you make contact", required=False)
    parents = many(Reachable, "Parents", at_most=20)
    address = text("Address", required=False, max_length=500, sensitivity="personal")
    to_know = nested(ToKnow, "Before you go or phone", required=False)
    history = many(Contact, "Contacts", at_most=50)


class CaseCounts(Contract):
    """How many cases there are, whatever the filter."""

    open = whole("Open", ge=0, le=1000000)
    mine = whole("Yours", ge=0, le=1000000)
    unowned = whole("With no owner", ge=0, le=1000000)
    overdue = whole("Overdue", ge=0, le=1000000)
    escalated = whole("Escalated", ge=0, le=1000000)


class OutreachSummary(CaseCounts):
    """What the Today page needs of outreach."""

    missed_no_contact = whole("Families who missed sessions, no contact yet", ge=0, le=1000000)
    missed_no_contact_overdue = whole("Of those, overdue", ge=0, le=1000000)
    oldest_opened_at = moment("Oldest open case", required=False)
    next_due_on = day("Next contact due", required=False)


class ListCases(PageRequest):
    """Which cases; open ones the most urgent first, closed ones the latest closed first."""

    status = choice("Status", STATUSES, required=False, load_default="open", allow_none=False)
    reason = choice("Reason", REASONS, required=False)
    mine = yes_no("Only yours", required=False, load_default=False, allow_none=False)
    unowned = yes_no("Only with no owner", required=False, load_default=False, allow_none=False)
    family_id = identifier("Family", required=False)


class CaseId(Contract):
    """Which case."""

    case_id = identifier("Case")


class OpenCase(Contract):
    """Open a case that no event opens: a referrer's concern, or reaching a family that left."""

    family_id = identifier("Family")
    reason = choice("Reason", OPENED_BY_A_PERSON)
    words = text("What is it about?", max_length=1000, multiline=True, sensitivity="internal")
    due_on = day("Contact due", required=False, hint="In two working days, where left out")


class TakeCase(Contract):
    """Become the owner of a case."""

    case_id = identifier("Case")
    version = version()


class CloseCase(Contract):
    """Close a case because of what a person knows."""

    case_id = identifier("Case")
    version = version()
    because = choice("Why are you closing it?", CLOSED_BY_A_PERSON)
    words = text("In more words", required=False, max_length=1000, multiline=True, sensitivity="internal")


class LogContact(Contract):
    """Write down a contact. One that we made is refused when the family marked its channel unsafe."""

    case_id = identifier("Case", required=False)
    family_id = identifier("Family", required=False)
    channel = choice("How did you reach out?", CHANNELS)
    direction = choice("Who reached out?", DIRECTIONS, required=False, load_default="out", allow_none=False)
    outcome = choice("What was the outcome?", OUTCOMES)
    note = text("Note", required=False, max_length=2000, multiline=True, sensitivity="internal")
    made_at = moment("When?", required=False, hint="Now, where left out")
    next_due_on = day("Next contact due", required=False, hint="Worked out from what came of it, where left out")

    @validates_schema
    def _about_somebody(self, data: Mapping[str, Any], **_: object) -> None:
        if not data.get("case_id") and not data.get("family_id"):
            raise ValidationError("Say which case or which family this is about.", "case_id")

    @validates_schema
    def _has_happened(self, data: Mapping[str, Any], **_: object) -> None:
        made_at = data.get("made_at")
        if isinstance(made_at, datetime) and made_at > clock.now():
            raise ValidationError("When: this must be now or in the past.", "made_at")


class FamilyId(Contract):
    """Which family."""

    family_id = identifier("Family")


class StoryEntry(Contract):
    """One thing that happened; the gateway words it from ``kind`` and ``facts``."""

    id = identifier()
    occurred_at = moment("When")
    kind = choice("What", STORY_KINDS)
    facts = fields.Dict(keys=fields.String(), required=True)


class Story(Contract):
    """What outreach knows of a family, newest first, with the open cases."""

    entries = many(StoryEntry, "Story", at_most=10000)
    open_cases = many(Case, "Open cases", at_most=100)


class PageOfCases(page_of(Case)):  # type: ignore[misc]  # a schema made by a function
    """A page of cases with the counts for the tabs."""

    counts = nested(CaseCounts, "Counts")


LIST_CASES = Operation("outreach", "list_cases", "outreach.read", ListCases, PageOfCases)
GET_CASE = Operation("outreach", "get_case", "outreach.read", CaseId, CaseInFull)
OPEN_CASE = Operation("outreach", "open_case", "outreach.work", OpenCase, Case, changes=True)
TAKE_CASE = Operation("outreach", "take_case", "outreach.work", TakeCase, Case, changes=True)
CLOSE_CASE = Operation("outreach", "close_case", "outreach.work", CloseCase, Case, changes=True)
LOG_CONTACT = Operation("outreach", "log_contact", "outreach.work", LogContact, Contact, changes=True)
OUTREACH_STORY = Operation("outreach", "outreach_story", "families.read", FamilyId, Story)
OUTREACH_SUMMARY = Operation("outreach", "outreach_summary", "outreach.read", Nothing, OutreachSummary)
OPERATIONS: tuple[Operation, ...] = (
    LIST_CASES,
    GET_CASE,
    OPEN_CASE,
    TAKE_CASE,
    CLOSE_CASE,
    LOG_CONTACT,
    OUTREACH_STORY,
    OUTREACH_SUMMARY,
)
