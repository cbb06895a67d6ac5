"""The decisions on a referral: what each needs."""

from marshmallow import fields

from chassis.schemas import Contract, choice, identifier, many, nested, some_of, text, version
from services.referrals.contract.codes import DECLINED_BECAUSE, TOLD_OF, URGENCIES
from services.referrals.contract.eligibility import ANSWERS, CRITERIA
from services.referrals.contract.referral import ReferralRequest


class MoveRequest(ReferralRequest):
    """Which referral, as it was when the decision was made."""

    version = version()


def reason(label: str, hint: str = "") -> fields.String:
    """Describe the words of a decision."""
    return text(label, max_length=2000, multiline=True, sensitivity="clinical", hint=hint)


class ProposedAssessor(Contract):
    """One of the two who are proposed for the joint visit."""

    person_id = identifier("Person")
    name = text("Name", max_length=200)
    agency_id = identifier("Agency")
    agency_name = text("Agency", max_length=200)
    agency_kind = text("Kind of agency", max_length=40)


class AcceptRequest(MoveRequest):
    """Accept for joint assessment."""

    urgency = choice("How soon?", URGENCIES, required=False, hint="Keep what the referral says, or change it.")
    assessors = many(ProposedAssessor, "Who visits", at_most=2, required=False, load_default=list, allow_none=False)
    reason = reason("Why does the group fit?", hint="Also say what the two who visit should know.")


class AskRequest(MoveRequest):
    """Ask the referrer for more."""

    reason = reason("What do you need to know?", hint="The referrer is asked this.")


class AnswerRequest(MoveRequest):
    """Write down what the referrer answered."""

    reason = reason("What was the answer?")


class RedirectRequest(MoveRequest):
    """Point the family to a service that fits better."""

    to = text("Which service?", max_length=200)
    told = some_of("Who was told?", TOLD_OF, required=False, load_default=list, allow_none=False)
    reason = reason("Why does it fit better?")


class DeclineRequest(MoveRequest):
    """Decline, with the reason chosen, and in words."""

    because = choice("Why is it declined?", DECLINED_BECAUSE)
    reason = reason("Why is the group not right for this family?")


class DuplicateRequest(MoveRequest):
    """Merge with a referral of the same family that is there already."""

    of = identifier("The other referral")
    reason = reason("How do you know it is the same family?")


class WithdrawRequest(MoveRequest):
    """The family has withdrawn go on."""

    reason = reason("What did the family say?")


class CloseRequest(MoveRequest):
    """Close a referral that is dealt with."""

    reason = reason("Why is it closed?")


class ReopenRequest(MoveRequest):
    """Put a referral back to triage that was decided against."""

    reason = reason("Why is it opened again?")


class Assignee(Contract):
    """Whose a referral is."""

    person_id = identifier("Person")
    name = text("Name", max_length=200)


class AssignRequest(MoveRequest):
    """Make a referral somebody's, or nobody's."""

    assignee = nested(Assignee, "Whose it is from now on", required=False)


class JudgeRequest(MoveRequest):
    """Answer one criterion, with the fact that the answer rests on."""

    criterion = choice("Criterion", CRITERIA)
    answer = choice("Answer", ANSWERS)
    fact = text("How do you know?", max_length=500, multiline=True, sensitivity="clinical")
