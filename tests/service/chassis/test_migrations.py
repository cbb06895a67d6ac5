"""Migrations: run once, safe to run again and by several, and never at odds with the models."""

import threading
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from chassis.database import migrate as migration
from chassis.database.migrate import check_migrations, differences, is_current, migrate
from chassis.database.roles import prepare
from chassis.database.store import Store
from tests.support.database import Prepared, as_role, prepared
from tests.support.sample_service import STORE
from tests.support.schemas import add_migration, scratch_store

TOYS = """
op.create_table("toys", *borough_columns(), sa.Column("colour", sa.String, nullable=False))
protect(op, "toys", "SERVICE")
"""
TOY_MODEL = """
from chassis.database import Base, BoroughRow
from sqlalchemy.orm import Mapped
class Toy(BoroughRow, Base):
    __tablename__ = "toys"
    colour: Mapped[str]
"""


def current(store: Store, url: str) -> bool:
    engine = create_engine(url)
    with engine.connect() as connection:
        answer = is_current(store, connection)
    engine.dispose()
    return answer


def test_the_sample_services_migrations_match_its_models(sample: Prepared) -> None:
    assert check_migrations(STORE, sample.urls["owner"]) == []


def test_a_database_that_is_up_to_date_is_left_alone(sample: Prepared) -> None:
    assert migrate(STORE, sample.urls["owner"]) == []


@pytest.mark.parametrize("role", ["app", "operator"])
def test_the_services_roles_can_tell_that_the_database_is_current(sample: Prepared, role: str) -> None:
    assert current(STORE, sample.urls[role])


def test_a_database_behind_the_code_is_not_current_until_it_is_migrated(postgres_url: str, tmp_path: Path) -> None:
    store = scratch_store(tmp_path, 'whole_chassis(op, "SERVICE")')
    made = prepared(store, postgres_url)
    add_migration(tmp_path / store.package, 2, TOYS.replace("SERVICE", store.service))
    migration._script.cache_clear()
    assert not current(store, made.urls["app"])
    assert migrate(store, made.urls["owner"]) == ["0002"]
    assert current(store, made.urls["app"])


def test_a_database_ahead_of_the_code_is_current_while_an_older_replica_still_runs(postgres_url: str, tmp_path: Path) -> None:
    store = scratch_store(tmp_path, 'whole_chassis(op, "SERVICE")')
    made = prepared(store, postgres_url)
    with psycopg2.connect(made.urls["owner"]) as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE alembic_version SET version_num = '0099'")
    assert current(store, made.urls["app"])


def test_an_empty_database_is_not_current(postgres_url: str, tmp_path: Path) -> None:
    store = scratch_store(tmp_path, 'whole_chassis(op, "SERVICE")')
    made = prepared(store, postgres_url, migrated=False)
    assert not current(store, made.urls["app"])


def test_a_model_without_its_migration_is_found_out(postgres_url: str, tmp_path: Path) -> None:
    store = scratch_store(tmp_path, 'whole_chassis(op, "SERVICE")', models=TOY_MODEL)
    made = prepared(store, postgres_url)
    assert any("toys" in difference for difference in differences(store, made.urls["owner"]))


def test_a_migration_without_its_model_is_found_out(postgres_url: str, tmp_path: Path) -> None:
    store = scratch_store(tmp_path, 'whole_chassis(op, "SERVICE")', TOYS)
    made = prepared(store, postgres_url)
    assert any("toys" in difference for difference in differences(store, made.urls["owner"]))


def test_a_migration_that_agrees_with_its_model_is_no_fault(postgres_url: str, tmp_path: Path) -> None:
    store = scratch_store(tmp_path, 'whole_chassis(op, "SERVICE")', TOYS, models=TOY_MODEL)
    made = prepared(store, postgres_url)
    assert check_migrations(store, made.urls["owner"]) == []


def test_two_newest_migrations_are_a_fault(tmp_path: Path) -> None:
    store = scratch_store(tmp_path, "pass", "pass")
    add_migration(tmp_path / store.package, 3, "pass", parent=1)
    (fault,) = migration.check_linear(store)
    assert "more than one newest migration" in fault


def test_several_at_once_migrate_a_new_database_once(postgres_url: str, tmp_path: Path) -> None:
    store = scratch_store(tmp_path, 'whole_chassis(op, "SERVICE")', TOYS)
    applied: list[list[str]] = []
    failures: list[BaseException] = []

    def set_up() -> None:
        try:
            prepare(postgres_url, store, {})
            applied.append(migrate(store, as_role(postgres_url, store.roles[0], store.database)))
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=set_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert sorted(applied) == [[], [], [], ["0001", "0002"]]


def test_a_migration_gives_up_rather_than_hold_up_the_service(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration, "LOCK_SECONDS", 1)
    store = scratch_store(tmp_path, 'whole_chassis(op, "SERVICE")', TOYS)
    made = prepared(store, postgres_url)
    add_migration(tmp_path / store.package, 3, 'op.add_column("toys", sa.Column("size", sa.Integer))')
    migration._script.cache_clear()
    busy = psycopg2.connect(made.urls["app"])
    with busy.cursor() as cursor:
        cursor.execute("SELECT * FROM toys")  # holds a lock until its transaction ends
        with pytest.raises(OperationalError, match="lock timeout"):
            migrate(store, made.urls["owner"])
    busy.close()
    assert migrate(store, made.urls["owner"]) == ["0003"]


def test_a_migration_that_fails_leaves_those_before_it(postgres_url: str, tmp_path: Path) -> None:
    store = scratch_store(tmp_path, 'whole_chassis(op, "SERVICE")', 'op.execute("SELECT 1 / 0")')
    made = prepared(store, postgres_url, migrated=False)
    with pytest.raises(Exception, match="division by zero"):
        migrate(store, made.urls["owner"])
    engine = create_engine(made.urls["owner"])
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "0001"
    engine.dispose()
