"""The connection: as few round trips as can be, and never a transaction left open."""

from typing import Any
from uuid import uuid4

import psycopg2
import pytest
from psycopg2 import errors, extensions
from sqlalchemy import text

from chassis.caller import Caller
from chassis.database.lean import LeanConnection
from tests.support.database import Prepared
from tests.support.people import working
from tests.support.sample_service.models import Note
from tests.support.statements import sent

IDLE = extensions.TRANSACTION_STATUS_IDLE


@pytest.fixture
def connection(sample: Prepared) -> Any:
    made = psycopg2.connect(sample.admin_url, connection_factory=LeanConnection)
    yield made
    made.close()


def one(connection: LeanConnection, sql: str, values: Any = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    return row and row[0]


def test_a_read_takes_two_round_trips(sample: Prepared, southwark: Caller) -> None:
    with sent() as trips:
        database = sample.open(pool_size=1)
        with working(database, southwark) as work:
            note_id = work.notes.add(Note(words="Words", family_id=uuid4())).id
        trips.clear()
        with working(database, southwark, "sample.read", "sample.get_note") as work:
            work.notes.get(note_id)
    assert len(trips) == 2
    assert trips[0].startswith("BEGIN;SELECT set_config('app.borough_id',")
    assert "FROM notes" in trips[0]
    assert trips[1].startswith("INSERT INTO audit")
    assert trips[1].endswith(";COMMIT")
    database.close()


def test_a_change_with_its_event_answer_and_audit_takes_three(sample: Prepared, southwark: Caller) -> None:
    with sent() as trips:
        database = sample.open(pool_size=1)
        database.ping()
        trips.clear()
        with working(database, southwark) as work:
            work.answered("key-12345678", "print")
            note = work.notes.add(Note(words="Words"))
            work.publish(note.added())
            work.session.flush()
            work.keep_answer({"id": str(note.id)})
    assert [trip.split()[0] for trip in trips] == ["BEGIN;SELECT", "INSERT", "UPDATE"]
    assert [part in trips[2] for part in ("UPDATE answers", "INSERT INTO outbox", "INSERT INTO audit", ";COMMIT")] == [True] * 4
    database.close()


def test_work_that_touches_nothing_sends_nothing(sample: Prepared, southwark: Caller) -> None:
    with sent() as trips:
        database = sample.open(pool_size=1)
        database.ping()
        trips.clear()
        with working(database, southwark):
            pass
    assert trips == []
    database.close()


def test_a_statement_opens_a_transaction_that_lasts_until_the_commit(connection: LeanConnection) -> None:
    connection.open_with(b"SELECT set_config('app.borough_id','x',true)")
    assert one(connection, "SELECT current_setting('app.borough_id')") == "x"
    assert one(connection, "SELECT current_setting('app.borough_id')") == "x"
    connection.commit()
    assert connection.get_transaction_status() == IDLE
    assert one(connection, "SELECT current_setting('app.borough_id', true)") in {None, ""}


def test_values_with_percent_signs_and_quotes_pass_unharmed(connection: LeanConnection) -> None:
    connection.open_with(b"SELECT 1")
    assert one(connection, "SELECT %s", ("100% 'sure' %s ;COMMIT",)) == "100% 'sure' %s ;COMMIT"
    connection.rollback()


def test_many_rows_at_once_go_in_one_transaction(connection: LeanConnection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE numbers (n integer) ON COMMIT DROP")
        cursor.executemany("INSERT INTO numbers VALUES (%s)", [(1,), (2,)])
    assert one(connection, "SELECT sum(n) FROM numbers") == 3
    connection.rollback()
    with connection.cursor() as cursor:
        cursor.executemany("SELECT set_config('app.x', %s, true)", [("1",), ("2",)])
    assert connection.get_transaction_status() != IDLE
    connection.rollback()


def test_what_is_left_for_the_close_is_written_with_the_commit(connection: LeanConnection) -> None:
    connection.close_with("SELECT set_config('app.left', %s, false)", ("by the close",))
    connection.commit()
    assert one(connection, "SELECT current_setting('app.left')") == "by the close"


def test_a_close_that_fails_commits_nothing_and_leaves_no_transaction(connection: LeanConnection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE never (n integer)")
    connection.close_with("SELECT 1 / 0")
    with pytest.raises(errors.DivisionByZero):
        connection.commit()
    assert connection.get_transaction_status() == IDLE
    assert one(connection, "SELECT to_regclass('never')") is None


def test_a_commit_of_a_failed_transaction_is_an_error_not_a_silent_rollback(connection: LeanConnection) -> None:
    with pytest.raises(errors.DivisionByZero):
        one(connection, "SELECT 1 / 0")
    with pytest.raises(errors.InFailedSqlTransaction):
        connection.commit()
    assert connection.get_transaction_status() == IDLE


def test_a_rollback_forgets_what_was_to_be_written(connection: LeanConnection) -> None:
    connection.open_with(b"SELECT set_config('app.borough_id','x',true)")
    connection.close_with("CREATE TABLE never (n integer)")
    connection.rollback()
    assert one(connection, "SELECT current_setting('app.borough_id', true)") in {None, ""}
    connection.commit()
    assert one(connection, "SELECT to_regclass('never')") is None


def test_a_connection_that_the_server_closed_is_replaced_unseen(sample: Prepared, southwark: Caller) -> None:
    database = sample.open(pool_size=1)
    database.ping()
    with psycopg2.connect(sample.admin_url) as admin, admin.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'sample_app' AND pid <> pg_backend_pid()"
        )
    with working(database, southwark) as work:
        work.notes.add(Note(words="After the restart"))
    database.close()


def test_a_connection_left_inside_a_transaction_is_not_handed_out(sample: Prepared, southwark: Caller) -> None:
    database = sample.open(pool_size=1)
    with database.engine.connect() as taken:
        driver = taken.connection.driver_connection
    assert isinstance(driver, LeanConnection)
    with pytest.raises(errors.DivisionByZero):
        one(driver, "SELECT 1 / 0")
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    database.close()


def test_a_savepoint_keeps_the_borough(sample: Prepared, southwark: Caller) -> None:
    database = sample.open(pool_size=1)
    with working(database, southwark) as work:
        with pytest.raises(ZeroDivisionError), work.session.begin_nested():
            work.notes.add(Note(words="Undone"))
            raise ZeroDivisionError
        kept = work.notes.add(Note(words="Kept"))
    with working(database, southwark) as work:
        assert [note.id for note in work.notes.all(work.notes.rows())] == [kept.id]
    database.close()
