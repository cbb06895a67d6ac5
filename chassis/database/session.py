"""The session: one transaction, one borough, and a note of which rows were read and changed."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from chassis.database.base import BoroughRow, Versioned
from chassis.database.lean import LeanConnection


class BoroughSession(Session):
    """A session that sees one borough.

    Attributes:
        borough_id: the borough whose rows PostgreSQL lets through.
        families_read, families_changed: families whose audited rows were loaded or written.
        changed: something was written.
        versions: version that each versioned row had before it was written, by class and key.
    """

    def __init__(self, engine: Engine, borough_id: UUID) -> None:
        super().__init__(engine, expire_on_commit=False)
        self.borough_id = UUID(str(borough_id))
        self.families_read: set[UUID] = set()
        self.families_changed: set[UUID] = set()
        self.changed = False
        self.versions: dict[tuple[type[Any], UUID], int] = {}

    def lean(self) -> LeanConnection:
        """Return the connection under the session, opening the transaction if none is."""
        connection = self.connection().connection.driver_connection
        if not isinstance(connection, LeanConnection):
            raise TypeError("a borough's session runs on a Database's engine")
        return connection


@event.listens_for(BoroughSession, "after_begin")
def _name_the_borough(session: BoroughSession, transaction: SessionTransaction, connection: Connection) -> None:
    """Tell PostgreSQL the borough for this transaction only: the setting ends with it."""
    if transaction.nested:
        return
    driver = connection.connection.driver_connection
    if not isinstance(driver, LeanConnection):
        raise TypeError("a borough's session runs on a Database's engine")
    driver.open_with(f"SELECT set_config('app.borough_id','{session.borough_id}',true)".encode())


@event.listens_for(BoroughSession, "loaded_as_persistent")
def _note_reading(session: BoroughSession, row: Any) -> None:
    family = row.audited_as and getattr(row, row.audited_as)
    if family:
        session.families_read.add(family)


@event.listens_for(BoroughSession, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    """Take a statement that writes for a change, though it writes past the mapped rows."""
    if isinstance(state.session, BoroughSession) and (state.is_insert or state.is_update or state.is_delete):
        state.session.changed = True


@event.listens_for(BoroughSession, "before_flush")
def _note_changes(session: BoroughSession, _context: object, _instances: object) -> None:
    for row in _written(session):
        session.changed = True
        if isinstance(row, BoroughRow):
            _keep_within_borough(session, row)
        family = row.audited_as and getattr(row, row.audited_as)
        if family:
            session.families_changed.add(family)
        if isinstance(row, Versioned) and isinstance(row, BoroughRow) and row not in session.new:
            session.versions.setdefault((type(row), row.id), row.version)


def _written(session: BoroughSession) -> Iterator[Any]:
    yield from session.new
    yield from session.deleted
    yield from (row for row in session.dirty if session.is_modified(row))


def _keep_within_borough(session: BoroughSession, row: BoroughRow) -> None:
    named: UUID | None = row.borough_id  # None until somebody names it, whatever the column says
    if named is None:
        row.borough_id = session.borough_id
    elif named != session.borough_id:
        raise ValueError("a row of another borough can't be written here")
