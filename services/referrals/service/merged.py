"""Finding a family that may have been merged into another."""

from typing import NoReturn
from uuid import UUID

from chassis.errors import FamilyMerged, NotFound
from services.referrals.models import Family
from services.referrals.repository import Work
from services.referrals.repository.matching import Party


def current_family(uow: Work, family_id: UUID, *, for_update: bool = False) -> Family:
    """Return a family of the registry.

    Raises:
        NotFound: no such family in the caller's borough.
        Restricted: it is restricted to others, or the record is under which it goes on, and the caller may break the glass.
        FamilyMerged: it goes on under another record.
    """
    family = uow.families.find(family_id, for_update=for_update) or missed(uow, family_id)
    if family.merged_into:
        uow.restrictions.require(family.merged_into)
        raise FamilyMerged(into=str(uow.merges.current(family_id)))
    return family


def missed(uow: Work, family_id: UUID) -> NoReturn:
    """Say why a family is not in the registry; raises as `current_family` does: one that was only referred may have been merged too."""
    current = uow.merges.current(family_id)
    if current != family_id and current not in uow.restrictions.hidden:
        raise FamilyMerged(into=str(current))
    uow.restrictions.missed(family_id)


def party_of(uow: Work, family_id: UUID) -> Party:
    """Return a family of the registry, or one that was only referred; raises as `current_family` does."""
    found = uow.matches.parties([family_id]).get(family_id)
    if found:
        return found
    current_family(uow, family_id)
    raise NotFound
