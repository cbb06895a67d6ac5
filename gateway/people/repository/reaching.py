"""What every query on people stands on: the platform's role, and a clear word where the database is away."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from chassis.database import Database
from chassis.errors import Unavailable

log = structlog.get_logger(__name__)


class Reaching:
    """Reaches the platform's tables through the role that only they are open to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with reached(), self._database.platform_session() as session:
            yield session


@contextmanager
def reached() -> Iterator[None]:
    """Say `Unavailable` where the database can't be reached or has no connection to spare."""
    try:
        yield
    except (psycopg2.OperationalError, psycopg2.InterfaceError, OperationalError, InterfaceError, NoConnection) as error:
        log.warning("database.unreachable", error=type(error).__name__)
        raise Unavailable from None
