"""What the referrals service tells the others."""

from chassis import keeping
from chassis.contract import EventType
from chassis.schemas import Contract, choice, identifier, many, moment, nested, text, version, yes_no
from services.referrals.contract.codes import MAY_BE_TOLD, SOURCES, STATUSES, URGENCIES
from services.referrals.contract.decisions import ProposedAssessor
from services.referrals.contract.facts import FamilyFacts
from services.referrals.contract.importing import IMPORT_STEPPED
from services.referrals.contract.message import MESSAGE_WANTED
from services.referrals.contract.telling import REFERRAL_SILENCED, REFERRAL_TOLD


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


class AcceptedFacts(ReferralFacts):
    """A referral that was accepted, and whom triage proposes for the joint visit."""

    assessors = many(ProposedAssessor, "Proposed for the visit", at_most=2, required=False, load_default=list, allow_none=False)


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


class MergedAccess(Contract):
    """Who may see the record that goes on, in whole; ``version`` is its restriction's."""

    version = version()
    in_force = yes_no("Restricted")
    access = many(GivenAccess, "Who may see it", at_most=1000)


class MergedPerson(Contract):
    """Somebody who was on both records: ``merged`` is ``into`` from then on."""

    merged = identifier("Person of the other record")
    into = identifier("The same person as")


class MergeFacts(Contract):
    """Two records became one, or two again. The subject is the merge; its sequence is 1, and 2 once it is undone.

    ``family_id`` is the record that goes on, ``merged_id`` the one that became part of it. ``restriction``: who may see the
    record that goes on, where that changed with it.
    """

    family_id = identifier("Family")
    merged_id = identifier("Merged family")
    at = moment("When")
    undone = yes_no("Undone")
    people = many(MergedPerson, "Who was on both", at_most=14)
    restriction = nested(MergedAccess, "Who may see it", required=False)


def _referral(what: str) -> EventType:
    return EventType(f"referrals.referral.{what}", ReferralFacts)


REFERRAL_RECEIVED = _referral("received")
REFERRAL_NEEDS_INFORMATION = _referral("needs_information")
REFERRAL_INFORMED = _referral("informed")
REFERRAL_ACCEPTED = EventType("referrals.referral.accepted", AcceptedFacts)
REFERRAL_REDIRECTED = _referral("redirected")
REFERRAL_DECLINED = _referral("declined")
REFERRAL_DUPLICATE = _referral("duplicate")
REFERRAL_WITHDRAWN = _referral("withdrawn")
REFERRAL_CLOSED = _referral("closed")
REFERRAL_REOPENED = _referral("reopened")
FAMILY_REGISTERED = EventType("referrals.family.registered", FamilyFacts)
FAMILY_CHANGED = EventType("referrals.family.changed", FamilyFacts)
FAMILY_RESTRICTED = EventType("referrals.family.restricted", RestrictionFacts)
FAMILY_MERGED = EventType("referrals.family.merged", MergeFacts)
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
    REFERRAL_REOPENED,
    FAMILY_REGISTERED,
    FAMILY_CHANGED,
    FAMILY_RESTRICTED,
    FAMILY_MERGED,
    GLASS_BROKEN,
    MESSAGE_WANTED,
    IMPORT_STEPPED,
    REFERRAL_TOLD,
    REFERRAL_SILENCED,
    *keeping.EVENTS,
    keeping.ERASURE_REPORTED["referrals"],
)
