"""Events of every service that wait or could not be handled, through the operators' role of each database."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from chassis.database import Database
from chassis.database.tenants import known_boroughs
from chassis.events.envelope import Envelope
from chassis.events.repository import Inbox, Outbox, Parked

T = TypeVar("T")

IN_INBOX = ("retrying", "dead")
IN_OUTBOX = ("unsent", "unrouted")
STATES = (*IN_INBOX, *IN_OUTBOX)


class NoSuchEvent(LookupError):
    """No service holds such an event, or it has been handled."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in one place.

    Attributes:
        state: ``retrying`` or ``dead`` in a handler's inbox; ``unsent`` or ``unrouted`` in its producer's outbox.
        service: in whose database it is.
        where: the handler; ``outbox`` for one that was not sent.
        borough: its slug, or its id where the service does not know it.
        parked: what the inbox says; None for the outbox.
    """

    state: str
    service: str
    where: str
    borough: str
    envelope: Envelope
    parked: Parked | None = None

    @property
    def attempts(self) -> int:
        """How often it was tried."""
        return self.parked.attempts if self.parked else 0

    @property
    def next_attempt_at(self) -> datetime | None:
        """When it will be tried again by itself."""
        return self.parked.next_attempt_at if self.parked else None

    @property
    def failure(self) -> str:
        """The kind of the last failure, and the reference that finds it in the logs."""
        return self.parked.reference if self.parked else ""


class Desk:
    """Finds events, and has them replayed or discarded."""

    def __init__(self, databases: Mapping[str, Database]) -> None:
        self._databases = databases

    def entries(self, state: str = "", borough: str = "", at_most: int = 100) -> Iterator[Entry]:
        """Yield what is not as it should be, service by service, oldest first.

        Args:
            state: one of `STATES`; all by default.
            borough: slug of the only one to show.
            at_most: entries of each service and state.
        """
        for service, database in self._databases.items():
            for entry in self._held(service, database, state, at_most):
                if borough in {"", entry.borough}:
                    yield entry

    def of_event(self, event_id: UUID, handler: str = "") -> list[Entry]:
        """Return every place that holds the event.

        Raises:
            NoSuchEvent: none does.
        """
        found = [
            entry
            for service, database in self._databases.items()
            for entry in self._found(service, database, event_id)
            if handler in {"", entry.where}
        ]
        if not found:
            raise NoSuchEvent
        return found

    def replay(self, entry: Entry) -> bool:
        """Have an event handled, or sent, again; False when that has happened meanwhile."""
        with self._databases[entry.service].operating() as connection:
            if entry.parked is not None:
                return Inbox(connection).replay(entry.parked)
            return Outbox(connection).send_again([(entry.envelope.borough_id, entry.envelope.id)]) == 1

    def discard(self, entry: Entry) -> bool:
        """Let a handler never have an event; False when it had it meanwhile, or the event is in the outbox."""
        if entry.parked is None:
            return False
        with self._databases[entry.service].operating() as connection:
            return Inbox(connection).discard(entry.parked)

    def _held(self, service: str, database: Database, state: str, at_most: int) -> Iterator[Entry]:
        with database.operating() as connection:
            slugs = {borough.borough_id: borough.slug for borough in known_boroughs(connection)}
            inbox, outbox = Inbox(connection), Outbox(connection)
            if state in {"", *IN_INBOX}:
                yield from (_of_inbox(service, parked, slugs) for parked in inbox.parked(state, at_most=at_most))
            listed: dict[str, Callable[[int], list[Envelope]]] = {"unsent": outbox.unsent, "unrouted": outbox.unrouted}
            for name, list_them in listed.items():
                if state in {"", name}:
                    yield from (_of_outbox(name, service, envelope, slugs) for envelope in list_them(at_most))

    def _found(self, service: str, database: Database, event_id: UUID) -> Iterator[Entry]:
        with database.operating() as connection:
            slugs = {borough.borough_id: borough.slug for borough in known_boroughs(connection)}
            yield from (_of_inbox(service, parked, slugs) for parked in Inbox(connection).find(event_id))
            told = Outbox(connection).find(event_id)
            if told is not None:
                yield _of_outbox("outbox", service, told, slugs)


def _of_inbox(service: str, parked: Parked, slugs: Mapping[UUID, str]) -> Entry:
    borough = slugs.get(parked.borough_id) or str(parked.borough_id)
    return Entry(parked.state, service, parked.handler, borough, parked.envelope, parked)


def _of_outbox(state: str, service: str, envelope: Envelope, slugs: Mapping[UUID, str]) -> Entry:
    borough = slugs.get(envelope.borough_id) or str(envelope.borough_id)
    return Entry(state, service, "outbox", borough, envelope)
