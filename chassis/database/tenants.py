"""The boroughs a service knows: its own copy, kept by event, the newest only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Table, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from chassis.database.base import home_of, metadata_of
from chassis.database.tables import answers, boroughs, inbox, outbox, record_marks, restrictions
from chassis.database.work import UnitOfWork
from chassis.errors import NotReady

_FOR_EVER = 2**63 - 1
_THIS = select(boroughs).where(boroughs.c.borough_id == bindparam("borough"))


@dataclass(frozen=True, slots=True)
class Borough:
    """A borough as a service knows it.

    Attributes:
        borough_id, slug, name, programme_name: which; the programme name is what families read.
        practice: no real families; may be erased.
        policy: the borough's own numbers and choices, by name.
        sequence: version of the borough that this copy shows.
        suspended: nothing in it can be changed for now; everything can be read.
        opened: it is set up, so that work with families may begin.
    """

    borough_id: UUID
    slug: str
    name: str
    programme_name: str
    practice: bool = False
    policy: Mapping[str, Any] = field(default_factory=dict)
    sequence: int = 0
    suspended: bool = False
    opened: bool = True


def known_boroughs(connection: Connection) -> list[Borough]:
    """Return every borough, as the operator's role sees them."""
    return [_borough(row) for row in connection.execute(select(boroughs).order_by(boroughs.c.slug))]


def this_borough(work: UnitOfWork) -> Borough:
    """Return the borough of the work.

    Raises:
        NotReady: the service has not heard of it yet, or it was erased and only a mark without a slug is left.
    """
    row = work.session.connection().execute(_THIS, {"borough": work.borough_id}).one_or_none()
    if row is None or not row.slug:
        raise NotReady
    return _borough(row)


def is_erased(work: UnitOfWork) -> bool:
    """Tell whether the borough of the work was erased: only a mark without a slug is left of it."""
    row = work.session.connection().execute(_THIS, {"borough": work.borough_id}).one_or_none()
    return row is not None and not row.slug


def keep_borough(work: UnitOfWork, borough: Borough) -> bool:
    """Keep ``borough`` unless as new a copy is there; return whether it was kept."""
    values = {column.name: getattr(borough, column.name) for column in boroughs.columns}
    newest = insert(boroughs).values(values)
    kept = newest.on_conflict_do_update(
        index_elements=[boroughs.c.borough_id], set_=values, where=boroughs.c.sequence < newest.excluded.sequence
    ).returning(boroughs.c.borough_id)
    return work.session.execute(kept).one_or_none() is not None


def keyed_by_borough(table: Table) -> bool:
    """Tell whether each row of a table belongs to one borough: whether its key begins with it."""
    key = list(table.primary_key.columns)
    return table.schema is None and bool(key) and key[0].name == "borough_id"


def erase_borough(work: UnitOfWork) -> None:
    """Delete every row of the work's borough, but for a mark without a name that makes late events do nothing.

    The audit trail stays: this role can't delete from it. Who may, and when, is in docs/decisions/0028.

    Raises:
        ValueError: it is a real borough, and as far as this service knows it is not suspended: such a one is not erased.
    """
    wanted = select(boroughs.c.practice, boroughs.c.suspended).where(boroughs.c.borough_id == work.borough_id)
    known = work.session.execute(wanted).one_or_none()
    if known is not None and not (known.practice or known.suspended):
        raise ValueError("only a practice borough, or one that is suspended, can be erased")
    own = [table for table in reversed(metadata_of(home_of(type(work).__module__)).sorted_tables) if keyed_by_borough(table)]
    for table in (*own, restrictions, record_marks, answers, outbox, inbox, boroughs):
        work.session.execute(delete(table).where(table.c.borough_id == work.borough_id))
    keep_borough(work, Borough(work.borough_id, "", "", "", practice=True, sequence=_FOR_EVER, suspended=True))


def _borough(row: Row[Any]) -> Borough:
    return Borough(**row._mapping)  # noqa: SLF001 - a public attribute of Row, underscored not to clash with columns
