"""Every other row about a family, as it lies in its table: so that a pack holds what nobody thought to write out by hand."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from marshmallow import Schema
from sqlalchemy import ARRAY, Column, LargeBinary, Table, Uuid, select

from chassis.database.changes import SECRET, TECHNICAL
from chassis.database.erasing.plan import ErasurePlan, rows_about
from chassis.database.work import UnitOfWork
from chassis.keeping.writing import item, lines_of

_MOMENTS: Final = ("at", "made_at", "asked_at", "opened_at", "placed_at", "marked_at", "starts_at", "created_at")
_UNREADABLE = (Uuid, LargeBinary, ARRAY)


def other_rows(
    work: UnitOfWork, plan: ErasurePlan, family_id: UUID, but: Collection[str] = (), headings: Mapping[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the rows about a family, as `HeldItem` has them, with what a person can read of each.

    Args:
        work: reads as the caller, who may see the family.
        plan: which rows are about it.
        family_id: which.
        but: tables that are told otherwise.
        headings: what tables are called; one that is not named is called as its name says.
    """
    for table in reversed(plan.tables):
        theirs = rows_about(plan, table, [family_id])
        if theirs is None or table.name in but:
            continue
        heading = (headings or {}).get(table.name, _spelt(table.name))
        wanted = select(table).where(table.c.borough_id == work.borough_id, theirs).order_by(*table.primary_key.columns)
        for row in work.session.execute(wanted).mappings():
            yield from _told(heading, table, dict(row))


def _told(heading: str, table: Table, row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    lines = lines_of(Schema(), {column.name: row[column.name] for column in table.columns if _readable(column)})
    at = next((row[name] for name in _MOMENTS if isinstance(row.get(name), datetime)), None)
    if lines:
        yield item(heading, heading, "family", lines, at=at)


def _readable(column: Column[Any]) -> bool:
    hidden = column.name in TECHNICAL or column.name.endswith("_id") or SECRET.search(column.name) or column.computed is not None
    return not hidden and not isinstance(column.type, _UNREADABLE)


def _spelt(name: str) -> str:
    return name.replace("_", " ").capitalize()
