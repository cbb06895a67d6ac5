"""Families of the registry, and who may see the restricted ones."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.caller import Caller
from chassis.database import Page
from services.referrals.models import Family, Restriction

_NOBODYS = dict.fromkeys(("nhs_number", "ethnicity", "gp"))


def family(row: Family, reader: Caller, *, restricted: bool) -> dict[str, Any]:
    """Return a family of the registry, as far as the reader needs it."""
    names = ("id", "version", "registered_at", "changed_at")
    plain = {**row.record(), **{name: getattr(row, name) for name in names}, "restricted": restricted, "former": _former(row)}
    return plain if reader.may("families.change") else without_private(plain)


def without_private(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a family without what only those need who keep its record: NHS numbers, ethnic groups, GPs, why somebody may not collect."""
    sides = {side: [{**person, **_NOBODYS} for person in record[side]] for side in ("parents", "children")}
    return {**record, **sides, "not_allowed": [{**barred, "why": None} for barred in record.get("not_allowed") or ()]}


def _former(row: Family) -> list[dict[str, Any]]:
    """Return who has left the family, the last one first."""
    people = [("parent", parent) for parent in row.parents] + [("child", child) for child in row.children]
    gone = [
        {"id": one.id, "kind": kind, "name": f"{one.given_name} {one.family_name}".strip(), "left_on": one.left_on, "why": one.left_because}
        for kind, one in people
        if one.left_on
    ]
    return sorted(gone, key=lambda one: one["left_on"], reverse=True)


def families(page: Page[Family], restricted: Collection[UUID]) -> dict[str, Any]:
    """Return a page of families; those that are ``restricted`` are marked."""
    items = [{"id": row.id, "name": row.name, "children": row.young, "restricted": row.id in restricted} for row in page.items]
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
