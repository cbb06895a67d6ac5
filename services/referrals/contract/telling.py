"""What the referrers of families are told, decided here and nowhere else (domain rule 7): the gateway hands it on."""

from chassis.contract import EventType
from chassis.schemas import Contract, choice, identifier, moment, text
from services.referrals.contract.codes import MAY_BE_TOLD, TOLD


class ToldFacts(Contract):
    """Where a referral stands, as its referrer may know it from now on. The subject is the referral. It names nobody."""

    referrer_id = identifier("Who referred")
    reference = text("Reference", max_length=40)
    step_id = identifier("Step")
    told = choice("Where it stands", TOLD)
    told_at = moment("Since")


class SilencedFacts(Contract):
    """The family lets its referrer be told less from now on: what has not been sent yet is not to be. The subject is the referral."""

    referrer_id = identifier("Who referred")
    reference = text("Reference", max_length=40)
    may_be_told = choice("What the referrer may be told", MAY_BE_TOLD)
    step_id = identifier("The last step that may be told")


REFERRAL_TOLD = EventType("referrals.referral.told", ToldFacts)
REFERRAL_SILENCED = EventType("referrals.referral.silenced", SilencedFacts)
