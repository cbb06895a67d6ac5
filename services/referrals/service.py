"""The entrypoints of referrals: load, act, publish, return."""

from typing import Any
from uuid import UUID

from chassis import clock
from chassis.database import Page
from chassis.database.provider import WorkProvider
from chassis.errors import NotFound
from chassis.rpc import rpc
from chassis.tenancy import BoroughCopies
from services.referrals import contract, views
from services.referrals.models import Family, Referral, check_ages
from services.referrals.repository import Work


class ReferralsService(BoroughCopies):
    """Referrals and the family registry of every borough."""

    name = "referrals"
    work = WorkProvider(Work)

    @rpc(contract.REFER)
    def refer(self, uow: Work, **request: Any) -> Referral:
        """Receive a professional's referral.

        Raises:
            Invalid: a child is older than the borough's limit.
            NotReady: the borough is not known here yet.
        """
        today = clock.today()
        check_ages(request["children"], request["referred_on"] or today, uow.oldest_child_months)
        referral = uow.referrals.add(Referral.from_request(request, uow.caller, uow.now, today))
        uow.publish(referral.arrived())
        return referral

    @rpc(contract.OWN_REFERRALS)
    def own_referrals(self, uow: Work, after: str | None, limit: int) -> dict[str, Any]:
        """Return what the caller referred, as far as each family lets them know."""
        return views.own(uow.referrals.own(after, limit))

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

    @rpc(contract.GET_FAMILY)
    def get_family(self, uow: Work, family_id: UUID) -> dict[str, Any]:
        """Return one family; raises NotFound."""
        return views.family(uow.families.get(family_id))

    @rpc(contract.LIST_FAMILIES)
    def list_families(self, uow: Work, name: str | None, after: str | None, limit: int) -> Page[Family]:
        """Return a page of families by last name."""
        return uow.families.named(name, after, limit)

    @rpc(contract.CHANGE_FAMILY)
    def change_family(self, uow: Work, family_id: UUID, **request: Any) -> dict[str, Any]:
        """Make a family what the request says.

        Raises:
            NotFound: no such family in the caller's borough.
            Stale: somebody changed it since; both versions are in the error.
            Invalid: an identifier is of nobody in this family.
        """
        family = uow.families.get(family_id, for_update=True)
        uow.publish(family.change({"family_id": family_id, **request}, uow.now))
        return views.family(family)

    @rpc(contract.FAMILY_STORY)
    def family_story(self, uow: Work, family_id: UUID) -> dict[str, Any]:
        """Return what happened to the family's referrals; raises NotFound where it has none."""
        referrals = uow.referrals.of_family(family_id)
        if not referrals:
            raise NotFound
        return views.story(referrals)
