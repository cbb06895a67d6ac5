"""Repositories: the only code that queries, each built on a unit of work and so on one borough."""

from functools import cache
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select, bindparam, func, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm.util import identity_key

from chassis.database.base import BoroughRow
from chassis.database.paging import Page, cursor_of, place_of
from chassis.database.work import UnitOfWork
from chassis.errors import NotFound

M = TypeVar("M", bound=BoroughRow)


@cache
def _by_id(model: type[Any], *, for_update: bool) -> Select[tuple[Any]]:
    """Return the statement that finds one row, made once: half the cost of a read is in making it."""
    found = select(model).where(model.borough_id == bindparam("wanted_borough"), model.id == bindparam("wanted_id"))
    return found.with_for_update(key_share=True).execution_options(populate_existing=True) if for_update else found


class Repository(Generic[M]):
    """The rows of one model in the borough of the work. Derive it, name the model, add queries."""

    model: ClassVar[type[Any]]

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.session = work.session
        self.borough_id = work.borough_id

    def get(self, identity: UUID, *, for_update: bool = False) -> M:
        """Return the row, with ``for_update`` locked until the commit.

        The lock keeps others from changing the row, but not from adding rows that point to it: keys never change.

        Raises:
            NotFound: no such row in this borough. Another borough's is not found in just the same way.
        """
        row = self.find(identity, for_update=for_update)
        if row is None:
            raise NotFound
        return row

    def find(self, identity: UUID, *, for_update: bool = False) -> M | None:
        """Return the row, or None."""
        key = identity_key(self.model, (self.borough_id, identity))
        if not for_update and key in self.session.identity_map:
            known: M | None = self.session.get(self.model, key[1])  # an expired or a deleted one is looked up again
            return known
        model: Any = self.model
        wanted = {"wanted_borough": self.borough_id, "wanted_id": identity}
        return self.session.scalars(_by_id(model, for_update=for_update), wanted).one_or_none()

    def add(self, row: M) -> M:
        """Add a new row to the borough; written at the next query or at the commit."""
        row.borough_id = self.borough_id
        self.session.add(row)
        return row

    def remove(self, row: M) -> None:
        """Delete a row."""
        self.session.delete(row)

    def rows(self) -> Select[tuple[M]]:
        """Return the statement that selects the borough's rows, to be narrowed."""
        return select(self.model).where(self.model.borough_id == self.borough_id)

    def all(self, statement: Select[tuple[M]]) -> list[M]:
        """Return the rows that ``statement`` selects."""
        return list(self.session.scalars(statement))

    def first(self, statement: Select[tuple[M]]) -> M | None:
        """Return the first row that ``statement`` selects, or None."""
        return self.session.scalars(statement.limit(1)).first()

    def count(self, statement: Select[tuple[M]]) -> int:
        """Return how many rows ``statement`` selects."""
        return self.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0

    def page(
        self,
        statement: Select[tuple[M]],
        sort: InstrumentedAttribute[Any],
        after: str | None = None,
        limit: int = 25,
        *,
        newest_first: bool = False,
        total: bool = False,
    ) -> Page[M]:
        """Return one page of what ``statement`` selects, sorted by a column that is never null, then by id.

        Args:
            statement: selects and narrows; its own order is ignored.
            sort: the column.
            after: cursor of the page before; None for the first page.
            limit: rows on a page.
            newest_first: sort downwards.
            total: count all rows too, which costs another query.

        Raises:
            Invalid: the cursor is not one of ours.
        """
        key = tuple_(sort, self.model.id)
        narrowed = statement
        if after:
            value, identity = place_of(after, sort.type.python_type)
            place = tuple_(literal(value, sort.type), literal(identity))
            narrowed = statement.where(key < place if newest_first else key > place)
        order = (sort.desc(), self.model.id.desc()) if newest_first else (sort, self.model.id)
        rows = self.all(narrowed.order_by(*order).limit(limit + 1))
        more = cursor_of(getattr(rows[limit - 1], sort.key), rows[limit - 1].id) if len(rows) > limit else None
        return Page(rows[:limit], more, self.count(statement) if total else None)
