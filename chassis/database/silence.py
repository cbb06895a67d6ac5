"""What PostgreSQL writes into its own log: never a statement, for a statement holds what was written about a family.

As it comes, PostgreSQL logs each statement that fails with the values in it, and the key that was there twice.
Our own log has every such failure already, by its kind and code.
"""

from typing import Final

import structlog
from psycopg2 import errors, extensions, sql

log = structlog.get_logger(__name__)

SILENT: Final = {
    "log_error_verbosity": "terse",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_min_messages": "fatal",
    "log_statement": "none",
}
"""Settings of a role whose statements are not logged, whatever the server logs of others'."""


def keep_silent(cursor: extensions.cursor, role: str) -> None:
    """Let the server log nothing that ``role`` says. An administrator who may not set this is told, and goes on."""
    try:
        for name, value in SILENT.items():
            _set(cursor, role, name, value)
    except errors.InsufficientPrivilege:
        log.warning("database.log_not_silenced", role=role)


def _set(cursor: extensions.cursor, role: str, name: str, value: str) -> None:
    cursor.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(sql.Identifier(role), sql.Identifier(name), sql.Literal(value)))
