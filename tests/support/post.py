"""The post: events of services that do not run here, signed as theirs, delivered when and as often as a test likes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select

from chassis.broker import Address, ConfirmingPublisher, Outgoing
from chassis.contract import Event
from chassis.database.tables import inbox, outbox
from chassis.events import listeners_of
from chassis.events.envelope import CONTENT_TYPE, Envelope
from chassis.events.topology import EXCHANGE, declare_exchanges
from chassis.signing import Signer
from tests.support.desk import Desk, until


@dataclass
class Post:
    """Delivers events to the services of a desk, and waits until each has handled them."""

    desk: Desk
    publisher: ConfirmingPublisher
    services: tuple[type[Any], ...]

    def deliver(self, borough_id: UUID, event: Event, *, at: datetime | None = None) -> Envelope:
        """Deliver an event that happened ``at`` a moment, now where left out, and wait until it is handled."""
        return self.again(envelope_of(borough_id, event, at))

    def again(self, envelope: Envelope) -> Envelope:
        """Deliver an event, perhaps not for the first time, and wait until every listener has handled it."""
        self.send(envelope)
        listening = [service.name for service in self.services for one in listeners_of(service) if envelope.type in one.types]
        for service in set(listening):
            until(lambda service=service: self._handled(service, envelope.id) == listening.count(service))  # type: ignore[misc]  # mypy can't infer it
        return envelope

    def send(self, envelope: Envelope) -> None:
        """Deliver an event and wait for nobody."""
        signer = Signer(self.desk.installed.env[f"{envelope.service.upper()}_SIGNING_KEY"])
        self.publisher.publish(Outgoing(envelope.sealed(signer), envelope.type, EXCHANGE, content_type=CONTENT_TYPE))

    def settle(self, borough_id: UUID) -> None:
        """Wait until the services have handled everything that they told each other about a borough."""
        for teller in self.services:
            until(lambda teller=teller: not self._underway(teller.name, borough_id))  # type: ignore[misc]  # mypy can't infer it

    def _underway(self, teller: str, borough_id: UUID) -> bool:
        with self.desk.databases[teller].operating() as connection:
            sent = connection.execute(select(outbox).where(outbox.c.borough_id == borough_id)).all()
        if any(row.sent_at is None for row in sent):
            return True
        return any(not self._has_handled(listener, row) for row in sent for listener in self._listeners(row.type))

    def _listeners(self, event_type: str) -> Iterator[Any]:
        for service in self.services:
            yield from (one for one in listeners_of(service) if event_type in one.types)

    def _has_handled(self, listener: Any, row: Any) -> bool:
        return self._handled(listener.service, row.id) > 0

    def _handled(self, service: str, event_id: UUID) -> int:
        count = select(func.count()).select_from(inbox).where(inbox.c.event_id == event_id, inbox.c.state == "handled")
        with self.desk.databases[service].operating() as connection:
            return connection.execute(count).scalar_one()


def envelope_of(borough_id: UUID, event: Event, at: datetime | None = None) -> Envelope:
    """Return an event as it goes over the wire; with ``at`` it is dated at that moment."""
    data = event.type.schema().dump(event.data)
    envelope = Envelope(uuid4(), event.type.name, event.subject, event.sequence, borough_id, at or datetime.now(UTC), uuid4().hex, data)
    return replace(envelope, acting=at is not None)


@contextmanager
def post(desk: Desk, *services: type[Any]) -> Iterator[Post]:
    """Open a post to ``services`` of a desk for the length of a ``with`` block."""
    publisher = ConfirmingPublisher(Address(desk.installed.env["AMQP_URI"]), "post", declare=declare_exchanges)
    publisher.open(5)
    try:
        yield Post(desk, publisher, services)
    finally:
        publisher.close()
