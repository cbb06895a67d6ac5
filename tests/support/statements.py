"""What is really sent to PostgreSQL, seen from the connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from psycopg2 import extensions

from chassis.database import lean


@contextmanager
def sent() -> Iterator[list[str]]:
    """Collect every round trip of every lean connection in the ``with`` block: one string each."""
    trips: list[str] = []

    class Watched(extensions.cursor):
        def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - psycopg2's name for it
            super().execute(query, vars)
            trips.append((self.query or b"").decode())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lean.LeanConnection, "_plain", lambda self: extensions.connection.cursor(self, cursor_factory=Watched))
        patch.setattr(lean, "LeanCursor", type("WatchedLean", (lean.LeanCursor,), {"execute": _watching(trips)}))
        yield trips


def _watching(trips: list[str]) -> Any:
    execute = lean.LeanCursor.execute

    def watched(self: lean.LeanCursor, query: Any, vars: Any = None) -> None:  # noqa: A002 - psycopg2's name for it
        execute(self, query, vars)
        trips.append((self.query or b"").decode())

    return watched
