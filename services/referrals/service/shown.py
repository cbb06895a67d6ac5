"""A referral after it was loaded or decided on, as its reader may see it."""

from typing import Any

from chassis.clock import london
from chassis.contract import Event
from services.referrals import views
from services.referrals.models import Referral, Step, messages, systems
from services.referrals.repository import Work


def shown(uow: Work, referral: Referral) -> dict[str, Any]:
    """Return a referral with what speaks for it and what its referrer was asked."""
    criteria = referral.criteria(uow.terms, london(uow.now).date())
    return views.referral(referral, uow.caller, criteria, uow.questions.of(referral.id))


def decided(uow: Work, referral: Referral, before: Step, *events: Event) -> dict[str, Any]:
    """Publish a decision, let the referrer hear of it who may (they heard of ``before``), and return the referral."""
    uow.publish(*events, *messages.outcome(referral, before, uow.most_told), *systems.told(referral, before, uow.most_told))
    return shown(uow, referral)
