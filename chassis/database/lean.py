"""A psycopg2 connection that spends as few round trips as it can.

psycopg2 sends BEGIN by itself before the first statement, and COMMIT by itself. Here BEGIN (with the
borough's setting) travels in front of the first statement, and what is left to write travels in front of
COMMIT: a read takes two round trips instead of five. It looks like any other connection to SQLAlchemy.
"""

from typing import Any

import psycopg2
from eventlet.patcher import original
from psycopg2 import extensions

_select = original("select")  # poll(2) itself, which eventlet hides: a look without a wait need not go round its loop
_IDLE = extensions.TRANSACTION_STATUS_IDLE


class LeanCursor(extensions.cursor):
    """A cursor that lets the opening of the transaction travel with its first statement."""

    connection: "LeanConnection"

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - psycopg2's name for it
        """Run ``query``, opening a transaction first if none is open."""
        opening = self.connection.take_opening()
        if opening:
            query = opening + (query if isinstance(query, bytes) else query.encode() if isinstance(query, str) else self._composed(query))
        super().execute(query, vars)

    def executemany(self, query: Any, vars_list: Any) -> None:
        """Run ``query`` once for each row, in a transaction."""
        opening = self.connection.take_opening()
        if opening:
            super().execute(opening)
        super().executemany(query, vars_list)

    def _composed(self, query: Any) -> bytes:
        text: str = query.as_string(self)
        return text.encode()


class LeanConnection(extensions.connection):
    """A connection whose transactions open and close inside other statements' round trips."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.autocommit = True  # psycopg2 keeps out of it: BEGIN and COMMIT are ours
        self.cursor_factory = LeanCursor
        self._opening: list[bytes] = []
        self._closing: list[bytes] = []

    def open_with(self, sql: bytes) -> None:
        """Run ``sql`` right after the BEGIN of the next transaction, in the same round trip."""
        self._opening.append(sql)

    def close_with(self, sql: str, values: Any = None) -> None:
        """Run ``sql`` right before the COMMIT, in the same round trip. If it fails, nothing is committed."""
        self._closing.append(self._plain().mogrify(sql, values))

    def take_opening(self) -> bytes:
        """Return what must go in front of the next statement: empty within a transaction."""
        if self.get_transaction_status() != _IDLE:
            return b""
        opening, self._opening = self._opening, []
        return b";".join([b"BEGIN", *opening, b""])

    def commit(self) -> None:
        """Write what was left for the end, and commit.

        Raises:
            psycopg2.errors.InFailedSqlTransaction: the transaction had failed: PostgreSQL rolled it back.
        """
        if not self._closing and self.get_transaction_status() == _IDLE:
            self.forget()
            return
        sql = self.take_opening() + b";".join([*self._closing, b"COMMIT"])
        self.forget()
        cursor = self._plain()
        try:
            cursor.execute(sql)
        except psycopg2.Error:
            self.rollback()  # SQLAlchemy takes a transaction whose commit failed for ended
            raise
        if cursor.statusmessage != "COMMIT":
            raise psycopg2.errors.InFailedSqlTransaction("the transaction had failed and was rolled back")

    def rollback(self) -> None:
        """Undo the transaction, if one is open, and forget what was meant to be written."""
        self.forget()
        if not self.closed and self.get_transaction_status() != _IDLE:
            self._plain().execute("ROLLBACK")

    def forget(self) -> None:
        """Drop what was to be sent with the opening and the close."""
        self._opening.clear()
        self._closing.clear()

    def seems_alive(self) -> bool:
        """Tell, without a round trip, whether the server has kept this idle connection.

        A closed one has something to read: the server's farewell. Rarely it is an innocent notice; then we ask.
        """
        if self.closed or self.get_transaction_status() != _IDLE:
            return False
        if not _readable(self.fileno()):
            return True
        try:
            self._plain().execute("SELECT 1")
        except psycopg2.Error:
            return False
        return True

    def _plain(self) -> extensions.cursor:
        return super().cursor(cursor_factory=extensions.cursor)


def _readable(descriptor: int) -> bool:
    poller = _select.poll()
    poller.register(descriptor, _select.POLLIN)
    return bool(poller.poll(0))
