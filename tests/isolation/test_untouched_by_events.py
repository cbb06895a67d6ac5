"""Events of our borough, signed by the services that tell of them, and naming things of the other borough: nothing there changes.

Made from what each service has told of our borough, and from the contracts, so a new kind of event joins by itself. pytest runs
this module after `test_untouched.py`, by its name: what is heard changes our own borough.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.broker import Address, ConfirmingPublisher, Outgoing
from chassis.contract import EventType
from chassis.events.entrypoint import handlers_of
from chassis.events.envelope import CONTENT_TYPE, Envelope
from chassis.events.topology import EXCHANGE, declare_exchanges
from chassis.signing import Signer
from stayplay.roster import PACKAGES, service_class
from tests.support.desk import PATIENCE, until
from tests.support.installation import SECRETS
from tests.support.isolation.answers import Answer
from tests.support.isolation.calls import read
from tests.support.isolation.requests import Made
from tests.support.isolation.rows import UUID as IDENTIFIER
from tests.support.isolation.side_by_side import SideBySide
from tests.support.isolation.telling import tell

pytestmark = pytest.mark.timeout(300)
HANDLERS = [handler for service in PACKAGES for handler in handlers_of(service_class(service))]
TYPES = {name: kind for handler in HANDLERS for name, kind in handler.types.items()}
HEARD = sorted(TYPES)

NEVER_SENT = {
    "gateway.borough.erased": "it would erase our own borough: tests/journeys/test_leaving.py",
    "gateway.borough.suspended": "it would suspend our own borough: tests/service/test_suspension.py",
}
"""Kinds of events that are not tried here, each with the reason."""

STANDS_FOR = {"gateway.borough.changed": "gateway.borough.onboarded"}
"""Kinds that say the same as another, which was told."""


def examples(boroughs: SideBySide) -> dict[str, Envelope]:
    """Return an event of each kind that some handler hears of: the latest that was told of our borough, else one made from its contract."""
    rows = [json.loads(row) for table, rows in boroughs.ours.rows.items() if table.endswith(".public.outbox") for row in rows]
    told = {row["type"]: envelope(row) for row in sorted(rows, key=lambda row: str(row["created_at"]))}
    alike = {name: replace(told[other], type=name) for name, other in STANDS_FOR.items()}
    found = {**alike, **told}
    return {name: found.get(name) or made(boroughs, TYPES[name]) for name in HEARD if name not in NEVER_SENT}


def made(boroughs: SideBySide, kind: EventType) -> Envelope:
    """Return an event of our borough about things of ours, made from the schema of its kind."""
    components, (schema,) = read([kind.schema])
    maker = Made(components, boroughs.ours, boroughs.databases, boroughs.here.borough.slug)
    subject = maker.value(f"{kind.name.split('.')[1]}_id", {"format": "uuid"})
    data = json.loads(json.dumps(maker.value("", schema)))
    return Envelope(uuid4(), kind.name, UUID(subject), 1, UUID(boroughs.here.borough.id), datetime.now(UTC), uuid4().hex, data)


def envelope(row: dict[str, Any]) -> Envelope:
    given = {name: row[name] for name in ("type", "sequence", "correlation_id", "data", "acting")}
    return Envelope(
        id=UUID(row["id"]),
        subject=UUID(row["subject"]),
        borough_id=UUID(row["borough_id"]),
        time=datetime.fromisoformat(row["time"]),
        **given,
    )


def foreign(boroughs: SideBySide, own: str) -> str:
    """Return the other borough's identifier of the kind that ``own`` is one of."""
    columns = [column for column, ids in boroughs.ours.by_column.items() if own in ids]
    same = sorted({one for column in columns for one in boroughs.theirs.by_column.get(column, ())} - boroughs.known)
    return same[0] if same else min(boroughs.theirs.ids - boroughs.known)


def forgeries(boroughs: SideBySide, event: Envelope) -> Iterator[Envelope]:
    """Yield the event with each of its identifiers in turn replaced by one of the other borough, the borough's own id too."""
    text = json.dumps([str(event.subject), event.data])
    for own in dict.fromkeys(IDENTIFIER.findall(text)):
        sent = boroughs.there.borough.id if own == boroughs.here.borough.id else foreign(boroughs, own)
        boroughs.sent.add(sent)
        subject, data = json.loads(text.replace(own, sent))
        yield replace(event, id=uuid4(), subject=UUID(subject), data=data, sequence=event.sequence + 1)


def publish(boroughs: SideBySide, events: list[Envelope]) -> None:
    publisher = ConfirmingPublisher(
        Address(boroughs.whole.containers["gateway"].config["AMQP_URI"]), "isolation", declare=declare_exchanges
    )
    publisher.open(PATIENCE)
    for event in events:
        body = event.sealed(Signer(SECRETS[f"{event.service.upper()}_SIGNING_KEY"]))
        publisher.publish(Outgoing(body, event.type, EXCHANGE, content_type=CONTENT_TYPE))
    publisher.close()


def tried(boroughs: SideBySide, events: list[Envelope]) -> bool:
    """Tell whether every handler that hears of them has tried each."""
    for handler in HANDLERS:
        heard = [str(event.id) for event in events if event.type in handler.types]
        counted = "SELECT count(*) FROM inbox WHERE handler = %s AND event_id = ANY(%s::uuid[])"
        if boroughs.databases.one(handler.service, counted, handler.name, heard) < len(heard):
            return False
    return True


def give_up(boroughs: SideBySide, events: list[Envelope]) -> None:
    """Have no event tried again whose handler found nothing that it is about."""
    given_up = "UPDATE inbox SET state = 'handled', envelope = NULL WHERE event_id = ANY(%s::uuid[]) RETURNING 1"
    for service in PACKAGES:
        boroughs.databases.one(service, given_up, [str(event.id) for event in events])


def test_an_event_of_ours_about_a_thing_of_the_other_borough_changes_nothing_there(boroughs: SideBySide) -> None:
    kinds = examples(boroughs)
    events = [forged for event in kinds.values() for forged in forgeries(boroughs, event)]
    lines = len(boroughs.lines)
    publish(boroughs, events)
    until(lambda: tried(boroughs, events), within=60)
    give_up(boroughs, events)
    assert boroughs.changed_there() == []
    said = [line for line in map(str, boroughs.lines[lines:]) if Answer(0, (), line).leaks(boroughs.there.marks, boroughs.secret)]
    assert said == []
    tell(f"{len(kinds)} kinds of events, {len(events)} events with identifiers")
    assert {event.type for event in events} == set(HEARD) - set(NEVER_SENT)
