"""One service's rows of one borough, read as they were at one moment."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg2 import extensions, sql

from chassis.archive.connection import transaction
from chassis.archive.contents import Carried, collated
from chassis.database.tenants import Borough
from chassis.events.retries import KEEP_DAYS

CHUNK = 500
"""Rows that are held in memory at once."""

_BOROUGH = "SELECT borough_id, slug, name, programme_name, practice, policy, sequence, suspended, opened FROM boroughs"
_UNSETTLED = """
    SELECT (SELECT count(*) FROM outbox WHERE sent_at IS NULL),
           count(*) FILTER (WHERE state = 'retrying'), count(*) FILTER (WHERE state = 'dead')
    FROM inbox
"""
_TOLD = "SELECT id FROM outbox WHERE type = ANY(%s) AND created_at >= %s AND sent_at <> 'infinity'"
_SEEN = "SELECT event_id FROM inbox WHERE handler = %s"


class Source:
    """What one transaction sees of one service's database.

    Attributes:
        connection: of the role that row-level security binds to the borough.
    """

    def __init__(self, connection: extensions.connection) -> None:
        self.connection = connection

    def revision(self) -> str:
        """Return the revision that the database is at."""
        return str(self._one("SELECT version_num FROM alembic_version")[0])

    def borough(self) -> Borough | None:
        """Return the borough as this service knows it; None where it never heard of it."""
        row = self._row(_BOROUGH)
        return Borough(UUID(str(row[0])), *row[1:]) if row else None

    def unsettled(self) -> dict[str, int]:
        """Return how many events wait to be sent, to be tried again, or for an operator."""
        waiting, retrying, dead = self._one(_UNSETTLED)
        return {"waiting to be sent": waiting, "to be tried again": retrying, "that could not be handled": dead}

    def told(self, types: Collection[str]) -> set[str]:
        """Return the ids of events of ``types`` that were sent while inboxes still remember."""
        since = datetime.now(UTC) - timedelta(days=KEEP_DAYS - 1)
        return {str(event_id) for (event_id,) in self._all(_TOLD, (list(types), since))}

    def seen(self, handler: str) -> set[str]:
        """Return the ids of events that a handler has settled."""
        return {str(event_id) for (event_id,) in self._all(_SEEN, (handler,))}

    def lines(self, carried: Carried) -> Iterator[str]:
        """Yield each row as one line of JSON, a few hundred at a time from the server.

        A column without a value is null, and is missing where the column holds JSON: there, null is a value.
        """
        with self.connection.cursor(name=f"rows_{carried.name}") as cursor:
            cursor.itersize = CHUNK
            cursor.execute(_rows(carried))
            for (line,) in cursor:
                yield line

    def count(self, carried: Carried) -> int:
        """Return how many rows there are."""
        return int(self._one(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(carried.name)))[0])

    def _one(self, statement: Any, values: Any = None) -> Any:
        row = self._row(statement, values)
        if row is None:
            raise LookupError("the statement returned no row")
        return row

    def _row(self, statement: Any, values: Any = None) -> Any:
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchone()

    def _all(self, statement: Any, values: Any) -> list[Any]:
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())


@contextmanager
def opened(url: str, borough_id: UUID) -> Iterator[Source]:
    """Look at one borough in one database, as it is now, for the length of a ``with`` block.

    Raises:
        Unavailable: the database can't be reached.
    """
    with transaction(url, borough_id, reads_only=True) as connection:
        yield Source(connection)


def _rows(carried: Carried) -> sql.Composed:
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in carried.columns)
    order = sql.SQL(", ".join(collated(column) for column in carried.order))  # names of our own columns, quoted
    absent = sql.SQL(", ").join(
        sql.SQL("CASE WHEN r.{0} IS NULL THEN {1} END").format(sql.Identifier(name), sql.Literal(name))
        for name in sorted(carried.json_columns)
    )
    return sql.SQL(
        "SELECT (to_jsonb(r) - array_remove(ARRAY[{absent}]::text[], NULL))::text "
        "FROM (SELECT {columns} FROM {table} ORDER BY {order}) AS r"
    ).format(absent=absent, columns=columns, table=sql.Identifier(carried.name), order=order)
