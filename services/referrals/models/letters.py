"""Messages that the gateway is to mail: whether somebody may be written to is decided here."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from chassis.contract import Event
from chassis.ids import new_id
from services.referrals import contract
from services.referrals.models.draft import Draft, initials_of
from services.referrals.models.referral import Referral
from services.referrals.models.written import NOT_ASKED


def code(draft: Draft, code: str) -> Event:
    """Return the message with a code that proves a mail address; it says nothing of any family."""
    words = {"code": code, "draft_id": str(draft.id)}
    return message("refer_code", None, to=draft.email or "", words=words)


def copy_for_referrer(referral: Referral) -> Iterable[Event]:
    """Yield the message that a referral arrived, for a referrer who gave a mail address."""
    to = referral.referrer.get("email")
    if to:
        told = NOT_ASKED if referral.agreement.get("agrees") == NOT_ASKED else referral.may_be_told
        words = {"initials": ", ".join(initials_of(referral.family)), "may_be_told": told}
        yield message("referrer_copy", referral, to=to, words=words)


def number_for_parent(referral: Referral, answers: Mapping[str, Any], due: Mapping[str, date]) -> Iterable[Event]:
    """Yield the message with the reference and the dates, for a parent who said that a mail is safe; it names nobody.

    Args:
        referral: what their wish became.
        answers: what they answered, a loaded `contract.JoinRequest`.
        due: by when they hear from us: see `joining.due_days`.
    """
    if "email" in answers["channels"] and answers["email"]:
        words = {name: day.isoformat() for name, day in due.items()}
        yield message("join_received", referral, to=answers["email"], language=answers["read_in"], words=words)


def message(
    kind: str, about: Referral | None, *, to: str, token: str | None = None, language: str | None = None, words: dict[str, str]
) -> Event:
    """Return a message of a kind of `contract.MESSAGES`, for the gateway to mail.

    Args:
        kind: which.
        about: the referral that it is about; None where there is none yet. It is tied to that referral's family.
        to: mail address.
        token: what a link in it needs.
        language: to write in.
        words: what is put into the mail's own words, by name.
    """
    tied = {"family_id": about and about.family_id, "reference": about and about.reference}
    return contract.MESSAGE_WANTED(new_id(), 1, kind=kind, to=to, language=language, token=token, words=words, **tied)
