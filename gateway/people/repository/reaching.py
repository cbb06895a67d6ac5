"""What every query on people stands on: the platform's role, and a clear word where the database is away."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple, cast

import psycopg2
import structlog
from psycopg2 import extensions
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from chassis.database import Database
from chassis.errors import Unavailable

log = structlog.get_logger(__name__)
_PREPARED: Final = "statements are prepared"

Found = dict[str, Any]


class Statement(NamedTuple):
    """A statement that many requests ask: planning its joins would take five times as long as the rest of it.

    Attributes:
        name: what the database knows it by.
        types: of its values.
        query: what it selects.
    """

    name: str
    types: tuple[str, ...]
    query: str

    @property
    def preparing(self) -> str:
        """What prepares it on a connection."""
        return f"PREPARE {self.name} ({', '.join(self.types)}) AS {self.query}"

    @property
    def executing(self) -> str:
        """What asks it once it is prepared."""
        return f"EXECUTE {self.name} ({', '.join('%s' for _ in self.types)})"


class Reaching:
    """Reaches the platform's tables through the role that only they are open to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with reached(), self._database.platform_session() as session:
            yield session

    def _row(self, statement: Statement, values: tuple[Any, ...]) -> Found | None:
        """Return the one row that ``statement`` finds, by column; each connection prepares it once.

        Read outside a transaction: psycopg2's own cursor sends no BEGIN, and nothing is left to end.
        """
        with reached(), self._database.platform_connection() as pooled:
            driver = cast("extensions.connection", pooled.driver_connection)
            with driver.cursor(cursor_factory=extensions.cursor) as cursor:
                prepared: set[str] = pooled.info.setdefault(_PREPARED, set())
                if statement.name not in prepared:
                    cursor.execute(statement.preparing)
                    prepared.add(statement.name)
                cursor.execute(statement.executing, values)
                row = cursor.fetchone()
                return dict(zip((column[0] for column in cursor.description or ()), row, strict=True)) if row else None


@contextmanager
def reached() -> Iterator[None]:
    """Say `Unavailable` where the database can't be reached or has no connection to spare."""
    try:
        yield
    except (psycopg2.OperationalError, psycopg2.InterfaceError, OperationalError, InterfaceError, NoConnection) as error:
        log.warning("database.unreachable", error=type(error).__name__)
        raise Unavailable from None
