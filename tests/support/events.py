"""A telling and a listening service, on databases and a broker of their own, inside the test's process."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

import eventlet
from sqlalchemy import Table, func, select

from chassis.broker import Address, ConfirmingPublisher, Outgoing
from chassis.caller import Caller
from chassis.container import Container
from chassis.database import Database, open_work
from chassis.database.store import Store
from chassis.database.tenants import Borough, keep_borough
from chassis.events import EventHub
from chassis.events.envelope import CONTENT_TYPE, Envelope
from chassis.events.topology import EXCHANGE, declare_exchanges
from chassis.settings import Settings
from chassis.signing import KeyPair, new_pair
from tests.support.database import Prepared, dropped, prepared
from tests.support.listening_service import STORE as LISTENING
from tests.support.listening_service.models import Heard
from tests.support.listening_service.repository import Work as ListeningWork
from tests.support.listening_service.service import ListeningService, TellingService
from tests.support.people import note_keeper
from tests.support.sample_service import STORE as SAMPLE
from tests.support.sample_service.contract import NOTE_ADDED
from tests.support.sample_service.models import Note
from tests.support.sample_service.repository import Work as NoteWork

T = TypeVar("T")
RETRY_SECONDS = (0.1, 0.2)


@dataclass(frozen=True, slots=True)
class FreshStore(Store):
    """A store whose database is nobody else's."""

    suffix: str = field(default_factory=lambda: uuid4().hex[:8])

    @property
    def database(self) -> str:
        """Name of the database."""
        return f"stayplay_{self.service}_{self.suffix}"


@dataclass(frozen=True)
class Services:
    """The two services: their settings, their databases and one borough that both know.

    Attributes:
        keys: key pairs by service; ``gateway`` too.
        telling: opens the telling service's database.
        listening: opens the listening service's database.
        caller: may write notes in the borough.
    """

    amqp_uri: str
    keys: dict[str, KeyPair]
    stores: dict[str, Prepared]
    telling: Database
    listening: Database
    caller: Caller = field(default_factory=note_keeper)

    def settings(self, service: str, **changed: Any) -> Settings:
        """Return the settings of one of the services."""
        urls = self.stores[service].urls
        plain = Settings(
            service,
            self.amqp_uri,
            urls["app"],
            urls["operator"],
            signing_key=self.keys[service].private,
            public_keys={name: pair.public for name, pair in self.keys.items()},
            event_retry_seconds=RETRY_SECONDS,
            stop_within_seconds=5,
        )
        return replace(plain, **changed)

    @contextmanager
    def running(self, *services: type[Any], **changed: Any) -> Iterator[list[Container]]:
        """Run services, by default both, for the length of a ``with`` block."""
        with ExitStack() as stack:
            containers = []
            for kind in services or (ListeningService, TellingService):
                containers.append(stack.enter_context(running(kind, self.settings(kind.name, **changed))))
                if kind is TellingService:
                    self.telling.on_published(hub_of(containers[-1]).wake)
            yield containers

    def tell(self, words: str, *, caller: Caller | None = None, sequence: int = 1, subject: UUID | None = None) -> UUID:
        """Write a note and tell of it; return the note's id. Wakes the relay of a service that runs in this process."""
        with open_work(NoteWork, self.telling, caller or self.caller, "sample.write") as work:
            note = work.notes.add(Note(words=words))
            work.publish(replace(note.added(), sequence=sequence, subject=subject or note.id))
        return note.id

    def know(self, borough_id: UUID, **facts: Any) -> None:
        """Let the listening service know a borough."""
        known = {"slug": f"b-{borough_id.hex[:8]}", "name": "Southwark", "programme_name": "Stay & Play", "sequence": 1, **facts}
        with open_work(ListeningWork, self.listening, Caller.service("listening", borough_id)) as work:
            keep_borough(work, Borough(borough_id, **known))

    def heard(self, caller: Caller | None = None) -> list[str]:
        """Return what the listening service wrote down in a borough, in the order of the alphabet."""
        reader = Caller.service("listening", (caller or self.caller).borough_id)
        with open_work(ListeningWork, self.listening, reader) as work:
            return sorted(row.words for row in work.heard.all(work.heard.rows().order_by(Heard.id)))

    def count(self, table: Table, service: str = "listening", **where: Any) -> int:
        """Return how many rows of an operator's table match."""
        database = self.telling if service == "sample" else self.listening
        with database.operating() as connection:
            rules = [table.c[name] == value for name, value in where.items()]
            return connection.execute(select(func.count()).select_from(table).where(*rules)).scalar_one()

    def publish(self, body: bytes, event_type: str = "sample.note.added") -> None:
        """Put any bytes where events go."""
        publisher = ConfirmingPublisher(Address(self.amqp_uri), "anybody", declare=declare_exchanges)
        publisher.open(5)
        publisher.publish(Outgoing(body, event_type, EXCHANGE, content_type=CONTENT_TYPE))
        publisher.close()

    def envelope(self, words: str = "Hello", **changed: Any) -> Envelope:
        """Return an event of a note as the telling service would send it."""
        now, borough = datetime.now(UTC), self.caller.borough_id
        return replace(Envelope(uuid4(), NOTE_ADDED.name, uuid4(), 1, borough, now, "test-correlation", {"words": words}), **changed)


@contextmanager
def services(admin_url: str, amqp_uri: str) -> Iterator[Services]:
    """Prepare the two services for the length of a ``with`` block."""
    stores = {store.service: prepared(FreshStore(store.service, store.package), admin_url) for store in (SAMPLE, LISTENING)}
    keys = {name: new_pair() for name in ("sample", "listening", "gateway")}
    both = Services(amqp_uri, keys, stores, stores["sample"].open(), stores["listening"].open())
    both.know(both.caller.borough_id)
    try:
        yield both
    finally:
        both.telling.close()
        both.listening.close()
        for store in stores.values():
            dropped(store)


@contextmanager
def running(service: type[Any], settings: Settings) -> Iterator[Container]:
    """Run a service for the length of a ``with`` block, and stop it as SIGTERM does."""
    container = Container(service, {"settings": settings, "max_workers": settings.max_workers})
    container.start()
    try:
        yield container
    finally:
        container.stop()


def hub_of(container: Container) -> EventHub:
    """Return the hub of a running service."""
    (hub,) = {extension for extension in container.extensions if isinstance(extension, EventHub)}
    return hub


def until(found: Callable[[], T], within: float = 10.0) -> T:
    """Return what ``found`` returns as soon as that is true; fail when it takes longer than ``within`` seconds."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        result = found()
        if result:
            return result
        eventlet.sleep(0.02)
    raise AssertionError("it did not happen in time")
