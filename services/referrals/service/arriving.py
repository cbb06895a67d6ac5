"""A draft that is sent becomes a referral; each kind in its own way."""

from collections.abc import Callable, Mapping
from typing import Final

from chassis import clock
from services.referrals.models import Draft, Referral, check_ages, letters, request_of, request_of_parent
from services.referrals.models.joining import due_days
from services.referrals.repository import Work


def arrive(uow: Work, draft: Draft, own_email: str | None) -> Referral:
    """Return the referral that a draft has become, told to everybody whom it concerns.

    Args:
        uow: the work.
        draft: what was written.
        own_email: the mail address of the account of whoever sends it, where they have one.

    Raises:
        NotReady, NotOpen: as `Work.require_open`.
        Invalid, Conflict: as `Draft.whole`; a child may be too young or too old.
    """
    uow.require_open()
    return _ARRIVALS[draft.kind](uow, draft, own_email)


def _professional(uow: Work, draft: Draft, own_email: str | None) -> Referral:
    """Take a professional's, who is written to where they proved to be; never to an address that they only typed."""
    proved = draft.email if draft.email_proven else None
    return _taken(uow, draft, own_email if draft.owner_id else proved)


def _staff(uow: Work, draft: Draft, _: str | None) -> Referral:
    """Take what somebody of the team wrote down: they answer for the address that the referrer gave them."""
    return _taken(uow, draft, draft.whole()["referrer"]["email"])


def _taken(uow: Work, draft: Draft, email: str | None) -> Referral:
    request = request_of(draft.whole(), email)
    today = clock.today()
    check_ages(request["children"], request["referred_on"] or today, uow.oldest_child_months, uow.youngest_child_months)
    referral = uow.referrals.add(Referral.from_request(request, uow.caller, uow.now, today))
    uow.publish(referral.arrived(), *letters.copy_for_referrer(referral))
    return referral


def _self(uow: Work, draft: Draft, _: str | None) -> Referral:
    """Take a parent's own wish: no child is refused for their age, since somebody who reads it says so more kindly than a form."""
    answers = draft.whole()
    today = clock.today()
    referral = uow.referrals.add(Referral.from_request(request_of_parent(answers), uow.caller, uow.now, today))
    uow.publish(referral.arrived(), *letters.number_for_parent(referral, answers, due_days(uow.policy, today)))
    return referral


_Arrival = Callable[[Work, Draft, str | None], Referral]
_ARRIVALS: Final[Mapping[str, _Arrival]] = {"professional": _professional, "staff": _staff, "self": _self}
"""By the kind of the draft."""
