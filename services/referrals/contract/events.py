"""What the referrals service tells the others."""

from chassis.contract import EventType
from chassis.schemas import Contract, choice, identifier, many, moment, text, yes_no
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


class GivenAccess(Contract):
    """Somebody who may see a restricted family; without ``until`` they are named."""

    person_id = identifier("Person")
    until = moment("Until", required=False)
    reason = text("Why", required=False, max_length=1000, sensitivity="safety")


class RestrictionFacts(Contract):
    """Who may see a family from now on, in whole. The subject is the family, the sequence its restriction's version."""

    family_id = identifier("Family")
    in_force = yes_no("Restricted")
    access = many(GivenAccess, "Who may see it", at_most=1000)


class GlassFacts(Contract):
    """Somebody opened a restricted family's record without being named. The subject is the family."""

    family_id = identifier("Family")
    person_id = identifier("Person")
    person_name = text("Name", max_length=200, sensitivity="personal")
    agency_name = text("Agency", required=False, max_length=200)
    reason = text("Why", max_length=1000, sensitivity="safety")
    at = moment("When")
    until = moment("Until")


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
FAMILY_RESTRICTED = EventType("referrals.family.restricted", RestrictionFacts)
GLASS_BROKEN = EventType("referrals.glass.broken", GlassFacts)

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
    FAMILY_RESTRICTED,
    GLASS_BROKEN,
)
