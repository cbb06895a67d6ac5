"""The session: one transaction, one borough, and a note of which rows were read and changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Result, event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from chassis.database.base import BoroughRow, Versioned
from chassis.database.changes import Changes, How
from chassis.database.lean import LeanConnection

_READ_AS = "SELECT set_config('app.person_id','%s',true)"


class BoroughSession(Session):
    """A session that sees one borough.

    Attributes:
        borough_id: the borough whose rows PostgreSQL lets through.
        reader: whom it hides restricted families from: a person's id; ``service`` sees all, and nobody ("") none of them.
        families_read, families_changed: families whose audited rows were loaded or written.
        changed: something was written.
        changes: what it was, before and after.
        versions: version that each versioned row had before it was written, by class and key.
    """

    def __init__(self, engine: Engine, borough_id: UUID, reader: str = "") -> None:
        super().__init__(engine, expire_on_commit=False)
        self.borough_id = UUID(str(borough_id))
        self.reader = _reader(reader)
        self.families_read: set[UUID] = set()
        self.families_changed: set[UUID] = set()
        self.changed = False
        self.changes = Changes()
        self.versions: dict[tuple[type[Any], UUID], int] = {}

    def lean(self) -> LeanConnection:
        """Return the connection under the session, opening the transaction if none is."""
        connection = self.connection().connection.driver_connection
        if not isinstance(connection, LeanConnection):
            raise TypeError("a borough's session runs on a Database's engine")
        return connection

    def look_past_restrictions(self) -> None:
        """See restricted families too, from now to the end of the transaction.

        Only for what counts or names nobody, and for what is masked before it is shown: see docs/decisions/0022.
        """
        self.connection().exec_driver_sql(_READ_AS % "service")

    @contextmanager
    def looking_past_restrictions(self) -> Iterator[None]:
        """See restricted families too, within the ``with`` block; if it fails, what is seen after it fails too, or is rolled back."""
        self.look_past_restrictions()
        yield
        self.connection().exec_driver_sql(_READ_AS % self.reader)

    @contextmanager
    def reading_as_nobody(self) -> Iterator[None]:
        """See, within the ``with`` block, no more than everybody may: for background work whose result several people are shown."""
        self.flush()
        self.connection().exec_driver_sql(_READ_AS % "")
        yield
        self.connection().exec_driver_sql(_READ_AS % self.reader)


def _reader(named: str) -> str:
    """Return whom the session reads as. Raises ValueError where that is neither a person, nor the service, nor nobody."""
    return named if named in {"", "service"} else str(UUID(named))


@event.listens_for(BoroughSession, "after_begin")
def _name_borough_and_reader(session: BoroughSession, transaction: SessionTransaction, connection: Connection) -> None:
    """Tell PostgreSQL the borough and who reads, for this transaction only: the settings end with it."""
    if transaction.nested:
        return
    driver = connection.connection.driver_connection
    if not isinstance(driver, LeanConnection):
        raise TypeError("a borough's session runs on a Database's engine")
    settings = f"SELECT set_config('app.borough_id','{session.borough_id}',true),set_config('app.person_id','{session.reader}',true)"
    driver.open_with(settings.encode())


@event.listens_for(BoroughSession, "loaded_as_persistent")
def _note_reading(session: BoroughSession, row: Any) -> None:
    family = row.audited_as and getattr(row, row.audited_as)
    if family:
        session.families_read.add(family)


@event.listens_for(BoroughSession, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> Result[Any] | None:
    """Take a statement that writes for a change, though it writes past the mapped rows, and note how many it wrote."""
    session = state.session
    if not isinstance(session, BoroughSession) or not (state.is_insert or state.is_update or state.is_delete):
        return None
    session.changed = True
    result = state.invoke_statement()
    rows = getattr(result, "rowcount", -1)
    if rows != 0:
        session.changes.add_statement(str(getattr(getattr(state.statement, "table", None), "name", "")), rows)
    return result


@event.listens_for(BoroughSession, "before_flush")
def _note_changes(session: BoroughSession, _context: object, _instances: object) -> None:
    for row, how in _written(session):
        session.changed = True
        if isinstance(row, BoroughRow):
            _keep_within_borough(session, row)
        family = row.audited_as and getattr(row, row.audited_as)
        if family:
            session.families_changed.add(family)
        session.changes.add(row, how, family or None)
        if isinstance(row, Versioned) and isinstance(row, BoroughRow) and how != "added":
            session.versions.setdefault((type(row), row.id), row.version)


def _written(session: BoroughSession) -> Iterator[tuple[Any, How]]:
    yield from ((row, "added") for row in session.new)
    yield from ((row, "deleted") for row in session.deleted)
    yield from ((row, "changed") for row in session.dirty if session.is_modified(row))


def _keep_within_borough(session: BoroughSession, row: BoroughRow) -> None:
    named: UUID | None = row.borough_id  # None until somebody names it, whatever the column says
    if named is None:
        row.borough_id = session.borough_id
    elif named != session.borough_id:
        raise ValueError("a row of another borough can't be written here")
