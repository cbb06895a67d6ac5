"""What is no event of ours is refused: it goes to the dead-letter queue, and nothing of it into the log."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from kombu.connection import Connection

from chassis.broker import Address, Link
from chassis.database.tables import inbox
from chassis.events.topology import Listener, dead_queue, declare
from chassis.signing import Signer, new_pair
from tests.support.events import Services, until
from tests.support.listening_service.service import ListeningService

SECRET = "Finn Doyle, 07700 900123"


def signed_by(both: Services, service: str, **changed: Any) -> bytes:
    return both.envelope(SECRET, **changed).sealed(Signer(both.keys[service].private))


def altered(both: Services, **changed: Any) -> bytes:
    return json.dumps({**json.loads(signed_by(both, "sample")), **changed}).encode()


REFUSED: dict[str, Callable[[Services], bytes]] = {
    "not JSON": lambda _both: f"{SECRET} {{".encode(),
    "not UTF-8": lambda _both: b'{"id": "\xff"}',
    "not an object": lambda _both: json.dumps([SECRET]).encode(),
    "empty": lambda _both: b"",
    "endlessly nested": lambda _both: b"[" * 100_000,
    "a number without end": lambda both: altered(both, data={}).replace(b"{}", b'{"words": 1e999}'),
    "data nested too deeply": lambda both: altered(both, data={}).replace(b"{}", b'{"words": ' + b"[" * 900 + b"]" * 900 + b"}"),
    "a time before time": lambda both: altered(both, time="0001-01-01T00:00:00+14:00"),
    "not a number": lambda _both: b'{"specversion": NaN}',
    "too large": lambda both: signed_by(both, "sample", data={"words": "x" * 1_100_000}),
    "an attribute missing": lambda _both: json.dumps({"specversion": "1.0", "id": str(uuid4()), "data": {"words": SECRET}}).encode(),
    "an unknown attribute": lambda both: altered(both, tenant="southwark"),
    "another version of CloudEvents": lambda both: altered(both, specversion="0.3"),
    "another source": lambda both: altered(both, source="/stayplay/gateway"),
    "no signature": lambda both: altered(both, signature=""),
    "a signature that is none": lambda both: altered(both, signature="not base64 at all"),
    "another borough than was signed": lambda both: altered(both, borough=str(uuid4())),
    "other data than were signed": lambda both: altered(both, data={"words": "Forged"}),
    "another sequence than was signed": lambda both: altered(both, sequence=99),
    "acting, which was not signed": lambda both: altered(both, acting=True),
    "signed by another service": lambda both: signed_by(both, "listening"),
    "signed by nobody's key": lambda both: both.envelope(SECRET).sealed(Signer(new_pair().private)),
    "of a service that has no key": lambda both: signed_by(both, "sample", type="stranger.note.added"),
    "of a type that the handler did not ask for": lambda both: signed_by(both, "sample", type="sample.note.removed"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_message_is_refused_that_is(both: Services, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    with both.running(ListeningService):
        before = len(dead(both))
        both.publish(REFUSED[name](both))
        until(lambda: len(dead(both)) == before + 2)
        both.publish(signed_by(both, "sample"))
        until(both.heard)
    assert both.heard() == [SECRET]
    assert both.count(inbox) == 2
    told = capfd.readouterr()
    assert "event.refused" in told.out + told.err
    assert "Finn" not in told.out + told.err


def test_a_forged_event_leaves_no_trace_in_the_borough_it_names(both: Services) -> None:
    with both.running(ListeningService):
        before = len(dead(both))
        both.publish(signed_by(both, "listening"))
        until(lambda: len(dead(both)) == before + 2)
    assert both.heard() == []
    assert both.count(inbox) == 0


def test_headers_set_by_anybody_mean_nothing(both: Services) -> None:
    with both.running(ListeningService):
        link = Link(Address(both.amqp_uri), "forger")
        link.open(5)
        lambeth = str(uuid4())
        body = signed_by(both, "sample")

        def write(channel: Any) -> None:
            message = channel.prepare_message(
                body, content_type="application/cloudevents+json", headers={"borough": lambeth, "nameko.borough": lambeth}
            )
            channel.basic_publish(message, exchange="stayplay.events", routing_key="sample.note.added")

        link.write(write)
        until(both.heard)
        link.close()
    assert both.heard() == [SECRET]


def test_the_dead_letter_queue_keeps_the_body_as_it_came(both: Services) -> None:
    body = altered(both, signature="")
    with both.running(ListeningService):
        before = len(dead(both))
        both.publish(body)
        until(lambda: len(dead(both)) == before + 2)
    assert dead(both)[-1] == body


def test_queues_are_declared_before_anything_is_told(both: Services) -> None:
    listener = Listener("latecomer", "listen", ("sample.note.added",))
    link = Link(Address(both.amqp_uri), "migration", prepare=lambda channel: declare(_topology(channel), [listener]))
    link.open(5)
    with both.running():
        both.tell("Before the latecomer's first start")
        until(both.heard)
    messages: list[Any] = []

    def get(channel: Any) -> None:
        channel.basic_consume(listener.queue, callback=messages.append, no_ack=True)

    reader = Link(Address(both.amqp_uri), "latecomer", prepare=get)
    reader.open(5)
    until(lambda: messages)
    reader.close()
    link.close()


def _topology(channel: Any) -> Any:
    from chassis.broker import Topology

    return Topology(channel)


def dead(both: Services) -> list[bytes]:
    """Return what is in the dead-letter queue of the listening service, leaving it there."""
    if both.amqp_uri.startswith("inprocess"):
        from chassis.memory.broker import broker_named

        queue = broker_named(both.amqp_uri.partition("://")[2]).queues[dead_queue("listening")]
        return [kept.body for kept in queue.waiting]
    with Connection(both.amqp_uri) as connection:  # type: ignore[no-untyped-call]  # kombu is half typed
        channel = connection.channel()
        found = []
        while (message := channel.basic_get(dead_queue("listening"))) is not None:
            found.append(message.body if isinstance(message.body, bytes) else message.body.encode())
        return found
