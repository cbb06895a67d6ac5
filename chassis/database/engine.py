"""The connections of one service to its database: one pool a role."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

from sqlalchemy import URL, Connection, Engine, PoolProxiedConnection, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session

from chassis.database.lean import LeanConnection
from chassis.database.session import BoroughSession

STATEMENT_SECONDS = 20
IDLE_SECONDS = 60
WAIT_FOR_CONNECTION_SECONDS = 5
CONNECT_SECONDS = 5


class Database:
    """One service's database, through its roles.

    Args:
        url: of the application's role, which row-level security binds to one borough.
        operator_url: of the role that sees outbox, inbox and boroughs of every borough; for relay, timers and operators.
        identity_url: of the role that holds the platform's own tables (people, sign-in sessions); gateway only.
        service: shown in ``pg_stat_activity``.
        pool_size: connections that the application's role may hold: as many as workers, and a few.
    """

    def __init__(
        self, url: str, operator_url: str = "", identity_url: str = "", *, service: str = "", pool_size: int = 14, operators: int = 3
    ) -> None:
        self.service = service
        self.engine = engine(url, name=service, size=pool_size)
        self._operator = engine(operator_url, name=f"{service} operator", size=operators) if operator_url else None
        self._identity = engine(identity_url, name=f"{service} identity", size=pool_size) if identity_url else None
        self._listeners: list[Callable[[], None]] = []

    def session(self, borough_id: UUID, reader: str = "") -> BoroughSession:
        """Return a session that sees one borough, restricted families as ``reader`` may. Nothing is sent until it is used."""
        return BoroughSession(self.engine, borough_id, reader)

    @contextmanager
    def operating(self) -> Iterator[Connection]:
        """Open a transaction as the operator's role, committed at the end of the ``with`` block.

        Raises:
            LookupError: this process was not given the operator's role.
        """
        with self._needed(self._operator, "operator").begin() as connection:
            yield connection

    @property
    def operator_engine(self) -> Engine:
        """The operator's pool, for what holds a connection (advisory locks)."""
        return self._needed(self._operator, "operator")

    def platform_session(self) -> Session:
        """Return a session on the platform's own tables, which belong to no borough.

        Raises:
            LookupError: this process was not given that role.
        """
        return Session(self._needed(self._identity, "identity"), expire_on_commit=False)

    @contextmanager
    def platform_connection(self) -> Iterator[PoolProxiedConnection]:
        """Lend a bare connection of the same role, for one statement outside any transaction where every microsecond counts.

        Raises:
            LookupError: this process was not given that role.
        """
        connection = self._needed(self._identity, "identity").raw_connection()
        try:
            yield connection
        finally:
            connection.close()

    def on_published(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` right after each commit that put events into the outbox."""
        self._listeners.append(listener)

    def published(self) -> None:
        """Tell the listeners that the outbox holds something new."""
        for listener in self._listeners:
            listener()

    def ping(self) -> None:
        """Ask the server for a sign of life; raises SQLAlchemyError if there is none."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")

    def close(self) -> None:
        """Close every connection that is not in use."""
        for pool in (self.engine, self._operator, self._identity):
            if pool is not None:
                pool.dispose()

    def _needed(self, pool: Engine | None, role: str) -> Engine:
        if pool is None:
            raise LookupError(f"this process was not given the {role} role of {self.service or 'its'} database")
        return pool


def engine(url: str | URL, *, name: str, size: int) -> Engine:
    """Return a pool of lean connections. Values never appear in its errors or logs."""
    made = create_engine(
        make_url(url).set(drivername="postgresql+psycopg2"),
        pool_size=size,
        max_overflow=0,
        pool_timeout=WAIT_FOR_CONNECTION_SECONDS,
        pool_use_lifo=True,
        hide_parameters=True,
        use_native_hstore=False,
        connect_args={
            "connection_factory": LeanConnection,
            "application_name": f"stayplay {name}".strip(),
            "connect_timeout": CONNECT_SECONDS,
            "options": (
                f"-c statement_timeout={STATEMENT_SECONDS}s -c idle_in_transaction_session_timeout={IDLE_SECONDS}s "
                "-c timezone=UTC -c jit=off -c search_path=public"
            ),
        },
    )
    event.listen(made, "checkout", _fit_for_use)
    return made


def _fit_for_use(connection: Any, _record: object, _proxy: object) -> None:
    """Hand out a connection only if the server still holds its other end."""
    connection.forget()
    if not connection.seems_alive():
        with suppress(Exception):
            connection.close()
        raise DisconnectionError
