"""How the chassis's tables evolve: what an installation has keeps its rows, and the audit trail of old is chained."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import psycopg2
import pytest

from chassis.database import migrate as migration
from chassis.database.evolving import STEPS
from chassis.database.migrate import check_migrations, migrate
from stayplay.roster import PACKAGES, store
from tests.support.database import Prepared, prepared
from tests.support.schemas import add_migration, scratch_store

_ENTRY = """
    INSERT INTO audit (borough_id, id, at, recorded_at, person_id, person_name, agency, operation, kind, family_id, facts, correlation_id)
    VALUES (%s, %s, '2026-03-02T10:00Z', %s, %s, 'Zoë "Z" O''Brien', 'CAMHS', 'sample.read', 'read', NULL, '{"b": 1, "a": "é"}', 'corr')
"""


@pytest.fixture
def landed(postgres_url: str, tmp_path: Path) -> Iterator[Prepared]:
    """An installation as it was before the audit trail had a chain."""
    old = scratch_store(tmp_path, 'create_chassis_tables(op, "SERVICE")')
    yield prepared(old, postgres_url)
    migration._script.cache_clear()


def recorded(made: Prepared, borough: UUID, *minutes: int) -> None:
    with psycopg2.connect(made.urls["app"]) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.borough_id', %s, true)", (str(borough),))
        for minute in minutes:
            cursor.execute(_ENTRY, (str(borough), str(uuid4()), f"2026-03-02T10:{minute:02}Z", str(uuid4())))


def brought_up_to_date(made: Prepared, tmp_path: Path) -> None:
    service = made.store.service
    add_migration(tmp_path / made.store.package, 2, f'for step in STEPS:\n    step(op, "{service}")')
    migration._script.cache_clear()
    migrate(made.store, made.urls["owner"])


def chain(made: Prepared, borough: UUID) -> list[tuple[int, int]]:
    """Return number and minute of each entry, in the order of the chain, once the hashes were found to hold."""
    with psycopg2.connect(made.urls["app"]) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.borough_id', %s, true)", (str(borough),))
        cursor.execute(
            "SELECT number, extract(minute FROM recorded_at)::int, hash, "
            "audit_hash(coalesce(lag(hash) OVER (ORDER BY number), ''), audit) FROM audit ORDER BY number"
        )
        entries = cursor.fetchall()
    assert all(bytes(entry[2]) == bytes(entry[3]) for entry in entries)
    return [entry[:2] for entry in entries]


def test_entries_of_before_are_chained_by_borough_in_the_order_they_were_written_in(landed: Prepared, tmp_path: Path) -> None:
    southwark, lambeth = uuid4(), uuid4()
    recorded(landed, southwark, 3, 1, 2)
    recorded(landed, lambeth, 9)
    brought_up_to_date(landed, tmp_path)
    assert chain(landed, southwark) == [(1, 1), (2, 2), (3, 3)]
    assert chain(landed, lambeth) == [(1, 9)]


def test_a_replica_that_knows_no_chain_yet_goes_on_adding_to_it(landed: Prepared, tmp_path: Path) -> None:
    southwark = uuid4()
    recorded(landed, southwark, 1)
    brought_up_to_date(landed, tmp_path)
    recorded(landed, southwark, 2, 3)
    assert chain(landed, southwark) == [(1, 1), (2, 2), (3, 3)]


def test_first_tables_and_steps_come_to_what_the_code_expects(landed: Prepared, tmp_path: Path) -> None:
    brought_up_to_date(landed, tmp_path)
    assert check_migrations(landed.store, landed.urls["owner"]) == []


@pytest.mark.parametrize("service", PACKAGES)
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_every_service_takes_every_step_once(service: str, step: object) -> None:
    name = getattr(step, "__name__", "")
    calls = [path.name for path in (store(service).migrations / "versions").glob("*.py") if f'{name}(op, "{service}")' in path.read_text()]
    assert len(calls) == 1
