"""PostgreSQL's own log: it would quote a statement that fails, with the names in it, were it not told to be silent."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg2
import pytest

from stayplay.postgres import FORGETFUL, Postgres
from stayplay.roster import store
from tests.support.database import Prepared, prepared

SURNAME = "Quixotesurname"
CHATTY = {
    "log_error_verbosity": "verbose", "log_min_duration_statement": "0", "log_min_error_statement": "error", "log_min_messages": "info",
    "log_statement": "all",
}  # fmt: skip
"""What somebody may have set who looked for a slow statement."""

Log = Callable[[], str]


@pytest.fixture(scope="module")
def log_and_database() -> Iterator[tuple[Log, Prepared]]:
    with TemporaryDirectory(prefix="stayplay-") as made:
        folder = Path(made) / "pg"
        with Postgres(folder, **FORGETFUL, **CHATTY) as server:
            yield (folder / "log").read_text, prepared(store("referrals"), server.url)


def fail(url: str, statement: str) -> None:
    connection = psycopg2.connect(url)
    with pytest.raises(psycopg2.Error), connection, connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


FAULTS = {
    "a value that does not fit": f"SELECT '{SURNAME}'::uuid",
    "a division": f"SELECT '{SURNAME}', 1/0",
    "a row without security": f"INSERT INTO families (borough_id, id, name) VALUES ('{uuid4()}', '{uuid4()}', '{SURNAME}')",
    "a statement that is too slow": f"SET statement_timeout = 1; SELECT pg_sleep(1), '{SURNAME}'",
    "no statement at all": f"SELEKT '{SURNAME}'",
    "a key twice": f"CREATE TEMP TABLE names (name text PRIMARY KEY); INSERT INTO names VALUES ('{SURNAME}'), ('{SURNAME}')",
}


@pytest.mark.parametrize("kind", ["app", "operator", "owner"])
@pytest.mark.parametrize("statement", FAULTS.values(), ids=list(FAULTS))
def test_what_fails_is_not_quoted(log_and_database: tuple[Log, Prepared], kind: str, statement: str) -> None:
    log, database = log_and_database
    fail(database.urls[kind], statement)
    assert SURNAME not in log()


@pytest.mark.parametrize("kind", ["app", "operator", "owner"])
def test_what_succeeds_is_not_quoted_even_where_the_server_logs_every_statement(log_and_database: tuple[Log, Prepared], kind: str) -> None:
    log, database = log_and_database
    connection = psycopg2.connect(database.urls[kind])
    with connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT '{SURNAME}'")
    connection.close()
    assert SURNAME not in log()


def test_the_log_is_there_and_quotes_whoever_was_not_told_to_be_silent(log_and_database: tuple[Log, Prepared]) -> None:
    log, database = log_and_database
    fail(database.admin_url, "SELECT 'the administrator'::uuid")
    assert "the administrator" in log()


def test_a_server_of_ones_own_is_silent_even_about_the_administrator() -> None:
    with TemporaryDirectory(prefix="stayplay-") as made:
        folder = Path(made) / "pg"
        with Postgres(folder) as server:
            fail(server.url, f"SELECT '{SURNAME}', 1/0")
            fail(server.url, FAULTS["a key twice"])
        assert SURNAME not in (folder / "log").read_text()
