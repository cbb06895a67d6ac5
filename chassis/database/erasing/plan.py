"""Which rows of a service are about a family, and what becomes of them when it is erased."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, Table, or_, select

from chassis.database.base import metadata_of
from chassis.database.tenants import keyed_by_borough
from chassis.database.work import UnitOfWork

_PAIRS = (("into_id", "merged_id"), ("one_id", "other_id"))
"""Columns of tables that relate two families: merged records, and possible duplicates."""
Blanking = Callable[[UnitOfWork, Collection[UUID]], int]
"""Blanks what a table says of families; returns how many rows that were."""
Naming = Callable[[UnitOfWork, Collection[UUID]], ColumnElement[bool]]
"""Singles out the rows of a table that name families."""


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """What a service does with what it holds of a family that is erased: it deletes it, but for what is named here.

    Attributes:
        home: the service's package, for example ``services.sessions``.
        by_id: tables whose ``id`` is the family's.
        blanked: by table, what blanks the rows that stay. Also for tables that name families within JSON.
        naming: by table, which rows name families where no column and no foreign key says so: the words of an erased person go there
            too, and so does what is said of these rows elsewhere.
    """

    home: str
    by_id: frozenset[str] = frozenset()
    blanked: Mapping[str, Blanking] = field(default_factory=dict)
    naming: Mapping[str, Naming] = field(default_factory=dict)

    @property
    def tables(self) -> list[Table]:
        """The borough's tables of the service, those that point to others first."""
        return [table for table in reversed(metadata_of(self.home).sorted_tables) if keyed_by_borough(table)]


def rows_about(
    plan: ErasurePlan, table: Table, families: Collection[UUID], seen: frozenset[str] = frozenset()
) -> ColumnElement[bool] | None:
    """Return what singles out the rows of ``table`` that are about families; None where no row is about any.

    A table with a ``family_id`` says so itself, one that relates two families names both; others are about the family of a row that they
    point to.
    """
    if table.name in plan.by_id:
        return table.c.id.in_(families)
    if "family_id" in table.c:
        return table.c.family_id.in_(families)
    for pair in _PAIRS:
        if set(pair) <= set(table.c.keys()):
            return or_(*(table.c[name].in_(families) for name in pair))
    for key in table.foreign_key_constraints:
        parent = key.referred_table
        if parent is table or parent.name in seen:
            continue
        theirs = rows_about(plan, parent, families, seen | {table.name})
        if theirs is not None:
            columns = [element for element in key.elements if element.parent.name != "borough_id"]
            within = select(*(element.column for element in columns)).where(parent.c.borough_id == table.c.borough_id, theirs)
            return columns[0].parent.in_(within)  # every key within a borough has one column beside it
    return None
