"""The family registry: who belongs to a family, and its way so far."""

from typing import Any
from uuid import UUID

from chassis.rpc import rpc
from services.referrals import contract, views
from services.referrals.repository import Work
from services.referrals.service.merged import current_family, missed


class Registry:
    """The family registry."""

    @rpc(contract.GET_FAMILY)
    def get_family(self, uow: Work, family_id: UUID) -> dict[str, Any]:
        """Return one family.

        Raises:
            NotFound: no such family in the caller's borough.
            Restricted: it is restricted to others, and the caller may break the glass.
            FamilyMerged: it goes on under another record.
        """
        family = current_family(uow, family_id)
        restricted, limited = bool(uow.restrictions.among([family_id])), uow.records.mark(family_id).limited
        return {**views.family(family, uow.caller, restricted=restricted), "limited": limited}

    @rpc(contract.LIST_FAMILIES)
    def list_families(self, uow: Work, after: str | None, limit: int) -> dict[str, Any]:
        """Return a page of families by last name."""
        page = uow.families.by_name(after, limit)
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
        family = current_family(uow, family_id, for_update=True)
        uow.publish(family.change({"family_id": family_id, **request}, uow.now))
        return views.family(family, uow.caller, restricted=bool(uow.restrictions.among([family_id])))

    @rpc(contract.FAMILY_STORY)
    def family_story(self, uow: Work, family_id: UUID) -> dict[str, Any]:
        """Return what happened to the family's referrals and its record; raises NotFound where it has none, else as `get_family` does."""
        uow.restrictions.require(family_id)
        referrals = uow.referrals.of_family(family_id)
        if not referrals:
            missed(uow, family_id)
        agreed = views.consent_entries(uow.consents.of_family(family_id), uow.sharing_decisions.of_family(family_id))
        return views.story(referrals, uow.families.find(family_id), agreed)
