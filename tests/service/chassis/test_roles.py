"""Databases and roles, made from nothing and made again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest

from chassis.database.migrate import migrate
from chassis.database.roles import prepare
from tests.support.database import as_role
from tests.support.schemas import scratch_store


@contextmanager
def administrator(url: str) -> Iterator[Any]:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    yield connection.cursor()
    connection.close()


def roles(cursor: Any, service: str) -> dict[str, tuple[bool, ...]]:
    cursor.execute(
        "SELECT rolname, rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles "
        "WHERE rolname LIKE %s ORDER BY 1",
        (f"{service}\\_%",),
    )
    return {name: tuple(rights) for name, *rights in cursor.fetchall()}


def test_each_role_may_sign_in_and_nothing_more(postgres_url: str, tmp_path: Path) -> None:
    store = scratch_store(tmp_path, "pass")
    prepare(postgres_url, store, {})
    with administrator(postgres_url) as cursor:
        made = roles(cursor, store.service)
    assert set(made) == {f"{store.service}_{kind}" for kind in ("owner", "app", "operator")}
    assert set(made.values()) == {(True, False, False, False, False, False)}


def test_the_gateways_store_has_a_role_for_the_platforms_own_tables(postgres_url: str, tmp_path: Path) -> None:
    store = scratch_store(tmp_path, "pass", identity=True)
    prepare(postgres_url, store, {})
    with administrator(postgres_url) as cursor:
        assert f"{store.service}_identity" in roles(cursor, store.service)


def test_a_role_that_was_given_too_much_by_hand_is_put_right(postgres_url: str, tmp_path: Path) -> None:
    store = scratch_store(tmp_path, "pass")
    prepare(postgres_url, store, {})
    with administrator(postgres_url) as cursor:
        cursor.execute(f"ALTER ROLE {store.service}_app SUPERUSER BYPASSRLS NOLOGIN")
        prepare(postgres_url, store, {})
        assert roles(cursor, store.service)[f"{store.service}_app"] == (True, False, False, False, False, False)


def test_a_password_is_set_and_changed(postgres_url: str, tmp_path: Path) -> None:
    store = scratch_store(tmp_path, "pass")
    kept = []
    for password in ("first 'password'", "second"):
        prepare(postgres_url, store, {store.roles[1]: password})
        with administrator(postgres_url) as cursor:
            cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", (store.roles[1],))
            kept.append(cursor.fetchone()[0])
    assert kept[0] != kept[1]
    assert all(secret.startswith("SCRAM-SHA-256$") for secret in kept)


def test_an_administrator_who_is_no_superuser_will_do_as_managed_servers_have_them(postgres_url: str, tmp_path: Path) -> None:
    with administrator(postgres_url) as cursor:
        cursor.execute(f"CREATE ROLE manager{tmp_path.name} LOGIN CREATEDB CREATEROLE".replace("-", "_"))
    url = as_role(postgres_url, f"manager{tmp_path.name}".replace("-", "_"), "postgres")
    store = scratch_store(tmp_path, 'whole_chassis(op, "SERVICE")')
    for _ in range(2):
        prepare(url, store, {})
    assert migrate(store, as_role(postgres_url, store.roles[0], store.database)) == ["0001"]


def test_the_database_belongs_to_the_owner_and_is_closed_to_everybody_else(postgres_url: str, tmp_path: Path) -> None:
    store = scratch_store(tmp_path, "pass")
    prepare(postgres_url, store, {})
    with administrator(postgres_url) as cursor:
        cursor.execute("SELECT pg_get_userbyid(datdba), datacl::text FROM pg_database WHERE datname = %s", (store.database,))
        owner, rights = cursor.fetchone()
    assert owner == f"{store.service}_owner"
    assert "{=" not in rights
    assert ",=" not in rights


@pytest.mark.parametrize("role", ["app", "operator"])
def test_only_the_owner_may_make_tables(postgres_url: str, tmp_path: Path, role: str) -> None:
    store = scratch_store(tmp_path, "pass")
    prepare(postgres_url, store, {})
    with administrator(urlsplit(postgres_url)._replace(path=f"/{store.database}").geturl()) as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone()[0] == store.database
        cursor.execute("SELECT has_schema_privilege(%s, 'public', 'CREATE')", (f"{store.service}_{role}",))
        assert cursor.fetchone()[0] is False
