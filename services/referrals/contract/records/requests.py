"""What people ask about their data: access, rectification, restriction, erasure, objection (UK GDPR, articles 15 to 21)."""

from typing import Final

from marshmallow import fields

from chassis.contract import Operation
from chassis.keeping import MANAGE
from chassis.schemas import Contract, Nothing, PageRequest, choice, day, identifier, moment, page_of, some_of, text, version, yes_no

KINDS: Final[dict[str, str]] = {
    "access": "See what is held (access)",
    "rectification": "Put something right (rectification)",
    "restriction": "Keep it and not use it (restriction)",
    "erasure": "Erase it (erasure)",
    "objection": "Object to what is done with it (objection)",
}
ASKED_AS: Final[dict[str, str]] = {
    "self": "For themselves",
    "parental": "As a parent, for their child",
    "representative": "For somebody else, with their written permission",
    "court": "By order of a court, or with power of attorney",
}
CHECKED_BY: Final[dict[str, str]] = {
    "known": "The person who asks is known to us, and was seen or called on a number we had",
    "document": "An identity document was looked at; no copy is kept",
    "details": "They answered questions that only they could answer",
    "authority": "Written authority, court order or proof of parental responsibility was looked at",
}
OUTCOMES: Final[dict[str, str]] = {
    "done": "Done as asked",
    "partly": "Done in part",
    "refused": "Refused",
    "withdrawn": "Withdrawn by the person who asked",
}
STATES: Final[dict[str, str]] = {"open": "Open", "closed": "Closed"}
MONTHS: Final = 1
"""Within which a request is answered, counted from the day after it came: UK GDPR article 12(3)."""
MORE_MONTHS: Final = 2
"""By which it may be made longer where it is complex, told within the first month."""


class RequestFields(Contract):
    """What is written down of a request."""

    kind = choice("What do they ask for?", KINDS)
    person_id = identifier("About whom?", required=False)
    asked_by = text("Who asks?", max_length=200, sensitivity="personal")
    asked_as = choice("For whom do they ask?", ASKED_AS)
    identity_checked = choice("How was their identity checked?", CHECKED_BY)
    received_on = day("When did it arrive?", not_future=True, hint="The month to answer in begins on this day.")
    words = text("In their words", required=False, max_length=4000, multiline=True, sensitivity="personal")


class OpenSubjectRequest(RequestFields):
    """A request, about one person of a family; without a person about all of it."""

    family_id = identifier("Family")


class SubjectRequestRequest(Contract):
    """Which request."""

    request_id = identifier("Request")


class ExtendSubjectRequest(SubjectRequestRequest):
    """Take longer, because it is complex; the person who asked is told within the first month."""

    version = version()
    reason = text("Why does it take longer?", max_length=1000, multiline=True, sensitivity="personal")


class CloseSubjectRequest(SubjectRequestRequest):
    """What came of it."""

    version = version()
    outcome = choice("What was the outcome?", OUTCOMES)
    reason = text(
        "What was done, or why not",
        max_length=4000,
        multiline=True,
        sensitivity="personal",
        hint="Of a refusal: the exemption, and that they can complain to the Information Commissioner.",
    )
    told = text(
        "Who else was told?",
        required=False,
        max_length=2000,
        multiline=True,
        sensitivity="personal",
        hint="Of a correction, an erasure or a restriction: everybody who was given the data before (article 19).",
    )


class SubjectRequestSummary(Contract):
    """A request in a list."""

    id = identifier("Request")
    version = version()
    kind = choice("Asked for", KINDS)
    status = choice("State", STATES)
    family_id = identifier("Family")
    person_id = identifier("Person", required=False)
    about = text("About", max_length=2000, sensitivity="personal")
    received_on = day("Arrived")
    due_on = day("Answer by")
    overdue = yes_no("Overdue")


class SubjectRequest(SubjectRequestSummary):
    """A request in full."""

    asked_by = text("Who asks", max_length=200, required=False, sensitivity="personal")
    asked_as = choice("For whom", ASKED_AS)
    identity_checked = choice("How their identity was checked", CHECKED_BY)
    words = text("In their words", required=False, max_length=4000, sensitivity="personal")
    extended_because = text("Why it takes longer", required=False, max_length=1000, sensitivity="personal")
    outcome = choice("What came of it", OUTCOMES, required=False)
    outcome_words = text("What was done", required=False, max_length=4000, sensitivity="personal")
    told = text("Who was told", required=False, max_length=2000, sensitivity="personal")
    opened_by = text("Recorded by", max_length=200)
    opened_at = moment("Written down")
    closed_by = text("Closed by", required=False, max_length=200)
    closed_at = moment("Closed", required=False)
    has_pack = yes_no("A pack was begun")


class ListSubjectRequests(PageRequest):
    """Which requests, those to be answered first at the top."""

    status = choice("State", STATES, required=False)
    kind = some_of("Asked for", KINDS, required=False)
    family_id = identifier("Family", required=False)


PageOfRequests = page_of(SubjectRequestSummary)


class RequestCounts(Contract):
    """What waits for whoever looks after records: how many requests are open, and how many are overdue."""

    open = fields.Integer(required=True, metadata={"label": "Open"})
    overdue = fields.Integer(required=True, metadata={"label": "Overdue"})
    next_due_on = day("The next is due", required=False)


OPEN_REQUEST = Operation("referrals", "open_subject_request", MANAGE, OpenSubjectRequest, SubjectRequest, changes=True, keeps=True)
EXTEND_REQUEST = Operation("referrals", "extend_subject_request", MANAGE, ExtendSubjectRequest, SubjectRequest, changes=True, keeps=True)
CLOSE_REQUEST = Operation("referrals", "close_subject_request", MANAGE, CloseSubjectRequest, SubjectRequest, changes=True, keeps=True)
GET_REQUEST = Operation("referrals", "get_subject_request", MANAGE, SubjectRequestRequest, SubjectRequest)
LIST_REQUESTS = Operation("referrals", "list_subject_requests", MANAGE, ListSubjectRequests, PageOfRequests)
RECORDS_SUMMARY = Operation("referrals", "records_summary", MANAGE, Nothing, RequestCounts)

OPERATIONS = (OPEN_REQUEST, EXTEND_REQUEST, CLOSE_REQUEST, GET_REQUEST, LIST_REQUESTS, RECORDS_SUMMARY)
