"""The whole platform, with eyes on every table of every database."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import psycopg2
from psycopg2 import extensions

from chassis.auditing.proving import Chain
from chassis.auditing.trail import seal_chains
from chassis.container import Container
from chassis.settings import AuditSettings
from chassis.signing import Signer, Verifier, public_of
from stayplay.audit.source import Source
from tests.support.desk import until
from tests.support.installation import Templates
from tests.support.planted import Planted, places_of
from tests.support.whole import Whole, whole_platform

PATIENCE_SECONDS = 30


@dataclass
class Looked:
    """The platform, and where its databases are.

    Attributes:
        whole: the platform.
        admin_url: of a superuser, whom nothing is hidden from.
        databases: the name of each service's database.
    """

    whole: Whole
    admin_url: str
    databases: dict[str, str]

    def family(self, mark: str) -> Planted:
        """Return a family that has lived through everything, with its word in every field."""
        family = Planted(self.whole, mark)
        family.live()
        return family

    def places_of(self, word: str) -> list[str]:
        """Return every column in which a word stands."""
        return places_of(word, self.admin_url, self.databases)

    def until_nothing_is_left(self, word: str) -> None:
        """Wait until a word stands nowhere: what was on its way while the others erased is erased at the end."""
        end = time.monotonic() + PATIENCE_SECONDS
        left = self.places_of(word)
        while left and time.monotonic() < end:
            time.sleep(0.3)
            left = self.places_of(word)
        assert not left, f"left: {left}"

    def stop(self, service: str) -> None:
        """Let a service be away."""
        self.whole.containers[service].stop()

    def start(self, service: str) -> None:
        """Let it come back: another process of it, on the same databases."""
        before = self.whole.containers[service]
        container = Container(before.service_cls, before.config)
        container.start()
        self.whole.containers[service] = container

    def tell_late(self, service: str, borough_id: str, kind: str, family_id: str, data: dict[str, Any], *heard_by: str) -> None:
        """Have a service send an event that it put into its outbox long ago; return when it is handled, and take it out again."""
        event_id = uuid4()
        values = (borough_id, str(event_id), kind, family_id, 10_000, datetime.now(UTC), "late", json.dumps(data))
        with self._cursor(service) as cursor:
            cursor.execute(_PUT, values)
        self._until_handled(service, str(event_id), *heard_by)
        with self._cursor(service) as cursor:
            cursor.execute("DELETE FROM outbox WHERE id = %s", (str(event_id),))

    def put_out(self, service: str, borough_id: str, kind: str, family_id: str, data: dict[str, Any]) -> str:
        """Let an event lie in a service's outbox that its relay has not in hand; return its id."""
        event_id = str(uuid4())
        with self._cursor(service) as cursor:
            cursor.execute(_PUT, (borough_id, event_id, kind, family_id, 10_000, datetime.now(UTC), "waits", json.dumps(data)))
            cursor.execute("UPDATE outbox SET sent_at = now() WHERE id = %s", (event_id,))
        return event_id

    def send_out(self, service: str, event_id: str, *heard_by: str) -> None:
        """Have the relay send it; return when it is handled."""
        with self._cursor(service) as cursor:
            cursor.execute("UPDATE outbox SET sent_at = NULL WHERE id = %s", (event_id,))
        self._until_handled(service, event_id, *heard_by)

    def tell_again(self, service: str, kind: str) -> None:
        """Have a service send the last event of a kind once more, as after a crash."""
        with self._cursor(service) as cursor:
            cursor.execute("UPDATE outbox SET sent_at = NULL WHERE type = %s RETURNING id", (kind,))
            (event_id,) = cursor.fetchone() or ("",)
        self._until_handled(service, event_id, *self.databases)

    def tell_as_another(self, service: str, kind: str) -> None:
        """Have a service send the last event of a kind as another one, under an id of its own; return when every service has handled it."""
        event_id = str(uuid4())
        with self._cursor(service) as cursor:
            cursor.execute(_SAME, (event_id, kind))
        self._until_handled(service, event_id, *self.databases)

    def faults_of_trail(self, service: str, borough_id: str) -> list[str]:
        """Prove a borough's audit trail in one service, as `stayplay audit verify` does."""
        settings = self.whole.containers[service].config["settings"]
        key = public_of(settings.signing_key)
        source = Source(AuditSettings(service, settings.database_url, settings.operator_database_url, key))
        seal_chains(settings.database(), service, Signer(settings.signing_key))
        with source.trail(UUID(borough_id)) as (seals, entries):
            return list(Chain(service, seals, [Verifier(key)]).prove(entries).faults)

    @contextmanager
    def table(self, service: str, name: str, columns: str) -> Iterator[Callable[[str, object], None]]:
        """Let there be one more table in a service's database for the length of a ``with`` block; yield what puts a value into it."""
        with self._cursor(service) as cursor:
            cursor.execute(f"CREATE TABLE {name} ({columns})")

        def put(column: str, value: object) -> None:
            with self._cursor(service) as cursor:
                cursor.execute(f"INSERT INTO {name} ({column}) VALUES (%s)", (value,))

        yield put
        with self._cursor(service) as cursor:
            cursor.execute(f"DROP TABLE {name}")

    def _until_handled(self, service: str, event_id: str, *heard_by: str) -> None:
        """Wait until a relay has sent an event and every handler has had it."""

        def sent() -> bool:
            with self._cursor(service) as cursor:
                cursor.execute("SELECT sent_at IS NOT NULL FROM outbox WHERE id = %s", (event_id,))
                return bool((cursor.fetchone() or (True,))[0])

        def had() -> bool:
            return sent() and all(self._has(name, event_id) for name in heard_by)

        assert until(had)

    def _has(self, service: str, event_id: str) -> bool:
        with self._cursor(service) as cursor:
            cursor.execute("SELECT count(*) FROM inbox WHERE event_id = %s AND state = 'handled'", (event_id,))
            return bool((cursor.fetchone() or (0,))[0])

    @contextmanager
    def _cursor(self, service: str) -> Iterator[extensions.cursor]:
        connection = psycopg2.connect(extensions.make_dsn(self.admin_url, dbname=self.databases[service]))
        with connection, connection.cursor() as cursor:
            yield cursor
        connection.close()


_PUT = """
    INSERT INTO outbox (borough_id, id, type, subject, sequence, time, correlation_id, data) VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb)
"""


_SAME = """
    INSERT INTO outbox (borough_id, id, type, subject, sequence, time, correlation_id, data)
    SELECT borough_id, %s, type, subject, sequence, time, correlation_id, data FROM outbox WHERE type = %s ORDER BY time DESC LIMIT 1
"""


@contextmanager
def looked_into(postgres_url: str) -> Iterator[Looked]:
    """Run the platform for the length of a ``with`` block."""
    with whole_platform(Templates(postgres_url), f"inprocess://{uuid4().hex}") as whole:
        urls = {name: container.config["settings"].database_url for name, container in whole.containers.items()}
        databases = {name: urlsplit(url).path.strip("/") for name, url in urls.items()}
        yield Looked(whole, postgres_url, databases)
