"""What outreach publishes. Data carries ids and codes only: never a name or a note."""

from chassis.contract import EventType
from chassis.keeping import ERASURE_REPORTED
from chassis.schemas import Contract, choice, identifier, many, moment, whole
from services.outreach.contract.codes import CHANNELS, CLOSED_BECAUSE, DIRECTIONS, OUTCOMES, REASONS, STOP_STATES


class CaseMoved(Contract):
    """A case was opened or escalated; the subject is the case."""

    family_id = identifier("Family")
    reason = choice("Reason", REASONS)
    missed = whole("Missed in a row", ge=0, le=100000)


class CaseClosed(CaseMoved):
    """A case was closed; the subject is the case."""

    because = choice("Why", CLOSED_BECAUSE)


class ContactMade(Contract):
    """A contact was written down; the subject is the contact."""

    family_id = identifier("Family")
    case_id = identifier("Case", required=False)
    channel = choice("How", CHANNELS)
    direction = choice("Who", DIRECTIONS)
    outcome = choice("What came of it", OUTCOMES)
    made_at = moment("When")


class RunStop(Contract):
    """One family on a run."""

    family_id = identifier("Family")
    state = choice("State", STOP_STATES)
    pick_up_at = moment("Pick up at")


class RunMoved(Contract):
    """A run was arranged, changed or completed; the subject is the run. It lists every stop each time."""

    session_id = identifier("Session")
    stops = many(RunStop, "Stops", at_most=60)


CASE_OPENED = EventType("outreach.case.opened", CaseMoved)
CASE_ESCALATED = EventType("outreach.case.escalated", CaseMoved)
CASE_CLOSED = EventType("outreach.case.closed", CaseClosed)
CONTACT_MADE = EventType("outreach.contact.made", ContactMade)
RUN_ARRANGED = EventType("outreach.run.arranged", RunMoved)
RUN_COMPLETED = EventType("outreach.run.completed", RunMoved)
EVENTS: tuple[EventType, ...] = (
    CASE_OPENED,
    CASE_ESCALATED,
    CASE_CLOSED,
    CONTACT_MADE,
    RUN_ARRANGED,
    RUN_COMPLETED,
    ERASURE_REPORTED["outreach"],
)
