"""A referral: what is asked of a referrer, what the team reads, what the referrer may read back."""

from marshmallow import ValidationError, fields

from chassis.schemas import (
    Contract,
    PageRequest,
    choice,
    day,
    email,
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
from services.referrals.contract.codes import MAY_BE_TOLD, SECONDARY_CARE, SOURCES, STATUSES, TOLD, URGENCIES
from services.referrals.contract.family import FamilyDetails, FamilyRecord


def _agreed(agrees: object) -> None:
    if not agrees:
        raise ValidationError("Ask the family first: a referral needs their agreement.")


class Referrer(Contract):
    """Who referred, and what the family agreed that they may be told."""

    name = text("Referrer's name", max_length=200, sensitivity="personal")
    service = text("Service or team", max_length=200, hint="For example, Bermondsey health visiting team.")
    role = text("Job title", required=False, max_length=120)
    phone = text("Referrer's phone", required=False, max_length=40)
    email = email("Referrer's email", required=False)
    source = choice("Kind of service", SOURCES)
    may_be_told = choice("What may we tell the referrer?", MAY_BE_TOLD, hint="Ask the family what they agree to.")


class ReferralWords(Contract):
    """What a referral says beside the family and the referrer."""

    why_now = text("Why now?", max_length=4000, multiline=True, sensitivity="clinical", hint="What has changed, in plain words.")
    concern = text(
        "What worries you?",
        max_length=4000,
        multiline=True,
        sensitivity="clinical",
        hint="About the parent, the child and the two of them together, in plain words.",
    )
    secondary_care = choice("Is the parent under a Community Mental Health Team?", SECONDARY_CARE, sensitivity="clinical")
    risks_to_visitors = text(
        "Anything a visitor should know to be safe?",
        required=False,
        max_length=2000,
        multiline=True,
        sensitivity="safety",
        hint="For example, a dog, or somebody who must not know of the visit.",
    )
    urgency = choice("How urgent is it?", URGENCIES, load_default="routine", required=False, allow_none=False)


class ReferRequest(FamilyDetails, ReferralWords):
    """A professional's referral of a family."""

    referrer = nested(Referrer, "Referrer")
    referred_on = day("Date of the referral", required=False, not_future=True, hint="Leave empty for today.")
    family_agrees = yes_no("Does the family agree to this referral?", validate=_agreed)


class ReferralRequest(Contract):
    """Which referral."""

    referral_id = identifier("Referral")


class _Move(ReferralRequest):
    version = version()


def _reason(label: str, *, required: bool = True, hint: str = "") -> fields.String:
    return text(label, required=required, max_length=2000, multiline=True, sensitivity="clinical", hint=hint)


class AcceptRequest(_Move):
    """Accept for joint assessment."""

    reason = _reason("Note for the assessors", required=False)


class AskRequest(_Move):
    """Ask the referrer for more."""

    reason = _reason("What do you need to know?", hint="The referrer is asked this.")


class AnswerRequest(_Move):
    """Write down what the referrer answered."""

    reason = _reason("What was the answer?")


class RedirectRequest(_Move):
    """Point the family to a service that fits better."""

    to = text("Which service?", max_length=200)
    reason = _reason("Why does it fit better?")


class DeclineRequest(_Move):
    """Decline, with the reason."""

    reason = _reason("Why is the group not right for this family?")


class DuplicateRequest(_Move):
    """Merge with a referral of the same family that is there already."""

    of = identifier("The other referral")
    reason = _reason("How do you know it is the same family?", required=False)


class WithdrawRequest(_Move):
    """The family no longer wants to go on."""

    reason = _reason("What did the family say?")


class CloseRequest(_Move):
    """Close a referral that is dealt with."""

    reason = _reason("Why is it closed?")


class Step(Contract):
    """One move of a referral."""

    status = choice("Moved to", STATUSES)
    at = moment("When")
    by_name = text("By", max_length=200)
    agency_name = text("Agency", required=False, max_length=200)
    reason = text("Words", required=False, max_length=2000, sensitivity="clinical")
    to = text("Pointed to", required=False, max_length=200)


class ReferralSummary(Contract):
    """A referral in a list."""

    id = identifier("Referral")
    version = version()
    status = choice("Status", STATUSES)
    family_id = identifier("Family")
    family_name = text("Family", max_length=2000, sensitivity="personal")
    child_birth_dates = fields.List(fields.Date(), required=True, metadata={"label": "Children born"})
    source = choice("Referred by", SOURCES)
    referrer_service = text("Service", max_length=200)
    urgency = choice("Urgency", URGENCIES)
    referred_on = day("Date of the referral")
    received_at = moment("Received")


class Referral(ReferralSummary):
    """A referral as the team reads it; clinical words are None where ``clinical_hidden``."""

    family = nested(FamilyRecord, "Family as referred")
    referrer = nested(Referrer, "Referrer")
    referred_by_name = text("Entered by", max_length=200)
    why_now = text("Why now", required=False, max_length=4000, sensitivity="clinical")
    concern = text("What worries the referrer", required=False, max_length=4000, sensitivity="clinical")
    secondary_care = choice("Under a Community Mental Health Team", SECONDARY_CARE, required=False, sensitivity="clinical")
    risks_to_visitors = text("What a visitor should know", required=False, max_length=2000, sensitivity="safety")
    clinical_hidden = yes_no("Are clinical words hidden from you?")
    duplicate_of = identifier("Same family as", required=False)
    steps = many(Step, "What happened to it", at_most=1000)
    may_move_to = fields.List(fields.String(), required=True, metadata={"label": "What can be done next"})


class ListReferralsRequest(PageRequest):
    """Referrals by status and age."""

    status = some_of("Status", STATUSES, required=False)
    mine = yes_no("Only those I entered", required=False)
    sort = choice(
        "Order",
        {"oldest": "Oldest first", "newest": "Newest first"},
        required=False,
        load_default="oldest",
        allow_none=False,
    )


class OwnReferral(Contract):
    """A referral as its referrer may see it: no more than the family agreed to."""

    id = identifier("Referral")
    family_name = text("Family", max_length=2000, sensitivity="personal")
    referred_on = day("Date of the referral")
    told = choice("Where it stands", TOLD)
    told_words = text("In words", max_length=200)
    told_at = moment("Since")
    question = text("What the team asks you", required=False, max_length=2000, sensitivity="clinical")


class TriageSummary(Contract):
    """What waits for triage."""

    to_triage = whole("Referrals to triage", ge=0, le=2**31 - 1)
    urgent = whole("Urgent ones", ge=0, le=2**31 - 1)
    oldest_received_at = moment("Oldest received", required=False)
    waiting_for_information = whole("Waiting for information", ge=0, le=2**31 - 1)
    by_status = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


PageOfReferrals = page_of(ReferralSummary)
PageOfOwnReferrals = page_of(OwnReferral)
