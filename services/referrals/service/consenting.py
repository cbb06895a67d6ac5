"""What families agree to, and take back; what is shared, and what is not."""

from typing import Any
from uuid import UUID

from chassis.errors import Conflict, NotFound
from chassis.ids import new_id
from chassis.rpc import rpc
from services.referrals import views
from services.referrals.contract import consent as contract
from services.referrals.models import Consent, SharingDecision, agreeing, systems
from services.referrals.repository import Work
from services.referrals.service.merged import current_family


class Consenting:
    """Consent and sharing."""

    @rpc(contract.FAMILY_SHARING)
    def family_sharing(self, uow: Work, family_id: UUID) -> dict[str, Any]:
        """Return what a family agreed to and what was shared; raises as `Registry.get_family`."""
        current_family(uow, family_id)
        return views.sharing(family_id, uow.consents.of_family(family_id), uow.sharing_decisions.of_family(family_id), uow.caller)

    @rpc(contract.GIVE_CONSENT)
    def give_consent(self, uow: Work, family_id: UUID, referral_id: UUID | None, **details: Any) -> dict[str, Any]:
        """Take down that a family agrees to something.

        Raises:
            NotFound, Restricted, FamilyMerged: as `Registry.get_family`; NotFound also for a referral of another family.
            Invalid: how much the referrer may be told is missing, or said where it is not asked.
        """
        current_family(uow, family_id, for_update=True)
        if referral_id is not None and uow.referrals.get(referral_id).family_id != family_id:
            raise NotFound
        given = uow.consents.add(Consent.given(family_id, details, uow.caller, referral_id))
        uow.session.flush()
        _follow(uow, given)
        return views.consent(given)

    @rpc(contract.WITHDRAW_CONSENT)
    def withdraw_consent(self, uow: Work, family_id: UUID, consent_id: UUID, **request: Any) -> dict[str, Any]:
        """Take down that a family takes something back: from this moment on nothing goes by it.

        Raises:
            NotFound, Restricted, FamilyMerged: as `give_consent`.
            Stale, InvalidTransition, Invalid: see `Consent.withdraw`.
        """
        current_family(uow, family_id, for_update=True)
        found = _of_family(uow, family_id, consent_id)
        found.withdraw(request, uow.caller, uow.now)
        uow.session.flush()
        _follow(uow, found)
        return views.consent(found)

    @rpc(contract.LOG_SHARING)
    def log_sharing(self, uow: Work, family_id: UUID, consent_id: UUID | None, **details: Any) -> dict[str, Any]:
        """Take down that something was shared, or was not, and why.

        Raises:
            NotFound, Restricted, FamilyMerged: as `give_consent`.
            Conflict: it rests on a consent that holds no more.
        """
        current_family(uow, family_id)
        if consent_id is not None and not _of_family(uow, family_id, consent_id).holds:
            raise Conflict("The family took this back. Nothing can be shared by it any more.")
        by = {"decided_by_id": uow.caller.person_id, "decided_by_name": uow.caller.person_name, "decided_by_agency": uow.caller.agency_name}
        made = uow.sharing_decisions.add(SharingDecision(id=new_id(), family_id=family_id, consent_id=consent_id, **details, **by))
        uow.session.flush()
        return views.sharing_decision(made, uow.caller)


def _of_family(uow: Work, family_id: UUID, consent_id: UUID) -> Consent:
    """Return a consent of a family, locked. Raises NotFound, also where it is another family's."""
    found = uow.consents.get(consent_id, for_update=True)
    if found.family_id != family_id:
        raise NotFound
    return found


def _follow(uow: Work, changed: Consent) -> None:
    """Let what each referrer of a family may be told follow what the family agrees to now."""
    if changed.purpose != "tell_referrer":
        return
    consents = uow.consents.of_family(changed.family_id)
    for referral in uow.referrals.of_family(changed.family_id):
        if changed.referral_id not in {None, referral.id}:
            continue
        before = referral.told(uow.most_told)
        if referral.let_be_told(agreeing.level_by(consents, referral)):
            uow.publish(*systems.silenced(referral, uow.most_told), *systems.told(referral, before, uow.most_told))
