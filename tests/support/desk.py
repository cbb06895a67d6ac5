"""Services at work inside the test's process, and somebody at a desk who asks them things."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

import eventlet
from sqlalchemy import Table, func, select, update

from chassis.broker import Address, ConfirmingPublisher, Outgoing
from chassis.caller import Caller, TokenSigner
from chassis.container import Container
from chassis.contract import Event, Operation
from chassis.database import Database, UnitOfWork, open_work
from chassis.database.tables import inbox, outbox
from chassis.database.tenants import Borough, keep_borough, this_borough
from chassis.events.envelope import CONTENT_TYPE, Envelope
from chassis.events.topology import EXCHANGE, declare_exchanges
from chassis.rpc import RpcClient
from chassis.signing import Signer
from tests.support.installation import Installation, Templates, installation

T = TypeVar("T")
PATIENCE = 10.0


@dataclass
class Desk:
    """Running services and a client of them.

    Attributes:
        databases: of each service, by name, opened apart from the service's own.
        boroughs: those that the services know, with the policy of each.
    """

    installed: Installation
    client: RpcClient
    databases: dict[str, Database] = field(default_factory=dict)

    def ask(self, operation: Operation, caller: Caller, *, key: str | None = None, **values: Any) -> dict[str, Any]:
        """Call an operation as ``caller``, with a new idempotency key where it needs one and none is given."""
        signer = TokenSigner(self.installed.env["GATEWAY_SIGNING_KEY"])
        token = signer.sign(replace(caller, expires_at=datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=5)))
        needed = key or (uuid4().hex if operation.changes else None)
        return self.client.call(operation, token, idempotency_key=needed, **values)

    def know(self, borough_id: UUID, **policy: Any) -> UUID:
        """Let every service know a borough."""
        for service in self.databases:
            with self.work(service, borough_id) as work:
                named = (f"b-{borough_id.hex[-8:]}", "Southwark", "Stay & Play")
                keep_borough(work, Borough(borough_id, *named, practice=True, policy=policy, sequence=1))
        return borough_id

    def policy(self, service: str, borough_id: UUID) -> Mapping[str, Any]:
        """Return the policy of a borough as a service knows it."""
        with self.work(service, borough_id) as work:
            return this_borough(work).policy

    @contextmanager
    def work(self, service: str, borough_id: UUID) -> Iterator[UnitOfWork]:
        """Open a unit of work as the service itself."""
        with open_work(UnitOfWork, self.databases[service], Caller.service(service, borough_id)) as work:
            yield work

    def tell(self, service: str, borough_id: UUID, *events: Event) -> None:
        """Publish events as ``service``; its relay finds them within a second."""
        with self.work(service, borough_id) as work:
            work.publish(*events)

    def tell_as_gateway(self, borough_id: UUID, event: Event) -> None:
        """Publish an event of the gateway, signed with its key, though it does not run here."""
        data = event.type.schema().dump(event.data)
        envelope = Envelope(uuid4(), event.type.name, event.subject, event.sequence, borough_id, datetime.now(UTC), uuid4().hex, data)
        body = envelope.sealed(Signer(self.installed.env["GATEWAY_SIGNING_KEY"]))
        publisher = ConfirmingPublisher(Address(self.installed.env["AMQP_URI"]), "gateway", declare=declare_exchanges)
        publisher.open(PATIENCE)
        publisher.publish(Outgoing(body, event.type.name, EXCHANGE, content_type=CONTENT_TYPE))
        publisher.close()

    def told(self, service: str, borough_id: UUID) -> list[dict[str, Any]]:
        """Return what a service has published of a borough, in the order of its time."""
        with self.databases[service].operating() as connection:
            mine = select(outbox).where(outbox.c.borough_id == borough_id).order_by(outbox.c.created_at, outbox.c.id)
            return [dict(row) for row in connection.execute(mine).mappings()]

    def send_again(self, service: str, event_id: UUID) -> None:
        """Have the relay send an event that it has sent."""
        with self.databases[service].operating() as connection:
            connection.execute(update(outbox).where(outbox.c.id == event_id).values(sent_at=None))

    def all_handled(self, service: str, by: str, borough_id: UUID) -> bool:
        """Tell whether ``by`` has handled every event of ``service`` that it listens to, and none is left to send."""
        with self.databases[service].operating() as connection:
            unsent = connection.execute(_count(outbox).where(outbox.c.borough_id == borough_id, outbox.c.sent_at.is_(None))).scalar_one()
        with self.databases[by].operating() as connection:
            waiting = connection.execute(_count(inbox).where(inbox.c.borough_id == borough_id, inbox.c.state != "handled")).scalar_one()
        return not unsent and not waiting


def _count(table: Table) -> Any:
    return select(func.count()).select_from(table)


@contextmanager
def desk(templates: Templates, broker: str, *services: type[Any]) -> Iterator[Desk]:
    """Run services on fresh databases for the length of a ``with`` block."""
    urls = templates.fresh(*(service.name for service in services))
    installed = installation(urls, broker)
    client = RpcClient(Address(broker), timeout=PATIENCE)
    with ExitStack() as stack:
        stack.callback(templates.drop, urls)
        made = Desk(installed, client)
        for service in services:
            settings = installed.settings(service.name, STOP_WITHIN_SECONDS="5")
            made.databases[service.name] = settings.database()
            stack.callback(made.databases[service.name].close)
            container = Container(service, {"settings": settings, "max_workers": settings.max_workers, "AMQP_URI": broker})
            container.start()
            stack.callback(container.stop)
        client.open(PATIENCE)
        stack.callback(client.close)
        yield made


def until(found: Callable[[], T], within: float = PATIENCE) -> T:
    """Return what ``found`` returns as soon as that is true; fail when it takes longer than ``within`` seconds."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        result = found()
        if result:
            return result
        eventlet.sleep(0.02)
    raise AssertionError("it did not happen in time")
