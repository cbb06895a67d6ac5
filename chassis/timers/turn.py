"""Whose turn it is: of all processes of a service, one fires its timers.

It is the one that holds an advisory lock in PostgreSQL, for as long as its connection lives. When the process ends, or
loses that connection, the lock is free, and another takes over at its next beat.
"""

from contextlib import suppress
from hashlib import sha256

import structlog
from eventlet.semaphore import Semaphore
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

log = structlog.get_logger(__name__)


class Turn:
    """One process's claim to something that only one may do at a time."""

    def __init__(self, engine: Engine, name: str) -> None:
        """Describe the claim; nothing is sent until it is asked for.

        Args:
            engine: of the database that decides.
            name: what only one process may do.
        """
        self._engine = engine
        self._key = int.from_bytes(sha256(f"stayplay {name}".encode()).digest()[:8], signed=True)
        self._connection: Connection | None = None
        self._asking = Semaphore(1)

    def mine(self) -> bool:
        """Tell whether this process has the turn, taking it if nobody has. Without a database nobody has it."""
        with self._asking:
            try:
                return self._still_mine() or self._taken()
            except SQLAlchemyError:
                log.warning("turn.undecided", exc_info=True)
                self._let_go()
                return False

    def give_up(self) -> None:
        """Let another process have it."""
        with self._asking:
            self._let_go()

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SQLAlchemyError):
                connection.close()

    def _still_mine(self) -> bool:
        if self._connection is None:
            return False
        self._connection.execute(text("SELECT 1"))
        self._connection.rollback()
        return True

    def _taken(self) -> bool:
        connection = self._engine.connect()
        connection.detach()  # the lock goes with the session, so its connection must not go back to the pool
        try:
            taken = bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": self._key}).scalar_one())
            connection.rollback()
        except SQLAlchemyError:
            connection.close()
            raise
        if taken:
            self._connection = connection
        else:
            connection.close()
        return taken
