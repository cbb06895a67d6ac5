"""Every handler of every service, whoever adds one: an event that its service did not sign, or that was altered, is not believed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from chassis.broker import Address, ConfirmingPublisher, Outgoing
from chassis.database.tables import inbox
from chassis.events.entrypoint import handlers_of
from chassis.events.envelope import CONTENT_TYPE, Envelope
from chassis.events.topology import EXCHANGE, dead_queue, declare_exchanges
from chassis.ids import new_id
from chassis.memory.broker import broker_named
from chassis.signing import Signer, new_pair
from stayplay.roster import SERVICES, service_class
from tests.support.desk import PATIENCE, Desk, desk, until
from tests.support.installation import SECRETS, Templates

BROKER = f"inprocess://{uuid4().hex}"
HANDLERS = [handler for service in SERVICES for handler in handlers_of(service_class(service))]
HEARD = sorted({name for handler in HANDLERS for name in handler.types})


@pytest.fixture(scope="module")
def services(postgres_url: str) -> Iterator[Desk]:
    with desk(Templates(postgres_url), BROKER, *(service_class(name) for name in SERVICES)) as running:
        yield running


@pytest.fixture(scope="module")
def southwark(services: Desk) -> UUID:
    return services.know(new_id())


def envelope(name: str, borough_id: UUID) -> Envelope:
    return Envelope(uuid4(), name, new_id(), 99, borough_id, datetime.now(UTC), uuid4().hex, {"version": 99})


def owner_of(name: str) -> str:
    return name.partition(".")[0]


def forgeries(name: str, borough_id: UUID) -> dict[str, bytes]:
    """Return the same event as others would make it: none of these is signed by the service that its name begins with."""
    event, other = envelope(name, borough_id), "outreach" if owner_of(name) != "outreach" else "sessions"
    right = json.loads(event.sealed(Signer(SECRETS[f"{owner_of(name).upper()}_SIGNING_KEY"])))
    elsewhere = json.loads(envelope(name, new_id()).sealed(Signer(SECRETS[f"{owner_of(name).upper()}_SIGNING_KEY"])))
    return {
        "signed by another service": event.sealed(Signer(SECRETS[f"{other.upper()}_SIGNING_KEY"])),
        "signed by nobody's key": event.sealed(Signer(new_pair().private)),
        "not signed": altered(right, signature=""),
        "moved from another borough": altered(elsewhere, borough=str(borough_id)),
        "made newer": altered(right, sequence=100),
        "with other data": altered(right, data={"version": 100}),
        "about something else": altered(right, subject=str(new_id())),
        "with the signature of another event": altered(right, signature=elsewhere["signature"]),
    }


def altered(document: dict[str, Any], **changed: Any) -> bytes:
    return json.dumps({**document, **changed}).encode()


def publish(name: str, bodies: list[bytes]) -> None:
    publisher = ConfirmingPublisher(Address(BROKER), "forger", declare=declare_exchanges)
    publisher.open(PATIENCE)
    for body in bodies:
        publisher.publish(Outgoing(body, name, EXCHANGE, content_type=CONTENT_TYPE))
    publisher.close()


def buried(service: str) -> int:
    return len(broker_named(BROKER.partition("://")[2]).queues[dead_queue(service)].waiting)


def handled(services: Desk, service: str) -> int:
    with services.databases[service].operating() as connection:
        return int(connection.execute(select(func.count()).select_from(inbox)).scalar_one())


def test_every_service_hears_of_something() -> None:
    assert {handler.service for handler in HANDLERS} == set(SERVICES)
    assert len(HEARD) >= 15


@pytest.mark.parametrize("name", HEARD)
def test_a_forged_event_is_buried_by_every_service_that_hears_of_it_and_handled_by_none(services: Desk, southwark: UUID, name: str) -> None:
    listening = [handler.service for handler in HANDLERS if name in handler.types]
    before = {service: (buried(service), handled(services, service)) for service in set(listening)}
    forged = forgeries(name, southwark)
    publish(name, list(forged.values()))
    for service, (graves, rows) in before.items():
        expected = graves + len(forged) * listening.count(service)
        until(lambda service=service, expected=expected: buried(service) >= expected)  # type: ignore[misc]  # a lambda has no words for its types
        assert buried(service) == expected
        assert handled(services, service) == rows
