"""What the database refuses, said in the platform's own errors, without a value in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import structlog
from psycopg2 import errors as postgres
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm.exc import StaleDataError

from chassis.database.engine import Database
from chassis.database.session import BoroughSession
from chassis.errors import Conflict, NotFound, Stale, StayPlayError, Unavailable, UseRestricted

log = structlog.get_logger(__name__)

_MARKED: dict[str, type[StayPlayError]] = {"SPER1": NotFound, "SPLM1": UseRestricted}
"""What `refuse_marked` says: see `chassis.database.evolving.record_marks`."""


@contextmanager
def explained(database: Database, session: BoroughSession) -> Iterator[None]:
    """Roll back whatever fails in the ``with`` block, and raise it as a typed error where there is one for it."""
    try:
        yield
    except StaleDataError:
        versions = dict(session.versions)
        session.rollback()
        raise _stale(database, session, versions) from None
    except SQLAlchemyError as error:
        session.close()
        typed = _typed(error)
        if typed is None:
            raise
        log.warning("database.refused", error=type(error).__name__, code=_code(error), becomes=typed.code)
        raise typed from None  # the cause quotes values
    except BaseException:
        session.close()
        raise


def _typed(error: SQLAlchemyError) -> StayPlayError | None:
    if isinstance(error, NoConnection):
        return Unavailable()
    if not isinstance(error, DBAPIError):
        return None
    refused = _refused(error)
    if refused is not None:
        return refused
    busy = (postgres.QueryCanceled, postgres.DeadlockDetected, postgres.LockNotAvailable, postgres.TooManyConnections)
    if error.connection_invalidated or isinstance(error.orig, busy) or _unreachable(error):
        return Unavailable()
    return None


def _refused(error: DBAPIError) -> StayPlayError | None:
    """Return what a rule that PostgreSQL holds becomes; None where it was none."""
    if _code(error) in _MARKED:
        return _MARKED[_code(error)]()
    if isinstance(error.orig, postgres.UniqueViolation):
        return Conflict()
    return NotFound() if isinstance(error.orig, postgres.ForeignKeyViolation) or _hidden(error) else None


def _hidden(error: DBAPIError) -> bool:
    """Tell a row that was to be written where its writer may not look: a restricted family's."""
    return isinstance(error.orig, postgres.InsufficientPrivilege) and "row-level security" in str(error.orig)


def _unreachable(error: DBAPIError) -> bool:
    """Tell a connection that could not be made: it carries no code, because no server answered."""
    return type(error).__name__ == "OperationalError" and _code(error) == ""


def _code(error: SQLAlchemyError) -> str:
    return getattr(getattr(error, "orig", None), "pgcode", None) or ""


def _stale(database: Database, failed: BoroughSession, versions: dict[tuple[type[Any], UUID], int]) -> Stale:
    """Find which row had moved on, and say both versions."""
    with database.session(failed.borough_id, failed.reader) as session:
        for (model, identity), yours in versions.items():
            theirs = session.scalar(select(model.version).where(model.borough_id == failed.borough_id, model.id == identity))
            if theirs != yours:
                return Stale(yours={"version": yours}, theirs={"version": theirs})
    return Stale()
