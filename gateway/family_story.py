"""A family's whole story: each service tells its part, here they become one."""

from typing import Any
from uuid import UUID

from chassis.errors import Forbidden, NotFound, NotSignedIn, Restricted, StayPlayError
from gateway.access import current
from services.assessments.contract import ASSESSMENT_STORY
from services.outreach.contract import OUTREACH_STORY
from services.referrals.contract import FAMILY_STORY
from services.sessions.contract import FAMILY_ATTENDANCE

TELLERS = (FAMILY_STORY, ASSESSMENT_STORY, FAMILY_ATTENDANCE, OUTREACH_STORY)

WAY = (
    "referral.received",
    "referral.needs_information",
    "referral.informed",
    "referral.accepted",
    "assessment.opened",
    "visit.arranged",
    "visit.missed",
    "case.visit_missed",
    "visit.cancelled",
    "visit.done",
    "assessment.agreed",
    "place.waiting",
    "place.offered",
    "place.started",
    "place.paused",
    "place.resumed",
    "session.cancelled",
    "family.told_us",
    "family.missed",
    "family.attended",
    "case.opened",
    "case.escalated",
    "case.taken",
    "contact.made",
    "collection.arranged",
    "collection.done",
    "case.closed",
    "place.ended",
    "assessment.closed",
    "referral.closed",
    "record.moved",
    "record.left",
)
"""What follows from what: the order of things that have one moment, as they may in a practice borough."""
_STEP = {kind: number for number, kind in enumerate(WAY)}


def merged(replies: list[dict[str, Any] | StayPlayError]) -> dict[str, Any]:
    """Return one story of the four services' replies, in the order of `TELLERS`.

    ``entries`` (newest first) each hold ``service, id, occurred_at, kind, facts``; ``silent`` names the services that
    did not answer, so that a page can say that something is missing rather than show nothing. ``opening`` names those that
    have yet to hear that the person may see the family: the registry knows, and they will in a moment.

    Raises:
        NotFound: the registry knows no such family in the borough.
        Restricted: the family is restricted to others.
        Forbidden, NotSignedIn: the person may not read it.
    """
    for reply in replies:
        if isinstance(reply, (Forbidden, NotSignedIn)) or (isinstance(reply, (NotFound, Restricted)) and reply is replies[0]):
            raise reply
    told = zip(TELLERS, replies, strict=True)
    parts = [(teller.service, reply) for teller, reply in told]
    entries = [
        {"service": service, **entry} for service, reply in parts if not isinstance(reply, StayPlayError) for entry in reply["entries"]
    ]
    opening = [service for service, reply in parts if isinstance(reply, Restricted)]
    silent = [service for service, reply in parts if isinstance(reply, StayPlayError) and not isinstance(reply, (NotFound, Restricted))]
    return {"entries": sorted(entries, key=_moment, reverse=True), "silent": silent, "opening": opening}


def family_story(family_id: UUID) -> dict[str, Any]:
    """Return the story of a family, told by the four services at once: see `merged`."""
    return merged(current.gather_what_answers(*(current.ask(teller, family_id=family_id) for teller in TELLERS)))


def _moment(entry: dict[str, Any]) -> tuple[Any, int]:
    return entry["occurred_at"], _STEP.get(entry["kind"], len(WAY))
