"""From what was said at referral to consents that can be withdrawn, and from consents to what a referrer may be told."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from chassis.caller import Caller
from services.referrals import contract
from services.referrals.models.consent import Consent
from services.referrals.models.referral import Referral

_LEAST_FIRST: Final = ("nothing", "outcome", "status")
_NOTHING: Final[dict[str, Any]] = {"what": [], "level": None}


def taken_over(referral: Referral, by: Caller) -> Iterator[Consent]:
    """Yield the consents that an accepted referral brings: what its referrer may be told, and each agency that the family named.

    Nothing is taken for agreed of a family that nobody has asked. A parent who asked for themself is told as a parent, not as
    a referrer.
    """
    agreement = referral.agreement or {}
    if agreement.get("agrees") in {"not_asked", "no"}:
        return
    parent = referral.family["parents"][0]
    given = {
        "given_by": f"{parent['given_name']} {parent['family_name']}".strip()[:200],
        "given_how": "online" if referral.source == contract.SELF_REFERRED else "referrer",
        "given_on": referral.referred_on,
        "evidence": f"Referral {referral.reference}",
    }
    if referral.source != contract.SELF_REFERRED and referral.may_be_told != "nothing":
        told = {**_NOTHING, "purpose": "tell_referrer", "partner": referral.referrer_service, "words": None, "level": referral.may_be_told}
        yield Consent.given(referral.family_id, {**told, **given}, by, referral.id)
    for shared in agreement.get("share_with") or []:
        words = {**_NOTHING, "purpose": "work_together", "partner": shared["with_whom"], "words": shared["what"]}
        yield Consent.given(referral.family_id, {**words, **given}, by, referral.id)


def level_by(consents: Iterable[Consent], referral: Referral) -> str:
    """Return how much a referrer may be told, by the consents that hold: of this referral, or of every one of the family's."""
    levels = [
        one.level
        for one in consents
        if one.holds and one.level and one.purpose == "tell_referrer" and one.referral_id in {None, referral.id}
    ]
    return max(levels, key=_LEAST_FIRST.index, default="nothing")
