"""What one installation is made of, fresh for each test module: databases of every service, keys, a broker."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg2

from chassis.database.store import Store
from chassis.keys import fresh_secrets
from chassis.settings import Settings
from stayplay.roster import PACKAGES, store
from tests.support.database import as_role, prepared

SECRETS = fresh_secrets()


@dataclass(frozen=True)
class Installation:
    """The settings of every service, for services that run inside the test's process.

    Attributes:
        env: what the environment would hold.
    """

    env: Mapping[str, str] = field(repr=False)

    def settings(self, service: str, **changed: str) -> Settings:
        """Return the settings of one service, with some changed."""
        return Settings.read(service, {**self.env, **changed})


class Templates:
    """Migrated databases, one a service, from which fresh ones are copied in a moment.

    Args:
        admin_url: of a server on which databases may be made.
    """

    def __init__(self, admin_url: str) -> None:
        self.admin_url = admin_url
        self._made: set[str] = set()

    def fresh(self, *services: str) -> dict[str, str]:
        """Copy the databases of these services, all by default; return their addresses by the name of the setting."""
        suffix = uuid4().hex[:8]
        urls: dict[str, str] = {}
        for service in services or PACKAGES:
            self._make(store(service))
            copy = f"stayplay_{service}_{suffix}"
            self._run(f'CREATE DATABASE "{copy}" OWNER "{service}_owner" TEMPLATE "stayplay_{service}"')
            urls |= _addresses(store(service), self.admin_url, copy)
        return urls

    def drop(self, urls: Mapping[str, str]) -> None:
        """Drop copies again, whoever is connected to them."""
        for name in {urlsplit(url).path.strip("/") for url in urls.values()}:
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _make(self, ours: Store) -> None:
        if ours.service not in self._made:
            prepared(ours, self.admin_url)
            self._made.add(ours.service)

    def _run(self, statement: str) -> None:
        connection = psycopg2.connect(self.admin_url)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()


def _addresses(ours: Store, admin_url: str, database: str) -> dict[str, str]:
    kinds = {role: role.removeprefix(f"{ours.service}_") for role in ours.roles}
    names = {role: f"{ours.service}_DATABASE_URL" if kind == "app" else f"{role}_DATABASE_URL" for role, kind in kinds.items()}
    return {name.upper(): as_role(admin_url, role, database) for role, name in names.items()}


def installation(urls: Mapping[str, str], amqp_uri: str) -> Installation:
    """Return the settings of an installation on these databases and this broker."""
    public = {"PORT": "8000", "PUBLIC_URL": "http://localhost:8000", "LOG_FORMAT": "json", "EVENT_RETRY_SECONDS": "0.1,0.2,0.4"}
    keys = {name: value for name, value in SECRETS.items() if not name.endswith("_PASSWORD")}
    return Installation({**keys, **public, **urls, "AMQP_URI": amqp_uri})
