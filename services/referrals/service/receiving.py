"""How referrals come in."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis import clock
from chassis.rpc import rpc
from services.referrals import contract, views
from services.referrals.models import Question, Referral, check_ages, systems
from services.referrals.repository import Work


class Receiving:
    """How referrals come in, and what those who made them hear."""

    @rpc(contract.REFER)
    def refer(self, uow: Work, **request: Any) -> Referral:
        """Receive a professional's referral.

        Raises:
            Invalid: a child is younger or older than the borough's policy lets be referred.
            NotReady: the borough is not known here yet.
            NotOpen: it is still being set up.
        """
        uow.require_open()
        today = clock.today()
        check_ages(request["children"], request["referred_on"] or today, uow.oldest_child_months, uow.youngest_child_months)
        referral = uow.referrals.add(Referral.from_request(request, uow.caller, uow.now, today))
        uow.publish(referral.arrived(), *systems.told(referral, None, uow.most_told))
        return referral

    @rpc(contract.OWN_REFERRAL)
    def own_referral(self, uow: Work, referral_id: UUID) -> dict[str, Any]:
        """Return one thing that the caller referred, as far as they may know; raises NotFound, also where somebody else referred it."""
        uow.saw(subject_id=referral_id)
        found = uow.referrals.own_one(referral_id)
        return views.own_one(found, uow.most_told, _open_questions(uow, [found]))

    @rpc(contract.OWN_REFERRALS)
    def own_referrals(self, uow: Work, after: str | None, limit: int) -> dict[str, Any]:
        """Return what the caller referred, as far as each family and the borough let them know."""
        page = uow.referrals.own(after, limit)
        return views.own(page, uow.most_told, _open_questions(uow, page.items))


def _open_questions(uow: Work, referrals: Sequence[Referral]) -> dict[UUID, Question]:
    """Return what their referrer can answer now, by the referral; nothing that they may not be told of."""
    asked = [one.id for one in referrals if one.told(uow.most_told).status == "needs_information"]
    newest = uow.questions.newest_of(asked) if asked else {}
    return {referral_id: one for referral_id, one in newest.items() if one.state(uow.now) == "open"}
