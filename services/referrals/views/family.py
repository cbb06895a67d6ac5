"""Families of the registry, and who may see the restricted ones."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.caller import Caller
from chassis.database import Page
from services.referrals.models import Family, Restriction


def family(row: Family, *, restricted: bool) -> dict[str, Any]:
    """Return a family of the registry."""
    names = ("id", "version", "registered_at", "changed_at")
    return {**row.record(), **{name: getattr(row, name) for name in names}, "restricted": restricted}


def families(page: Page[Family], restricted: Collection[UUID]) -> dict[str, Any]:
    """Return a page of families; those that are ``restricted`` are marked."""
    items = [{"id": row.id, "name": row.name, "children": row.children, "restricted": row.id in restricted} for row in page.items]
    return {"items": items, "next": page.next, "total": page.total}


def restriction(row: Restriction, reader: Caller, at: datetime) -> dict[str, Any]:
    """Return who may see a family, to somebody who may."""
    told = {name: getattr(row, name) if row.in_force else None for name in ("reason", "words", "restricted_by", "restricted_at")}
    named = row.names(reader.person_id)
    return {
        **told,
        "family_id": row.id,
        "in_force": row.in_force,
        "version": row.version,
        "people": row.people,
        "glass": row.broken,
        "may_change": row.in_force and named,
        "may_add": row.in_force,
        "until": None if named else row.glass_of(reader.person_id, at),
    }


def unrestricted(family_id: UUID) -> dict[str, Any]:
    """Return what is told of who may see a family that was never restricted: everybody whose role allows it."""
    nothing = dict.fromkeys(("reason", "words", "restricted_by", "restricted_at", "until"))
    never: dict[str, Any] = {"in_force": False, "version": 0, "people": [], "glass": [], "may_change": False, "may_add": False}
    return {**nothing, **never, "family_id": family_id}
