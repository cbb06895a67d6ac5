"""After two boroughs lived the journey: what the databases let through, and what the logs hold."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import psycopg2
import pytest
from click.testing import CliRunner
from psycopg2 import errors, sql

from chassis.settings import Settings
from stayplay.cli import main
from stayplay.client import Client
from stayplay.journey import Borough, FamilyJourney
from stayplay.roster import PACKAGES, store
from tests.support.platform import ROLES, Platform

OF_PEOPLE = (
    "Doyle", "Brennan", "Sinead", "7700 900123", "7700900123", "Rye Lane", "SE15 5BY", "Vance", "helen.vance", "Ruth Osei", "Jo Marsh",
    "Low mood", "Low in mood", "stopped going out", "voicemail", "Wants to meet others",
)  # fmt: skip
"""What the journey says of people, and what people write in it."""

KEPT = {"audit", "audit_seals", "boroughs", "inbox", "outbox"}
"""What an erased practice borough leaves: who did what and its seals, until operators sweep them away; that it was erased; and that
its erasure was told and heard."""


@dataclass(frozen=True)
class Lived:
    """Two boroughs in which a family lived the journey."""

    here: FamilyJourney
    there: FamilyJourney


@pytest.fixture(scope="module")
def lived(platform: Platform) -> Lived:
    operator = Client(platform.url, token=platform.operator_token)
    names = (("Southwark", "Doyle"), ("Lambeth", "Brennan"))
    journeys = [FamilyJourney(Borough(operator, name, f"after-{uuid4().hex[:6]}", "E09000028"), surname) for name, surname in names]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(walk, journeys))
    return Lived(*journeys)


def walk(journey: FamilyJourney) -> None:
    for _, step in journey.steps():
        step()


@contextmanager
def cursor_of(url: str, borough_id: str = "") -> Iterator[Any]:
    """Run raw SQL in one transaction, bound to a borough where one is given; nothing of it stays."""
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            if borough_id:
                cursor.execute("SELECT set_config('app.borough_id', %s, true)", (borough_id,))
            yield cursor
    finally:
        connection.rollback()
        connection.close()


def app_url(platform: Platform, role: str) -> str:
    return Settings.read(role, platform.env).database_url


def admin_url(platform: Platform, role: str) -> str:
    return urlsplit(platform.env["POSTGRES_ADMIN_URL"])._replace(path=f"/{store(role).database}").geturl()


def tables(cursor: Any) -> list[str]:
    """Return the tables of boroughs that whoever asks may read."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version' "
        "AND has_table_privilege(oid, 'SELECT') ORDER BY relname"
    )
    return [name for (name,) in cursor.fetchall()]


def counted(cursor: Any, names: list[str], condition: str = "true", *values: object) -> dict[str, int]:
    found = {}
    for name in names:
        cursor.execute(sql.SQL("SELECT count(*) FROM {} WHERE " + condition).format(sql.Identifier(name)), values)
        found[name] = cursor.fetchone()[0]
    return found


@pytest.mark.parametrize("role", list(PACKAGES))
def test_the_services_role_sees_all_of_its_borough_and_nothing_else(platform: Platform, lived: Lived, role: str) -> None:
    with cursor_of(app_url(platform, role)) as cursor:
        names = tables(cursor)
        assert set(counted(cursor, names).values()) == {0}
    for borough_id in (lived.here.borough.id, lived.there.borough.id):
        with cursor_of(admin_url(platform, role)) as cursor:
            there_are = counted(cursor, names, "borough_id = %s", borough_id)
        with cursor_of(app_url(platform, role), borough_id) as cursor:
            assert counted(cursor, names) == there_are
            assert set(counted(cursor, names, "borough_id <> %s", borough_id).values()) == {0}
        assert sum(count > 0 for count in there_are.values()) >= 4, there_are


