"""The PostgreSQL that the embedded platform and the tests run on."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import psycopg2
import pytest

from stayplay.postgres import FORGETFUL, Postgres


@pytest.fixture
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="stayplay-") as made:
        yield Path(made) / "pg"


def asked(server: Postgres, question: str) -> Any:
    connection = psycopg2.connect(server.url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(question)
            rows = cursor.fetchall() if cursor.description else [(None,)]
            return rows[0][0]
    finally:
        connection.close()


def pid_of(folder: Path) -> int:
    return int((folder / "postmaster.pid").read_text().splitlines()[0])


def test_what_was_committed_is_there_at_the_next_start(folder: Path) -> None:
    with Postgres(folder) as server:
        asked(server, "CREATE TABLE kept AS SELECT 42 AS answer")
    with Postgres(folder) as server:
        assert asked(server, "SELECT answer FROM kept") == 42


def test_it_is_reached_by_its_socket_and_not_by_the_network(folder: Path) -> None:
    with Postgres(folder) as server:
        assert asked(server, "SHOW listen_addresses") == ""
        assert asked(server, "SHOW unix_socket_permissions") == "0700"


def test_it_is_durable_unless_told_otherwise(folder: Path) -> None:
    with Postgres(folder) as server:
        assert asked(server, "SHOW fsync") == "on"
        assert asked(server, "SHOW synchronous_commit") == "on"
    with Postgres(folder, **FORGETFUL) as server:
        assert asked(server, "SHOW fsync") == "off"


def test_a_server_that_a_killed_process_left_running_is_taken_over(folder: Path) -> None:
    left = Postgres(folder)
    left.start()
    pid = pid_of(folder)
    with Postgres(folder) as server:
        assert pid_of(folder) == pid
        assert asked(server, "SELECT 1") == 1
    assert not (folder / "postmaster.pid").exists()


def test_it_starts_after_a_power_cut(folder: Path) -> None:
    cut = Postgres(folder)
    cut.start()
    asked(cut, "CREATE TABLE kept AS SELECT 42 AS answer")
    killed = psutil.Process(pid_of(folder))
    killed.kill()
    while killed.is_running() and killed.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    with Postgres(folder) as server:
        assert asked(server, "SELECT answer FROM kept") == 42


def test_a_process_id_that_is_somebody_elses_by_now_does_not_mislead_it(folder: Path) -> None:
    with Postgres(folder):
        note = (folder / "postmaster.pid").read_text()
    (folder / "postmaster.pid").write_text("\n".join([str(os.getpid()), *note.splitlines()[1:]]))
    with Postgres(folder) as server:
        assert asked(server, "SELECT 1") == 1
