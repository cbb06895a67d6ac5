"""Migrations: run, looked at, and held against the models. No alembic.ini, no env.py: the store says it all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import structlog
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, NullPool, create_engine, make_url, text

from chassis.database.base import NAMING
from chassis.database.store import Store

log = structlog.get_logger(__name__)
LOCK_SECONDS = 10
_LOCK = 0x6D696772617465  # any number that nothing else in the database uses: it spells "migrate"


def migrate(store: Store, owner_url: str) -> list[str]:
    """Bring the database of ``store`` up to date; return the revisions that were applied.

    Each runs in its own transaction, and gives up rather than hold up the service when it can't have a lock
    within ten seconds. Several at once are safe: one works, the others wait and find nothing to do.
    """
    script = _script(store)
    applied: list[str] = []

    def upward(revision: Any, _context: MigrationContext) -> Any:
        steps = script._upgrade_revs("head", revision)  # noqa: SLF001 - what alembic's own upgrade command calls
        applied.extend(step.revision.revision for step in steps)
        return steps

    with _owner(owner_url) as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.execute(text(f"SET lock_timeout = '{LOCK_SECONDS}s'"))
        connection.commit()
        _run(script, connection, upward)
        for role in store.roles[1:]:
            connection.execute(text(f'GRANT SELECT ON alembic_version TO "{role}"'))  # readiness asks for the revision
        connection.commit()
    log.info("database.migrated", service=store.service, applied=applied)
    return applied


def is_current(store: Store, connection: Connection) -> bool:
    """Tell whether the database is at the revision that the code needs, or past it (an older replica still runs)."""
    script = _script(store)
    if connection.execute(text("SELECT to_regclass('alembic_version')")).scalar_one() is None:
        return False
    at = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return at is not None and (at == script.get_current_head() or at not in {known.revision for known in script.walk_revisions()})


def differences(store: Store, owner_url: str) -> list[str]:
    """Return how the database of ``store`` differs from its models; empty when they agree."""
    with _owner(owner_url) as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": False,
                "include_schemas": True,
                "include_object": _ours,
                "include_name": _in_our_schemas,
            },
        )
        return [str(difference) for difference in compare_metadata(context, _merged(store.metadata()))]


def check_linear(store: Store) -> list[str]:
    """Return what is wrong with the chain of revisions: more than one head or root; empty when it is one line."""
    script = _script(store)
    faults = [f"{store.service}: more than one newest migration: {script.get_heads()}"] if len(script.get_heads()) != 1 else []
    if len(script.get_bases()) != 1:
        faults.append(f"{store.service}: more than one first migration: {script.get_bases()}")
    return faults


def check_migrations(store: Store, owner_url: str) -> list[str]:
    """Return every way in which migrations and models of ``store`` disagree; the database must be up to date."""
    return check_linear(store) + [f"{store.service}: {difference}" for difference in differences(store, owner_url)]


def _run(script: ScriptDirectory, connection: Connection, fn: Callable[[Any, MigrationContext], Any]) -> None:
    with EnvironmentContext(Config(), script, fn=fn) as environment:
        environment.configure(connection=connection, transaction_per_migration=True, target_metadata=MetaData(naming_convention=NAMING))
        with environment.begin_transaction():
            environment.run_migrations()


@lru_cache
def _script(store: Store) -> ScriptDirectory:
    return ScriptDirectory(str(store.migrations))


def _merged(parts: list[MetaData]) -> MetaData:
    """Return all expected tables as one collection, which is what alembic compares with."""
    merged = MetaData()
    for part in parts:
        for table in part.tables.values():
            table.to_metadata(merged)
    return merged


def _ours(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:  # noqa: FBT001 - alembic's signature
    return not (kind == "table" and name == "alembic_version")


def _in_our_schemas(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "schema" or name in {None, "public", "identity"}


@contextmanager
def _owner(url: str) -> Iterator[Connection]:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg2"), poolclass=NullPool, hide_parameters=True)
    with engine.connect() as connection:
        yield connection
    engine.dispose()