@pytest.mark.parametrize("role", list(PACKAGES))
@pytest.mark.parametrize(
    "statement", ["DELETE FROM {} WHERE borough_id = %s", "UPDATE {} SET borough_id = borough_id WHERE borough_id = %s"]
)
def test_the_services_role_changes_no_row_of_another_borough(platform: Platform, lived: Lived, role: str, statement: str) -> None:
    with cursor_of(app_url(platform, role)) as cursor:
        names = tables(cursor)
    for name in names:
        with cursor_of(app_url(platform, role), lived.here.borough.id) as cursor:
            try:
                cursor.execute(sql.SQL(statement).format(sql.Identifier(name)), (lived.there.borough.id,))
            except errors.InsufficientPrivilege:
                continue  # it may not do this to any row
            assert cursor.rowcount == 0, name


@pytest.mark.parametrize("role", list(PACKAGES))
def test_the_services_role_writes_no_row_into_another_borough(platform: Platform, lived: Lived, role: str) -> None:
    with cursor_of(app_url(platform, role), lived.here.borough.id) as cursor:
        filled = [name for name, count in counted(cursor, tables(cursor)).items() if count]
    assert filled
    for name in filled:
        with cursor_of(app_url(platform, role), lived.here.borough.id) as cursor, pytest.raises(errors.InsufficientPrivilege):
            copy_into(cursor, name, lived.there.borough.id)


def copy_into(cursor: Any, table: str, borough_id: str) -> None:
    """Copy a row, as it is, to another borough."""
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''", (table,)
    )
    columns = [name for (name,) in cursor.fetchall()]
    others = [sql.Identifier(name) for name in columns if name != "borough_id"]
    copied = sql.SQL("INSERT INTO {0} (borough_id, {1}) SELECT %s::uuid, {1} FROM {0} LIMIT 1")
    cursor.execute(copied.format(sql.Identifier(table), sql.SQL(", ").join(others)), (borough_id,))


def test_no_log_of_any_process_names_anybody(platform: Platform, lived: Lived) -> None:
    del lived
    for role in ROLES:
        log = (platform.logs / f"{role}.log").read_text(encoding="utf-8")
        assert "service.started" in log
        assert [word for word in OF_PEOPLE if word.casefold() in log.casefold()] == [], role


def test_the_log_of_the_database_names_nobody(platform: Platform, lived: Lived) -> None:
    del lived
    folder = parse_qs(urlsplit(platform.env["POSTGRES_ADMIN_URL"]).query).get("host", [""])[0]
    log = Path(folder) / "log"
    if not folder or not log.exists():
        pytest.skip("this PostgreSQL is not ours: its log is elsewhere")
    text = log.read_text(encoding="utf-8")
    assert [word for word in OF_PEOPLE if word.casefold() in text.casefold()] == []


def test_an_erased_practice_borough_leaves_its_audit_trail_and_no_other_row_until_it_is_swept(platform: Platform) -> None:
    operator = Client(platform.url, token=platform.operator_token)
    journey = FamilyJourney(Borough(operator, "Gone", f"gone-{uuid4().hex[:6]}", "E09000028"), "Gone")
    walk(journey)
    journey.borough.erase()
    for role in PACKAGES:
        end = time.monotonic() + 15
        while (left := left_of(platform, role, journey.borough.id)) - KEPT and time.monotonic() < end:
            time.sleep(0.2)
        assert left - KEPT == set(), role
        assert "audit" in left, role
        assert "Sinead" not in said_in(platform, role, journey.borough.id, left - {"audit"}), role
    swept = CliRunner(env=platform.env).invoke(main, ["borough", "sweep"])
    assert swept.exit_code == 0, swept.output
    for role in PACKAGES:
        assert left_of(platform, role, journey.borough.id) <= KEPT - {"audit", "audit_seals"}, role


def left_of(platform: Platform, role: str, borough_id: str) -> set[str]:
    with cursor_of(admin_url(platform, role)) as cursor:
        return {name for name, count in counted(cursor, tables(cursor), "borough_id = %s", borough_id).items() if count}


def said_in(platform: Platform, role: str, borough_id: str, names: set[str]) -> str:
    """Return every row of a borough that lies in these tables, as text."""
    with cursor_of(admin_url(platform, role)) as cursor:
        found = []
        for name in sorted(names):
            cursor.execute(
                sql.SQL("SELECT row_to_json(row)::text FROM {} AS row WHERE borough_id = %s").format(sql.Identifier(name)), (borough_id,)
            )
            found += [text for (text,) in cursor.fetchall()]
    return " ".join(found)
