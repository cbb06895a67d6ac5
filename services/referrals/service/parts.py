"""Changing a family's record one part at a time."""

from typing import Any
from uuid import UUID

from chassis.contract import Event
from chassis.rpc import rpc
from services.referrals import contract, views
from services.referrals.models import Family
from services.referrals.repository import Work
from services.referrals.service.merged import current_family


class ChangingParts:
    """The parts of a family's record: people, contact, addresses, needs, who may not collect.

    Every operation raises NotFound, Restricted and FamilyMerged as `Registry.get_family` does, and Stale where somebody else saved
    the part first.
    """

    @rpc(contract.SAVE_PARENT)
    def save_parent(self, uow: Work, **request: Any) -> dict[str, Any]:
        """Make an adult what the request says, or add one; raises Invalid where they can't be of this family."""
        family = _opened(uow, request["family_id"])
        return _saved(uow, family, family.save_parent(request, uow.now))

    @rpc(contract.SAVE_CHILD)
    def save_child(self, uow: Work, **request: Any) -> dict[str, Any]:
        """Make a child what the request says, or add one; raises Invalid where they can't be of this family."""
        family = _opened(uow, request["family_id"])
        return _saved(uow, family, family.save_child(request, uow.now))

    @rpc(contract.TAKE_OUT_PERSON)
    def take_out_person(self, uow: Work, **request: Any) -> dict[str, Any]:
        """Let somebody leave the family; raises Conflict for its last adult and its last child."""
        family = _opened(uow, request["family_id"])
        return _saved(uow, family, family.take_out(request, uow.now))

    @rpc(contract.CHANGE_CONTACT)
    def change_contact(self, uow: Work, **request: Any) -> dict[str, Any]:
        """Write down how the family is reached safely."""
        family = _opened(uow, request["family_id"])
        return _saved(uow, family, family.change_contact(request, uow.now))

    @rpc(contract.CHANGE_ADDRESSES)
    def change_addresses(self, uow: Work, **request: Any) -> dict[str, Any]:
        """Write down where the family lives and lived."""
        family = _opened(uow, request["family_id"])
        return _saved(uow, family, family.change_addresses(request, uow.now))

    @rpc(contract.CHANGE_NEEDS)
    def change_needs(self, uow: Work, **request: Any) -> dict[str, Any]:
        """Write down what the family needs to understand and to take part."""
        family = _opened(uow, request["family_id"])
        return _saved(uow, family, family.change_needs(request, uow.now))

    @rpc(contract.CHANGE_SAFETY)
    def change_safety(self, uow: Work, **request: Any) -> dict[str, Any]:
        """Write down who may not collect or be told, and what a visitor should know."""
        family = _opened(uow, request["family_id"])
        return _saved(uow, family, family.change_safety(request, uow.now))


def _opened(uow: Work, family_id: UUID) -> Family:
    return current_family(uow, family_id, for_update=True)


def _saved(uow: Work, family: Family, event: Event) -> dict[str, Any]:
    uow.publish(event)
    return views.family(family, uow.caller, restricted=bool(uow.restrictions.among([family.id])))
