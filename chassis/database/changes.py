"""What was in a row before a change and what is in it after: for the audit trail, taken from SQLAlchemy's own notes."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.orm import InstanceState

from chassis.database.base import Base

TECHNICAL = frozenset({"borough_id", "id", "created_at", "changed_at", "version", "sequence"})
SECRET = re.compile(r"hash|secret|token|password|private_key|credential")
"""Columns whose name says so are left out, whether or not the model says so too."""
LONGEST = 4000
"""Characters of JSON up to which a value is kept; of a longer one, only that it changed and how long it is."""


How = Literal["added", "changed", "deleted"]


@dataclass(slots=True)
class RowChange:
    """One row that was written.

    Attributes:
        table, id: which row.
        family_id: the family that it tells about, if any.
        how: whether it was there before, and is there after.
        before, after: values by column: of a row that was changed, of the changed columns only.
    """

    table: str
    id: UUID | None
    family_id: UUID | None
    how: How
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    def written_again(self, how: How, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Take in what a second flush wrote: what counts is how it was first and how it is last."""
        if how == "deleted":
            self.how, self.after = "deleted", {}
        else:
            self.after |= after
        if self.how != "added":
            self.before = before | self.before

    def told(self) -> dict[str, Any]:
        """Return it as it is kept."""
        sides = {"before": None if self.how == "added" else self.before, "after": None if self.how == "deleted" else self.after}
        return {"table": self.table, "id": self.id, **sides}


class Changes:
    """The rows that one transaction changed, and the statements that wrote past them."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, Any], RowChange] = {}
        self._statements: list[dict[str, Any]] = []
        self._silent = False

    def keep_no_values(self) -> None:
        """Note from now on which rows are written, and nothing of what was in them: they are being erased."""
        self._silent = True

    def add(self, row: Base, how: How, family_id: UUID | None) -> None:
        """Note ``row``, which is about to be written; one that is written twice has one note."""
        if "*" in row.unaudited:
            return
        before, after = _both_sides(row, how)
        if how == "changed" and not after:
            return
        if self._silent:
            before, after = {}, {}
        identity = getattr(row, "id", None)
        key = (row.__tablename__, identity or id(row))
        if key in self._rows:
            self._rows[key].written_again(how, before, after)
        else:
            self._rows[key] = RowChange(row.__tablename__, identity, family_id, how, before, after)

    def add_statement(self, table: str, rows: int) -> None:
        """Note a statement that wrote ``rows`` rows at once."""
        self._statements.append({"table": table, "rows": rows})

    def of(self, family_id: UUID | None) -> list[dict[str, Any]]:
        """Return what changed in rows about a family; with None, in those about none, and the statements."""
        rows = [row.told() for row in self._rows.values() if row.family_id == family_id]
        return rows if family_id else [*rows, *self._statements]


def as_json(changes: list[dict[str, Any]]) -> str | None:
    """Return ``changes`` as they are kept; None where there are none."""
    return json.dumps(changes, default=str) if changes else None


def _both_sides(row: Base, how: How) -> tuple[dict[str, Any], dict[str, Any]]:
    state: InstanceState[Any] = inspect(row)
    names = [
        attribute.key
        for attribute in state.mapper.column_attrs
        if not (attribute.key in TECHNICAL or attribute.key in row.unaudited or SECRET.search(attribute.key))
    ]
    if how == "changed":
        return _changed(state, names)
    values = _kept({name: state.dict[name] for name in names if state.dict.get(name) is not None})
    return ({}, values) if how == "added" else (values, {})


def _changed(state: InstanceState[Any], names: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    before, after = {}, {}
    for name in names:
        history = state.attrs[name].history
        if history.has_changes():
            was, now = (side[0] if side else None for side in (history.deleted, history.added))
            before[name], after[name] = _differing(was, now)
    return _kept(before), _kept(after)


def _differing(before: Any, after: Any) -> tuple[Any, Any]:
    """Return of two JSON objects only what differs."""
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        return before, after
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: before[name] for name in names if name in before}, {name: after[name] for name in names if name in after}


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _short(value) for name, value in values.items() if not isinstance(value, bytes)}


def _short(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    told = json.dumps(value, default=str)
    return json.loads(told) if len(told) <= LONGEST else {"characters": len(told)}
