"""What the referrals service tells the others."""

from chassis.contract import EventType
from chassis.schemas import Contract, choice, identifier, moment, text
from services.referrals.contract.codes import MAY_BE_TOLD, SOURCES, STATUSES, URGENCIES
from services.referrals.contract.family import FamilyRecord


class ReferralFacts(Contract):
    """A referral that moved. The subject is the referral, the sequence its version; nothing clinical."""

    family_id = identifier("Family")
    family_name = text("Family", max_length=2000, sensitivity="personal")
    status = choice("Status", STATUSES)
    urgency = choice("Urgency", URGENCIES)
    source = choice("Referred by", SOURCES)
    referrer_service = text("Service", max_length=200)
    may_be_told = choice("What the referrer may be told", MAY_BE_TOLD)
    received_at = moment("Received")
    by_name = text("Moved by", max_length=200)


class FamilyFacts(FamilyRecord):
    """A family as it is now. The subject is the family, the sequence its version."""

    family_id = identifier("Family")


def _referral(what: str) -> EventType:
    return EventType(f"referrals.referral.{what}", ReferralFacts)


REFERRAL_RECEIVED = _referral("received")
REFERRAL_NEEDS_INFORMATION = _referral("needs_information")
REFERRAL_INFORMED = _referral("informed")
REFERRAL_ACCEPTED = _referral("accepted")
REFERRAL_REDIRECTED = _referral("redirected")
REFERRAL_DECLINED = _referral("declined")
REFERRAL_DUPLICATE = _referral("duplicate")
REFERRAL_WITHDRAWN = _referral("withdrawn")
REFERRAL_CLOSED = _referral("closed")
FAMILY_REGISTERED = EventType("referrals.family.registered", FamilyFacts)
FAMILY_CHANGED = EventType("referrals.family.changed", FamilyFacts)

EVENTS: tuple[EventType, ...] = (
    REFERRAL_RECEIVED,
    REFERRAL_NEEDS_INFORMATION,
    REFERRAL_INFORMED,
    REFERRAL_ACCEPTED,
    REFERRAL_REDIRECTED,
    REFERRAL_DECLINED,
    REFERRAL_DUPLICATE,
    REFERRAL_WITHDRAWN,
    REFERRAL_CLOSED,
    FAMILY_REGISTERED,
    FAMILY_CHANGED,
)
