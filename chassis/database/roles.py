"""Databases and roles, made by whoever may make them; safe to run again, and by several at once.

Three roles a service: the owner migrates and nothing else; the application's role owns nothing, so that
row-level security binds it; the operator's sees outbox, inbox and boroughs of every borough. None is a
superuser, none may pass row-level security by, and none may connect to another service's database.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psycopg2
from psycopg2 import extensions, sql

from chassis.database.silence import keep_silent
from chassis.database.store import Store

_LOCK = 0x5374617950  # any number that nothing else in the cluster uses: it spells "StayP"

_AS_IT_SHOULD_BE = """
    SELECT rolcanlogin AND NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)
    FROM pg_roles WHERE rolname = %s
"""


def prepare(admin_url: str, store: Store, passwords: Mapping[str, str]) -> None:
    """Make sure that the database and the roles of ``store`` are there as they should be.

    Args:
        admin_url: of a role that may create both.
        store: whose.
        passwords: by role name; a role without one gets none and can log in only where the server trusts it.
    """
    with _administering(admin_url) as cursor:
        for role in store.roles:
            _ensure_role(cursor, role, passwords.get(role, ""))
        _ensure_database(cursor, store)
        with _connected(
            extensions.make_dsn(admin_url, dbname=store.database)
        ) as inside:  # in the same turn: no two may change one grant at once
            _run(inside, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
            _run(inside, "GRANT USAGE, CREATE ON SCHEMA public TO {}", store.roles[0])
            for role in store.roles[1:]:
                _run(inside, "GRANT USAGE ON SCHEMA public TO {}", role)


def _ensure_role(cursor: extensions.cursor, role: str, password: str) -> None:
    cursor.execute(_AS_IT_SHOULD_BE, (role,))
    found = cursor.fetchone()
    if found is None:
        _run(cursor, "CREATE ROLE {} LOGIN", role)
    elif not found[0]:  # said only where it is needed: an administrator who is no superuser may not even say NOSUPERUSER
        _run(cursor, "ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS", role)
    keep_silent(cursor, role)
    if password:
        cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password)))


def _ensure_database(cursor: extensions.cursor, store: Store) -> None:
    owner, *others = store.roles
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (store.database,))
    if cursor.fetchone() is None:
        # an administrator who is no superuser (managed PostgreSQL) must belong to the role it makes an owner
        _run(cursor, "GRANT {} TO CURRENT_USER", owner)
        _run(cursor, "CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0", store.database, owner)
    _run(cursor, "REVOKE ALL ON DATABASE {} FROM PUBLIC", store.database)
    for role in others:
        _run(cursor, "GRANT CONNECT ON DATABASE {} TO {}", store.database, role)


def _run(cursor: extensions.cursor, statement: str, *names: str) -> None:
    cursor.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))


@contextmanager
def _administering(admin_url: str) -> Iterator[extensions.cursor]:
    """Work as administrator, one process at a time: PostgreSQL makes no two databases or roles at once."""
    with _connected(admin_url) as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        yield cursor


@contextmanager
def _connected(url: str) -> Iterator[extensions.cursor]:
    connection = psycopg2.connect(url, application_name="stayplay migrate", connect_timeout=10)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()
