"""What of a service's database goes into an archive, and what stays out and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Column, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.store import Store
from chassis.database.tenants import keyed_by_borough

LEFT_BEHIND: Final[Mapping[str, str]] = {
    "answers": "answers to requests that may be repeated; kept for a week, by keys that mean nothing elsewhere",
    "inbox": "notes of which events were handled; every event was, and none is sent again",
    "outbox": "events that were sent and handled; what they told is in the rows of those who heard them",
}
"""Tables of the chassis that stay behind, each with the reason."""

EVIDENCE: Final[Mapping[str, str]] = {
    "audit_seals": "signed with the keys of the installation it comes from; the new one seals the same chain with its own",
}
"""Tables that the archive holds for people to look at, and that are not taken in, each with the reason."""

_ORDER: Final[Mapping[str, tuple[str, ...]]] = {"audit": ("borough_id", "number")}
"""In which order rows are read and written, where it is not that of the primary key: a chain is made in its own."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A table that an archive holds.

    Attributes:
        table: as the models have it.
        withheld: columns that stay behind, each with the SQL expression that stands for it on arrival.
        evidence: it is not taken in.
    """

    table: Table
    withheld: Mapping[str, str] = field(default_factory=dict)
    evidence: bool = False

    @property
    def name(self) -> str:
        """Name of the table."""
        return self.table.name

    @property
    def columns(self) -> list[Column[Any]]:
        """The columns that are carried: all but the withheld and those that PostgreSQL computes."""
        return [column for column in self.table.columns if column.computed is None and column.name not in self.withheld]

    @property
    def order(self) -> list[Column[Any]]:
        """The columns that rows are sorted by."""
        named = _ORDER.get(self.name)
        return [self.table.columns[name] for name in named] if named else list(self.table.primary_key.columns)

    @property
    def json_columns(self) -> frozenset[str]:
        """The columns that hold JSON: in them, nothing at all and the JSON word null are two things."""
        return frozenset(column.name for column in self.columns if isinstance(column.type, JSONB))

    @property
    def points_to_itself(self) -> tuple[str, ...]:
        """The columns by which a row of the table names another row of it."""
        keys = (key for key in self.table.foreign_key_constraints if key.referred_table is self.table)
        return tuple(column.name for key in keys for column in key.columns if column.name != "borough_id")


def carried(store: Store, withheld: Mapping[str, Mapping[str, str]]) -> list[Carried]:
    """Return the tables of ``store`` that an archive holds, in an order in which rows can be written.

    Args:
        store: whose.
        withheld: by table, columns that stay behind with the SQL expression that stands for each on arrival.
    """
    own, common = store.metadata()
    found = [table for metadata in (own, common) for table in metadata.sorted_tables if keyed_by_borough(table)]
    return [Carried(table, withheld.get(table.name, {}), table.name in EVIDENCE) for table in found if table.name not in LEFT_BEHIND]


def collated(column: Column[Any]) -> str:
    """Return how a column is sorted by, in SQL: texts by their bytes, which is the same everywhere."""
    return f'"{column.name}" COLLATE "C"' if isinstance(column.type, Text) else f'"{column.name}"'
