"""What other systems are told of what they referred, by themselves: no more than anybody who referred would be (see `telling`)."""

from collections.abc import Iterator

from chassis.contract import Event
from services.referrals.contract.telling import REFERRAL_SILENCED, REFERRAL_TOLD
from services.referrals.models.referral import Referral
from services.referrals.models.step import Step


def told(referral: Referral, before: Step | None, most_told: str) -> Iterator[Event]:
    """Yield that a referral stands elsewhere now, for the system that made it, where it may hear more than ``before``."""
    now = referral.told(most_told)
    if referral.referred_by_kind == "system" and now != before:
        facts = {"referrer_id": referral.referred_by_id, "reference": referral.reference, "step_id": now.id}
        yield REFERRAL_TOLD(referral.id, referral.version, **facts, told=now.told_as, told_at=now.at)


def silenced(referral: Referral, most_told: str) -> Iterator[Event]:
    """Yield that the system which made a referral may be told less from now on."""
    if referral.referred_by_kind == "system":
        facts = {"referrer_id": referral.referred_by_id, "reference": referral.reference, "may_be_told": referral.may_be_told}
        yield REFERRAL_SILENCED(referral.id, referral.version, **facts, step_id=referral.told(most_told).id)
