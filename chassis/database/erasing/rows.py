"""A service's own rows about a family: deleted, or blanked where they stay."""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, String, Table, Text, delete, select, update
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.erasing.plan import ErasurePlan, rows_about
from chassis.database.erasing.words import Words
from chassis.database.work import UnitOfWork


def identities(work: UnitOfWork, plan: ErasurePlan, families: Collection[UUID]) -> set[UUID]:
    """Return the id of every row about the families: events, answers and audit entries name them."""
    found: set[UUID] = set()
    for table in plan.tables:
        theirs = _rows_of(work, plan, table, families)
        if theirs is not None and "id" in table.c:
            found |= set(work.session.scalars(select(table.c.id).where(table.c.borough_id == work.borough_id, theirs)))
    return found


def erase(work: UnitOfWork, plan: ErasurePlan, families: Collection[UUID]) -> dict[str, int]:
    """Blank what stays, delete the rest; return how many rows of each table that were."""
    counts = {table: blank(work, families) for table, blank in plan.blanked.items()}
    for table in plan.tables:
        theirs = rows_about(plan, table, families)
        if theirs is not None and table.name not in plan.blanked:
            gone = work.session.execute(delete(table).where(table.c.borough_id == work.borough_id, theirs))
            counts[table.name] = gone.rowcount  # type: ignore[attr-defined]  # a DELETE's result counts its rows
    return counts


def blank(work: UnitOfWork, plan: ErasurePlan, families: Collection[UUID], words: Words) -> dict[str, int]:
    """Blank ``words`` in every row about the families; return how many rows of each table that were."""
    return {table.name: _blank_table(work, plan, table, families, words) for table in plan.tables}


def _rows_of(work: UnitOfWork, plan: ErasurePlan, table: Table, families: Collection[UUID]) -> ColumnElement[bool] | None:
    """Return what singles out the rows that are about families or name them; None where no row does."""
    if table.name in plan.naming:
        return plan.naming[table.name](work, families)
    return rows_about(plan, table, families)


def _blank_table(work: UnitOfWork, plan: ErasurePlan, table: Table, families: Collection[UUID], words: Words) -> int:
    theirs, texts = _rows_of(work, plan, table, families), list(_texts(table))
    if theirs is None or not texts:
        return 0
    key = list(table.primary_key.columns)
    wanted = select(*key, *texts).where(table.c.borough_id == work.borough_id, theirs)
    blanked = 0
    for row in work.session.execute(wanted).mappings().all():
        changed = {column.name: new for column in texts if (new := words.blanked(row[column.name])) != row[column.name]}
        if changed:
            work.session.execute(update(table).where(*(column == row[column.name] for column in key)).values(changed))
            blanked += 1
    return blanked


def _texts(table: Table) -> Iterator[Column[Any]]:
    """Yield the columns in which words may stand."""
    for column in table.columns:
        if isinstance(column.type, String | Text | JSONB) and not column.primary_key and column.computed is None:
            yield column
