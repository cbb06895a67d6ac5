"""Row-level security, proved with raw SQL as the service's own role."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg2
import pytest
from psycopg2 import errors, extensions
from sqlalchemy import text

from chassis.caller import Caller
from chassis.database import Database
from chassis.database.store import Store
from tests.support.database import Prepared, as_role, prepared
from tests.support.people import note_keeper, working
from tests.support.sample_service.models import Note

TABLES = ("notes", "remarks", "outbox", "inbox", "answers", "audit", "boroughs")


@contextmanager
def raw(sample: Prepared, role: str) -> Iterator[extensions.cursor]:
    """Connect as a role would whose password was stolen: no chassis in between."""
    connection = psycopg2.connect(sample.urls[role])
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def keep_to(cursor: extensions.cursor, borough_id: UUID, *, local: bool = True) -> None:
    cursor.execute("SELECT set_config('app.borough_id', %s, %s)", (str(borough_id), local))


def count(cursor: extensions.cursor, table: str) -> int:
    cursor.execute(f'SELECT count(*) FROM "{table}"')
    found: Any = cursor.fetchone()
    return int(found[0])


@pytest.fixture
def notes(database: Database, southwark: Caller, lambeth: Caller) -> dict[str, UUID]:
    """A note in each of two boroughs, with its event and its entry in the audit trail."""
    made = {}
    for caller in (southwark, lambeth):
        with working(database, caller) as work:
            note = work.notes.add(Note(words=f"Of {caller.person_name}", family_id=uuid4()))
            work.publish(note.added())
        made[caller.person_name] = note.id
    return made


@pytest.mark.parametrize("table", TABLES)
def test_without_a_borough_nothing_is_seen(sample: Prepared, notes: dict[str, UUID], table: str) -> None:
    with raw(sample, "app") as cursor:
        assert count(cursor, table) == 0


def test_an_empty_borough_sees_nothing_and_is_no_error(sample: Prepared, notes: dict[str, UUID]) -> None:
    with raw(sample, "app") as cursor:
        cursor.execute("SELECT set_config('app.borough_id', '', true)")
        assert count(cursor, "notes") == 0


def test_with_a_borough_only_its_own_is_seen(sample: Prepared, notes: dict[str, UUID], southwark: Caller) -> None:
    with raw(sample, "app") as cursor:
        keep_to(cursor, southwark.borough_id)
        cursor.execute("SELECT words FROM notes")
        assert cursor.fetchall() == [("Of Grace Adeyemi",)]
        assert (count(cursor, "outbox"), count(cursor, "audit")) == (1, 1)


def test_naming_another_boroughs_row_finds_nothing(sample: Prepared, notes: dict[str, UUID], southwark: Caller, lambeth: Caller) -> None:
    with raw(sample, "app") as cursor:
        keep_to(cursor, southwark.borough_id)
        for change in ("SELECT words FROM notes", "UPDATE notes SET words = 'x'", "DELETE FROM notes"):
            cursor.execute(f"{change} WHERE borough_id = %s", (str(lambeth.borough_id),))
            assert cursor.rowcount == 0


def test_a_row_of_another_borough_cannot_be_written(sample: Prepared, southwark: Caller, lambeth: Caller) -> None:
    with raw(sample, "app") as cursor:
        keep_to(cursor, southwark.borough_id)
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            cursor.execute(
                "INSERT INTO notes (borough_id, id, version, created_at, changed_at, words) VALUES (%s, %s, 1, now(), now(), 'x')",
                (str(lambeth.borough_id), str(uuid4())),
            )


def test_a_row_cannot_be_moved_to_another_borough(sample: Prepared, notes: dict[str, UUID], southwark: Caller, lambeth: Caller) -> None:
    with raw(sample, "app") as cursor:
        keep_to(cursor, southwark.borough_id)
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            cursor.execute("UPDATE notes SET borough_id = %s", (str(lambeth.borough_id),))


def test_the_setting_ends_with_its_transaction(sample: Prepared, notes: dict[str, UUID], southwark: Caller) -> None:
    with raw(sample, "app") as cursor:
        keep_to(cursor, southwark.borough_id)
        assert count(cursor, "notes") == 1
        cursor.connection.commit()
        assert count(cursor, "notes") == 0


def test_set_local_outside_a_transaction_gives_nothing(sample: Prepared, notes: dict[str, UUID], southwark: Caller) -> None:
    with raw(sample, "app") as cursor:
        cursor.connection.autocommit = True
        cursor.execute("SET LOCAL app.borough_id = %s", (str(southwark.borough_id),))
        assert count(cursor, "notes") == 0


def test_the_setting_never_reaches_the_next_user_of_a_connection(sample: Prepared, notes: dict[str, UUID], southwark: Caller) -> None:
    alone = sample.open(pool_size=1)
    with working(alone, southwark) as work:
        assert len(work.notes.all(work.notes.rows())) == 1
    with pytest.raises(ZeroDivisionError), working(alone, southwark) as work:
        work.notes.all(work.notes.rows())
        raise ZeroDivisionError
    with alone.engine.connect() as connection:
        assert connection.execute(text("SELECT current_setting('app.borough_id', true)")).scalar() in {None, ""}
        assert connection.execute(text("SELECT count(*) FROM notes")).scalar() == 0
    alone.close()


def test_a_session_that_was_never_used_leaves_nothing_for_the_next(sample: Prepared, southwark: Caller, lambeth: Caller) -> None:
    alone = sample.open(pool_size=1)
    with alone.session(southwark.borough_id) as session:
        session.connection()  # takes the connection, and the borough with it, but sends nothing
    with alone.engine.connect() as connection:
        assert connection.execute(text("SELECT current_setting('app.borough_id', true)")).scalar() in {None, ""}
    alone.close()


def test_many_boroughs_at_once_over_few_connections_never_mix(sample: Prepared) -> None:
    few = sample.open(pool_size=3)
    callers = [note_keeper() for _ in range(12)]
    for caller in callers:
        with working(few, caller) as work:
            work.notes.add(Note(words=str(caller.borough_id)))
    wrong: list[object] = []

    def look(caller: Caller) -> None:
        for _ in range(20):
            with working(few, caller) as work:
                words = [note.words for note in work.notes.all(work.notes.rows())]
            wrong.extend([] if words == [str(caller.borough_id)] else [words])

    threads = [threading.Thread(target=look, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    few.close()
    assert wrong == []


# --- what each role may do ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sql", ["UPDATE audit SET operation = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
def test_the_application_cannot_rewrite_the_audit_trail(sample: Prepared, southwark: Caller, sql: str) -> None:
    with raw(sample, "app") as cursor:
        keep_to(cursor, southwark.borough_id)
        with pytest.raises(errors.InsufficientPrivilege):
            cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE notes DISABLE ROW LEVEL SECURITY",
        "DROP POLICY borough ON notes",
        "CREATE TABLE mine (id integer)",
        "CREATE SCHEMA mine",
        "SET ROLE sample_owner",
        "SET SESSION AUTHORIZATION sample_owner",
        "CREATE ROLE another",
        "TRUNCATE notes",
        "UPDATE outbox SET sent_at = now()",
    ],
)
def test_the_application_cannot_loosen_its_bonds(sample: Prepared, sql: str) -> None:
    with raw(sample, "app") as cursor, pytest.raises(psycopg2.Error):
        cursor.execute(sql)


def test_row_security_cannot_be_switched_off(sample: Prepared, notes: dict[str, UUID]) -> None:
    with raw(sample, "app") as cursor:
        cursor.execute("SET row_security = off")
        with pytest.raises(errors.InsufficientPrivilege):
            cursor.execute("SELECT * FROM notes")


def test_the_operator_sees_events_of_every_borough(sample: Prepared, notes: dict[str, UUID]) -> None:
    with raw(sample, "operator") as cursor:
        assert count(cursor, "outbox") >= 2
        assert count(cursor, "inbox") >= 0
        assert count(cursor, "boroughs") >= 0


@pytest.mark.parametrize("table", ["notes", "remarks", "answers"])
def test_the_operator_never_sees_a_familys_data(sample: Prepared, table: str, southwark: Caller) -> None:
    with raw(sample, "operator") as cursor:
        keep_to(cursor, southwark.borough_id)
        with pytest.raises(errors.InsufficientPrivilege):
            count(cursor, table)


@pytest.mark.parametrize("column", ["person_name", "facts", "changes", "reason", "address", "salt"])
def test_of_the_audit_trail_the_operator_sees_the_chain_and_not_what_it_says(sample: Prepared, column: str) -> None:
    with raw(sample, "operator") as cursor:
        cursor.execute("SELECT borough_id, number, hash FROM audit")
        with pytest.raises(errors.InsufficientPrivilege):
            cursor.execute(f"SELECT {column} FROM audit")


def test_the_owner_itself_sees_no_row(sample: Prepared, notes: dict[str, UUID], southwark: Caller) -> None:
    with raw(sample, "owner") as cursor:
        keep_to(cursor, southwark.borough_id)
        assert count(cursor, "notes") == 0


def test_no_service_may_connect_to_anothers_database(sample: Prepared, postgres_url: str) -> None:
    other = prepared(Store("other", "tests.support.sample_service"), postgres_url, migrated=False)
    with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
        psycopg2.connect(as_role(postgres_url, "sample_app", other.store.database))
