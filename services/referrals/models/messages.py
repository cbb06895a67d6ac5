"""Messages of triage to referrers: whether one may be written, and what it may say, is decided here (domain rules 7 and 8)."""

from collections.abc import Iterator

from chassis.contract import Event
from services.referrals import contract
from services.referrals.models.draft import initials_of
from services.referrals.models.letters import message
from services.referrals.models.referral import Referral
from services.referrals.models.step import Step


def may_be_asked(referral: Referral, most_told: str) -> bool:
    """Tell whether its referrer may be asked by mail: they gave an address, and the family lets them follow each step.

    A parent who asked for themself is reached in a safe way by a person, never by this mail.
    """
    return bool(_address(referral)) and referral.told(most_told).status == "needs_information"


def question(referral: Referral, token: str) -> Event:
    """Return the message with the link of a question; the question itself stands behind the link."""
    return message("question", referral, to=_address(referral), token=token, words=_initials(referral))


def outcome(referral: Referral, before: Step, most_told: str) -> Iterator[Event]:
    """Yield the message of what became of a referral, where its referrer may hear more now than ``before``."""
    now = referral.told(most_told)
    if _address(referral) and now != before and now.told_as in contract.OUTCOMES:
        kind = "redirect" if now.told_as == "redirected" else "outcome"
        words = {**_initials(referral), "told": now.told_as}
        yield message(kind, referral, to=_address(referral), words=words)


def _address(referral: Referral) -> str:
    """Return the mail address of whoever referred, as a professional; an empty text where there is none."""
    return "" if referral.source == contract.SELF_REFERRED else referral.referrer.get("email") or ""


def _initials(referral: Referral) -> dict[str, str]:
    return {"initials": ", ".join(initials_of(referral.family))}
