"""Restricted families: who may see them, and who opened them in need."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from chassis import clock
from chassis.contract import Event
from chassis.database.trail import Sight
from chassis.rpc import rpc
from services.referrals import contract, views
from services.referrals.models import Restriction
from services.referrals.repository import Work
from services.referrals.service.merged import current_family, missed


class Restricting:
    """Who may see a restricted family."""

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
        uow.import_rows.unlike({family_id}, hidden=True)
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
        """Let the caller see a restricted family for four hours, also under the address of a record that became part of it.

        The borough's administrators are told.

        Raises:
            NotFound: no such family in the caller's borough.
            Conflict: it is not restricted, or the caller is named.
        """
        family = uow.families.find(family_id)
        if family and family.merged_into in uow.restrictions.hidden:
            family_id = family.merged_into
        if family_id not in uow.restrictions.hidden:
            _require_family(uow, family_id)
        restriction = uow.restricted.locked(family_id)
        until, events = restriction.break_glass(reason, uow.caller, clock.real_now())
        _settle(uow, restriction, *events)
        return {"family_id": family_id, "until": until}

    @rpc(contract.FIND_RESTRICTED)
    def find_restricted(self, uow: Work, name: str | None, birth_date: date | None, **references: Any) -> dict[str, Any]:
        """Return which families, hidden from the caller, match exactly: a full name with a birthday, or a reference."""
        hidden = uow.restrictions.hidden
        reference = references["reference"] or contract.tidy_reference(references["known_as"] or "")
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
        NotFound, Restricted, FamilyMerged: as `Registry.get_family`.
    """
    family = uow.families.find(family_id)
    if family and family.merged_into:
        current_family(uow, family_id)
    if not family and not uow.referrals.of_family(family_id):
        missed(uow, family_id)


def _settle(uow: Work, restriction: Restriction, *events: Event) -> None:
    """Let row-level security go by a restriction as it now is, and tell the others."""
    uow.restrictions.keep(restriction.id, restriction.version, in_force=restriction.in_force, access=restriction.access())
    uow.publish(*events)
