"""Triage: deciding what happens to a referral."""

from typing import Any
from uuid import UUID

from chassis.clock import london
from chassis.database import Page
from chassis.rpc import rpc
from services.referrals import contract, views
from services.referrals.models import Question, Referral, Step, agreeing, messages, new_token, systems
from services.referrals.repository import Work
from services.referrals.service.merging import lock_records_of, merge_of_duplicate
from services.referrals.service.shown import decided, shown


class Triage:
    """What happens to a referral: read, listed, decided on."""

    @rpc(contract.GET_REFERRAL)
    def get_referral(self, uow: Work, referral_id: UUID) -> dict[str, Any]:
        """Return one referral; raises NotFound."""
        return shown(uow, uow.referrals.get(referral_id))

    @rpc(contract.LIST_REFERRALS)
    def list_referrals(self, uow: Work, **wanted: Any) -> Page[Referral]:
        """Return a page of referrals."""
        return uow.referrals.search(**wanted)

    @rpc(contract.TRIAGE_SUMMARY)
    def triage_summary(self, uow: Work) -> dict[str, Any]:
        """Return what waits for triage, and since when."""
        return views.triage(uow.referrals.waiting(), uow.board.mine(), uow.board.late_answers(), uow.imports.under_review())

    @rpc(contract.ACCEPT)
    def accept(self, uow: Work, referral_id: UUID, version: int, reason: str, **chosen: Any) -> dict[str, Any]:
        """Accept for joint assessment; the family comes into the registry, and the two assessors are proposed for the visit.

        Raises:
            NotFound: no such referral in the caller's borough.
            Stale: somebody moved it since ``version``.
            InvalidTransition: it is not waiting for triage.
            TwoAgenciesNeeded: the two are not one from CAMHS and one from the adult mental health team.
        """
        referral, before = _loaded(uow, referral_id)
        criteria = {one.criterion: one.answer for one in referral.criteria(uow.terms, london(uow.now).date())}
        accepted = referral.accept(version, reason, uow.caller, uow.now, criteria=criteria, **chosen)
        if uow.families.find(referral.family_id, for_update=True):  # its family is on record already: it was merged with it
            return decided(uow, referral, before, accepted)
        uow.keys.refresh(uow.merges.release(referral.family))
        family = uow.families.add(referral.register_family(uow.now))
        uow.session.flush()
        uow.consents.add_all(agreeing.taken_over(referral, uow.caller))
        return decided(uow, referral, before, family.registered(), accepted)

    @rpc(contract.ASK_FOR_INFORMATION)
    def ask_for_information(self, uow: Work, referral_id: UUID, version: int, reason: str) -> dict[str, Any]:
        """Ask the referrer for more, by mail where they may be written to; raises as `accept` does."""
        referral, before = _loaded(uow, referral_id)
        asked, token = referral.ask(version, reason, uow.caller, uow.now), new_token()
        mailed = messages.may_be_asked(referral, uow.most_told)
        uow.questions.add(Question.asked(referral.id, reason, token, uow.caller, uow.now, mailed=mailed))
        by_mail = [messages.question(referral, token)] if mailed else []
        uow.publish(asked, *by_mail, *systems.told(referral, before, uow.most_told))
        return shown(uow, referral)

    @rpc(contract.ANSWER_INFORMATION)
    def answer_information(self, uow: Work, referral_id: UUID, version: int, reason: str) -> dict[str, Any]:
        """Put an answered referral back to triage; raises as `accept` does."""
        referral, before = _loaded(uow, referral_id)
        return decided(uow, referral, before, referral.answer(version, reason, uow.caller, uow.now))

    @rpc(contract.REDIRECT)
    def redirect(self, uow: Work, referral_id: UUID, version: int, to: str, reason: str, told: list[str]) -> dict[str, Any]:
        """Point the family to another service; raises as `accept` does."""
        referral, before = _loaded(uow, referral_id)
        return decided(uow, referral, before, referral.redirect(version, to, reason, uow.caller, uow.now, told))

    @rpc(contract.DECLINE)
    def decline(self, uow: Work, referral_id: UUID, version: int, reason: str, because: str) -> dict[str, Any]:
        """Decline; raises as `accept` does."""
        referral, before = _loaded(uow, referral_id)
        return decided(uow, referral, before, referral.decline(version, reason, uow.caller, uow.now, because))

    @rpc(contract.MARK_DUPLICATE)
    def mark_duplicate(self, uow: Work, referral_id: UUID, version: int, of: UUID, reason: str) -> dict[str, Any]:
        """Merge with another referral of the same family, and their records where both have one; raises as `accept` does, and Conflict."""
        lock_records_of(uow, referral_id, of)
        referral, before = _loaded(uow, referral_id)
        other = uow.referrals.get(of, for_update=True)
        merge_of_duplicate(uow, referral, other, reason)
        event = referral.mark_duplicate(version, other, reason, uow.caller, uow.now)
        family = uow.families.find(other.family_id, for_update=True)
        warned = family.warn(referral.risks_to_visitors, uow.now) if family else ()
        return decided(uow, referral, before, event, *warned)

    @rpc(contract.WITHDRAW)
    def withdraw(self, uow: Work, referral_id: UUID, version: int, reason: str) -> dict[str, Any]:
        """Write down that the family does not want to go on; raises as `accept` does."""
        referral, before = _loaded(uow, referral_id)
        return decided(uow, referral, before, referral.withdraw(version, reason, uow.caller, uow.now))

    @rpc(contract.CLOSE)
    def close(self, uow: Work, referral_id: UUID, version: int, reason: str) -> dict[str, Any]:
        """Close what is dealt with; raises as `accept` does."""
        referral, before = _loaded(uow, referral_id)
        return decided(uow, referral, before, referral.close(version, reason, uow.caller, uow.now))

    @rpc(contract.REOPEN)
    def reopen(self, uow: Work, referral_id: UUID, version: int, reason: str) -> dict[str, Any]:
        """Put a referral back to triage that was decided against.

        Raises:
            NotFound: no such referral in the caller's borough.
            Stale: somebody moved it since ``version``.
            InvalidTransition: it waits, or was accepted once.
        """
        referral, before = _loaded(uow, referral_id)
        reopened = referral.reopen(version, reason, uow.caller, uow.now)
        referral.family_id = uow.merges.current(referral.family_id)
        return decided(uow, referral, before, reopened)


def _loaded(uow: Work, referral_id: UUID) -> tuple[Referral, Step]:
    """Return a referral, locked, and what its referrer knows of it so far; raises NotFound."""
    referral = uow.referrals.get(referral_id, for_update=True)
    return referral, referral.told(uow.most_told)
