"""Triage: deciding what happens to a referral."""

from typing import Any
from uuid import UUID

from chassis.database import Page
from chassis.rpc import rpc
from services.referrals import contract, views
from services.referrals.models import Referral
from services.referrals.repository import Work


class Triage:
    """What happens to a referral: read, listed, decided on."""

    @rpc(contract.GET_REFERRAL)
    def get_referral(self, uow: Work, referral_id: UUID) -> dict[str, Any]:
        """Return one referral; raises NotFound."""
        return views.referral(uow.referrals.get(referral_id), uow.caller)

    @rpc(contract.LIST_REFERRALS)
    def list_referrals(self, uow: Work, **wanted: Any) -> Page[Referral]:
        """Return a page of referrals."""
        return uow.referrals.search(**wanted)

    @rpc(contract.TRIAGE_SUMMARY)
    def triage_summary(self, uow: Work) -> dict[str, Any]:
        """Return what waits for triage, and since when."""
        return views.triage(uow.referrals.waiting())

    @rpc(contract.ACCEPT)
    def accept(self, uow: Work, referral_id: UUID, version: int, reason: str | None) -> dict[str, Any]:
        """Accept for joint assessment; the family comes into the registry.

        Raises:
            NotFound: no such referral in the caller's borough.
            Stale: somebody moved it since ``version``.
            InvalidTransition: it is not waiting for triage.
        """
        referral = uow.referrals.get(referral_id, for_update=True)
        accepted = referral.accept(version, reason, uow.caller, uow.now)
        family = uow.families.add(referral.register_family(uow.now))
        uow.publish(family.registered(), accepted)
        return views.referral(referral, uow.caller)

    @rpc(contract.ASK_FOR_INFORMATION)
    def ask_for_information(self, uow: Work, referral_id: UUID, version: int, reason: str) -> dict[str, Any]:
        """Ask the referrer for more; raises as `accept` does."""
        referral = uow.referrals.get(referral_id, for_update=True)
        uow.publish(referral.ask(version, reason, uow.caller, uow.now))
        return views.referral(referral, uow.caller)

    @rpc(contract.ANSWER_INFORMATION)
    def answer_information(self, uow: Work, referral_id: UUID, version: int, reason: str) -> dict[str, Any]:
        """Put an answered referral back to triage; raises as `accept` does."""
        referral = uow.referrals.get(referral_id, for_update=True)
        uow.publish(referral.answer(version, reason, uow.caller, uow.now))
        return views.referral(referral, uow.caller)

    @rpc(contract.REDIRECT)
    def redirect(self, uow: Work, referral_id: UUID, version: int, to: str, reason: str) -> dict[str, Any]:
        """Point the family to another service; raises as `accept` does."""
        referral = uow.referrals.get(referral_id, for_update=True)
        uow.publish(referral.redirect(version, to, reason, uow.caller, uow.now))
        return views.referral(referral, uow.caller)

    @rpc(contract.DECLINE)
    def decline(self, uow: Work, referral_id: UUID, version: int, reason: str) -> dict[str, Any]:
        """Decline; raises as `accept` does."""
        referral = uow.referrals.get(referral_id, for_update=True)
        uow.publish(referral.decline(version, reason, uow.caller, uow.now))
        return views.referral(referral, uow.caller)

    @rpc(contract.MARK_DUPLICATE)
    def mark_duplicate(self, uow: Work, referral_id: UUID, version: int, of: UUID, reason: str | None) -> dict[str, Any]:
        """Merge with another referral of the same family; raises as `accept` does, and Conflict."""
        referral = uow.referrals.get(referral_id, for_update=True)
        uow.publish(referral.mark_duplicate(version, uow.referrals.get(of, for_update=True), reason, uow.caller, uow.now))
        return views.referral(referral, uow.caller)

    @rpc(contract.WITHDRAW)
    def withdraw(self, uow: Work, referral_id: UUID, version: int, reason: str) -> dict[str, Any]:
        """Write down that the family does not want to go on; raises as `accept` does."""
        referral = uow.referrals.get(referral_id, for_update=True)
        uow.publish(referral.withdraw(version, reason, uow.caller, uow.now))
        return views.referral(referral, uow.caller)

    @rpc(contract.CLOSE)
    def close(self, uow: Work, referral_id: UUID, version: int, reason: str) -> dict[str, Any]:
        """Close what is dealt with; raises as `accept` does."""
        referral = uow.referrals.get(referral_id, for_update=True)
        uow.publish(referral.close(version, reason, uow.caller, uow.now))
        return views.referral(referral, uow.caller)
