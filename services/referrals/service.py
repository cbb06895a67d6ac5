"""The entrypoints of referrals: load, act, publish, return."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from chassis import clock
from chassis.auditing.trail import AuditTrail
from chassis.contract import Event
from chassis.database import Page
from chassis.database.provider import WorkProvider
from chassis.database.trail import Sight
from chassis.errors import NotFound
from chassis.rpc import rpc
from chassis.tenancy import BoroughCopies
from services.referrals import contract, views
from services.referrals.models import Referral, Restriction, check_ages
from services.referrals.repository import Work


class ReferralsService(BoroughCopies, AuditTrail):
    """Referrals and the family registry of every borough."""

    name = "referrals"
    work = WorkProvider(Work)

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
        uow.publish(referral.arrived())
        return referral

    @rpc(contract.OWN_REFERRALS)
    def own_referrals(self, uow: Work, after: str | None, limit: int) -> dict[str, Any]:
        """Return what the caller referred, as far as each family and the borough let them know."""
        return views.own(uow.referrals.own(after, limit), uow.most_told)

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
        """Return one family.

        Raises:
            NotFound: no such family in the caller's borough.
            Restricted: it is restricted to others, and the caller may break the glass.
        """
        family = uow.families.find(family_id) or uow.restrictions.missed(family_id)
        return views.family(family, restricted=bool(uow.restrictions.among([family_id])))

    @rpc(contract.LIST_FAMILIES)
    def list_families(self, uow: Work, name: str | None, after: str | None, limit: int) -> dict[str, Any]:
        """Return a page of families by last name."""
        page = uow.families.named(name, after, limit)
        return views.families(page, uow.restrictions.among([family.id for family in page.items]))

    @rpc(contract.CHANGE_FAMILY)
    def change_family(self, uow: Work, family_id: UUID, **request: Any) -> dict[str, Any]:
        """Make a family what the request says.

        Raises:
            NotFound: no such family in the caller's borough.
            Restricted: as `get_family`, also where it was open when the caller began to write.
            Stale: somebody changed it since; both versions are in the error.
            Invalid: an identifier is of nobody in this family.
        """
        family = uow.families.find(family_id, for_update=True) or uow.restrictions.missed(family_id)
        uow.publish(family.change({"family_id": family_id, **request}, uow.now))
        return views.family(family, restricted=bool(uow.restrictions.among([family_id])))

    @rpc(contract.FAMILY_STORY)
    def family_story(self, uow: Work, family_id: UUID) -> dict[str, Any]:
        """Return what happened to the family's referrals; raises NotFound where it has none, and Restricted as `get_family` does."""
        uow.restrictions.require(family_id)
        referrals = uow.referrals.of_family(family_id)
        if not referrals:
            raise NotFound
        return views.story(referrals)

    @rpc(contract.GET_RESTRICTION)
    def get_restriction(self, uow: Work, family_id: UUID) -> dict[str, Any]:
        """Return who may see a family; raises NotFound, and Restricted as `get_family` does."""
        _require_family(uow, family_id)
        found = uow.restricted.find(family_id)
        return views.restriction(found, uow.caller, clock.real_now()) if found else views.unrestricted(family_id)

    @rpc(contract.RESTRICT_FAMILY)
    def restrict_family(self, uow: Work, family_id: UUID, **request: Any) -> dict[str, Any]:
        """Restrict a family to named people, from its first referral on.

        Raises:
            NotFound: no such family in the caller's borough, nor a referral of one.
            Restricted, Conflict: it is restricted already: to others, or to people of whom the caller is one.
            Invalid: no practitioner may see it.
        """
        _require_family(uow, family_id)
        restriction = uow.restricted.locked(family_id)
        _settle(uow, restriction, restriction.impose(request, uow.caller, clock.real_now()))
        return views.restriction(restriction, uow.caller, clock.real_now())

    @rpc(contract.CHANGE_RESTRICTION)
    def change_restriction(self, uow: Work, family_id: UUID, version: int, add: list[dict[str, Any]], remove: list[UUID]) -> dict[str, Any]:
        """Change who may see a restricted family.

        Raises:
            NotFound, Restricted: as `get_family`.
            Stale, Conflict, Forbidden, Invalid: see `Restriction.change`.
        """
        _require_family(uow, family_id)
        restriction = uow.restricted.locked(family_id)
        _settle(uow, restriction, restriction.change(version, add, remove, uow.caller, clock.real_now()))
        return views.restriction(restriction, uow.caller, clock.real_now())

    @rpc(contract.LIFT_RESTRICTION)
    def lift_restriction(self, uow: Work, family_id: UUID, version: int, reason: str) -> dict[str, Any]:
        """Let everybody see a family again whose role allows it; raises as `change_restriction` does, but for Invalid."""
        _require_family(uow, family_id)
        restriction = uow.restricted.locked(family_id)
        _settle(uow, restriction, restriction.lift(version, reason, uow.caller, clock.real_now()))
        return views.restriction(restriction, uow.caller, clock.real_now())

    @rpc(contract.BREAK_GLASS)
    def break_glass(self, uow: Work, family_id: UUID, reason: str) -> dict[str, Any]:
        """Let the caller see a restricted family for four hours; the borough's administrators are told.

        Raises:
            NotFound: no such family in the caller's borough.
            Conflict: it is not restricted, or the caller is named.
        """
        if family_id not in uow.restrictions.hidden:
            _require_family(uow, family_id)
        restriction = uow.restricted.locked(family_id)
        until, events = restriction.break_glass(reason, uow.caller, clock.real_now())
        _settle(uow, restriction, *events)
        return {"family_id": family_id, "until": until}

    @rpc(contract.FIND_RESTRICTED)
    def find_restricted(self, uow: Work, name: str | None, birth_date: date | None, reference: UUID | None) -> dict[str, Any]:
        """Return which families, hidden from the caller, match exactly: a full name with a birthday, or a reference."""
        hidden = uow.restrictions.hidden
        found = uow.restricted.of_reference(reference, hidden) if reference else set[UUID]()
        if name and birth_date:
            found |= uow.restricted.of_somebody(name, birth_date, hidden)
        asked = {"name": name, "birth_date": birth_date.isoformat()} if name and birth_date else {}
        facts = {"found": "restricted" if found else "nothing", **({"reference": str(reference)} if reference else {})}
        noted: Iterable[UUID | None] = found or (None,)
        uow.trail.sights += [Sight(family_id, facts=facts, words=asked) for family_id in noted]
        return {"families": sorted(found)}


def _require_family(uow: Work, family_id: UUID) -> None:
    """Let pass who asks for a family that they may see, in the registry or only referred yet.

    Raises:
        NotFound, Restricted: as `ReferralsService.get_family`.
    """
    if not uow.families.find(family_id) and not uow.referrals.of_family(family_id):
        uow.restrictions.missed(family_id)


def _settle(uow: Work, restriction: Restriction, *events: Event) -> None:
    """Let row-level security go by a restriction as it now is, and tell the others."""
    uow.restrictions.keep(restriction.id, restriction.version, in_force=restriction.in_force, access=restriction.access())
    uow.publish(*events)
