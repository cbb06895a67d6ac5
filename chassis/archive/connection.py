"""One transaction on one service's database, bound to one borough, for as long as it takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg2
from psycopg2 import extensions

from chassis.database.engine import CONNECT_SECONDS
from chassis.errors import Unavailable

_OPTIONS = "-c timezone=UTC -c jit=off -c search_path=public -c extra_float_digits=1 -c lock_timeout=10s"
_BOUND = "SELECT set_config('app.borough_id', %s, true), set_config('app.person_id', 'service', true)"
"""As the service itself, from which no family is hidden: an archive without the restricted ones would be none."""


@contextmanager
def transaction(url: str, borough_id: UUID, *, reads_only: bool = False) -> Iterator[extensions.connection]:
    """Open a transaction that sees one borough; it is rolled back at the end unless somebody commits it.

    Args:
        url: of the database, for whichever role.
        borough_id: whose rows it sees.
        reads_only: it sees everything as it was at its first statement, and may change nothing.

    Raises:
        Unavailable: the database can't be reached.
    """
    try:
        connection = psycopg2.connect(
            url.replace("postgresql+psycopg2://", "postgresql://"),
            application_name="stayplay borough",
            connect_timeout=CONNECT_SECONDS,
            options=_OPTIONS,
        )
    except psycopg2.OperationalError as fault:
        raise Unavailable("A database can't be reached: check the addresses in the settings.") from fault
    try:
        if reads_only:
            connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with connection.cursor() as cursor:
            cursor.execute(_BOUND, (str(borough_id),))
        yield connection
    finally:
        connection.close()
