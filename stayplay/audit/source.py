"""The audit trail of one service as the commands read it: a borough at a time, and nothing can be written.

Entries are read as the application's role, which row-level security binds to the one borough that is named; boroughs,
seals and heads as the operator's, which can't read what an entry says.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg2
from psycopg2 import extensions

from chassis.auditing.canonical import COLUMNS, Entry
from chassis.auditing.seals import Head, Seal
from chassis.settings import AuditSettings

_BOROUGHS = """
    SELECT every.borough_id, known.slug FROM (
        SELECT borough_id FROM boroughs UNION SELECT borough_id FROM audit_seals UNION SELECT borough_id FROM audit
    ) every LEFT JOIN boroughs known USING (borough_id) ORDER BY 2, 1
"""
_SEALS = "SELECT number, hash, at, signature FROM audit_seals WHERE borough_id = %s ORDER BY number"
_HEAD = "SELECT number, hash FROM audit WHERE borough_id = %s ORDER BY number DESC LIMIT 1"
_AT_ONCE = 2000


class Source:
    """The audit trail of one service."""

    def __init__(self, settings: AuditSettings) -> None:
        self._settings = settings

    def boroughs(self) -> dict[UUID, str | None]:
        """Return every borough of which there is a trace, with its slug: empty for one that was erased, None for one that is not known."""
        with _reading(self._settings.operator_database_url) as cursor:
            cursor.execute(_BOROUGHS)
            return {UUID(borough): slug for borough, slug in cursor.fetchall()}

    def heads(self) -> Iterator[Head]:
        """Yield how the chain of each borough ends."""
        with _reading(self._settings.operator_database_url) as cursor:
            cursor.execute(_BOROUGHS)
            for borough, _slug in cursor.fetchall():
                cursor.execute(_HEAD, (borough,))
                for number, digest in cursor.fetchall():
                    yield Head(UUID(borough), number, bytes(digest))

    @contextmanager
    def trail(self, borough_id: UUID) -> Iterator[tuple[list[Seal], Iterator[Entry]]]:
        """Open the trail of one borough: its seals, and its entries in order, read as they are asked for."""
        with _reading(self._settings.database_url) as cursor:
            cursor.execute("SELECT set_config('app.borough_id', %s, true)", (str(borough_id),))
            cursor.execute(_SEALS, (str(borough_id),))
            seals = [Seal(Head(borough_id, number, bytes(digest)), at, signature) for number, digest, at, signature in cursor.fetchall()]
            yield seals, _entries(cursor.connection)


def _entries(connection: extensions.connection) -> Iterator[Entry]:
    with connection.cursor("entries") as cursor:
        cursor.itersize = _AT_ONCE
        cursor.execute(f"SELECT {COLUMNS} FROM audit ORDER BY number, id")  # noqa: S608 - columns of our own
        for row in cursor:
            yield Entry.of(row)


@contextmanager
def _reading(url: str) -> Iterator[extensions.cursor]:
    """Open a transaction that sees one moment and can write nothing."""
    connection = psycopg2.connect(url.replace("+psycopg2", ""), application_name="stayplay audit", connect_timeout=10)
    try:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with connection.cursor() as cursor:
            cursor.execute("SET search_path = public")
            yield cursor
    finally:
        connection.close()
