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
from services.referrals.contract.agreement import Agreement, Intake
from services.referrals.contract.codes import (
    BOROUGH_LINKS,
    DECLINED_BECAUSE,
    MAY_BE_TOLD,
    PARENTAL_NEEDS,
    SECONDARY_CARE,
    SOURCES,
    STATUSES,
    STEP_KINDS,
    TOLD,
    TOLD_OF,
    URGENCIES,
)
from services.referrals.contract.eligibility import Criterion
from services.referrals.contract.family import FamilyDetails, FamilyRecord
from services.referrals.contract.question import Question


def _agreed(agrees: object) -> None:
    if not agrees:
        raise ValidationError("Ask the family first: a referral needs their agreement.")


class ReferrerDetails(Contract):
    """Who referred."""

    name = text("Referrer's name", max_length=200, sensitivity="personal")
    service = text("Service or team", max_length=200, hint="For example, Bermondsey health visiting team.")
    role = text("Job title", required=False, max_length=120)
    phone = text("Referrer's phone", required=False, max_length=40)
    email = email("Referrer's email", required=False)
    source = choice("Kind of service", SOURCES)


class Referrer(ReferrerDetails):
    """Who referred, and what the family agreed that they may be told."""

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
    parental_need = choice(
        "Does a parent struggle with their mental health?",
        PARENTAL_NEEDS,
        required=False,
        load_default="not_known",
        allow_none=False,
        sensitivity="clinical",
        hint="Low mood, worry, panic, difficult memories: no diagnosis is needed.",
    )
    borough_link = choice(
        "How is the family linked to the borough?", BOROUGH_LINKS, required=False, load_default="not_known", allow_none=False
    )
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


class Step(Contract):
    """One move of a referral."""

    status = choice("Moved to", STATUSES)
    at = moment("When")
    by_name = text("By", max_length=200)
    agency_name = text("Agency", required=False, max_length=200)
    reason = text("Words", required=False, max_length=2000, sensitivity="clinical")
    to = text("Pointed to", required=False, max_length=200)
    told = some_of("Who was told", TOLD_OF, required=False)
    because = choice("Why", DECLINED_BECAUSE, required=False)
    kind = choice("Kind", STEP_KINDS, required=False)


class ReferralSummary(Contract):
    """A referral in a list."""

    id = identifier("Referral")
    reference = text("Reference", max_length=9)
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
    steps = many(Step, "What has happened", at_most=1000)
    may_move_to = fields.List(fields.String(), required=True, metadata={"label": "What can be done next"})
    agreement = nested(Agreement, "What the family agreed to")
    intake = nested(Intake, "How it came")
    care_team = text("Which team", required=False, max_length=500, sensitivity="clinical")
    other_services = text("Who else works with the family", required=False, max_length=1000, sensitivity="clinical")
    may_reopen = yes_no("Can it be opened again?")
    assigned_to_id = identifier("Who has it", required=False)
    assigned_to_name = text("Who has it", required=False, max_length=200)
    borough_link = choice("What ties the family to the borough", BOROUGH_LINKS)
    parental_need = choice("Does a parent struggle with their mental health?", PARENTAL_NEEDS, required=False, sensitivity="clinical")
    criteria = many(Criterion, "Does the group fit?", at_most=20)
    questions = many(Question, "Questions to the referrer, newest first", at_most=1000)


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
    reference = text("Reference", max_length=9)
    family_name = text("Family", max_length=2000, sensitivity="personal")
    referred_on = day("Date of the referral")
    told = choice("Where it stands", TOLD)
    told_words = text("In words", max_length=200)
    told_at = moment("Since")
    question = text("What the team asks you", required=False, max_length=2000, sensitivity="clinical")
    question_id = identifier("Question, while you can answer it", required=False)
    answer_until = moment("You can answer until", required=False)


class TriageSummary(Contract):
    """What waits for triage."""

    to_triage = whole("Referrals to triage", ge=0, le=2**31 - 1)
    urgent = whole("Urgent ones", ge=0, le=2**31 - 1)
    oldest_received_at = moment("Oldest received", required=False)
    mine = whole("Yours to triage", ge=0, le=2**31 - 1)
    late_answers = whole("Answers that came after the decision", ge=0, le=2**31 - 1)
    waiting_for_information = whole("Waiting for information", ge=0, le=2**31 - 1)
    imports = whole("Waiting lists under review", ge=0, le=2**31 - 1)
    by_status = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


PageOfReferrals = page_of(ReferralSummary)
PageOfOwnReferrals = page_of(OwnReferral)
