"""What is not a call: it goes to the dead-letter queue, and the service goes on."""

import time
from io import StringIO
from struct import pack
from typing import Any
from uuid import uuid4

import pytest
from amqp.basic_message import Message

from chassis.broker import Address, Delivery, Link, Outgoing
from chassis.broker.message import to_wire
from chassis.rpc import DEAD_QUEUE, queue_of
from tests.service.messaging.conftest import Echo, hosted, until
from tests.support.echo import ECHO, SECRET, WHO, token

QUEUE = queue_of("echo")


class Stranger:
    """Somebody with a connection to the broker, who sends what they like and reads the dead-letter queue."""

    def __init__(self, uri: str) -> None:
        self.replies: list[Any] = []
        self.link = Link(Address(uri), "stranger", prepare=self._prepare)
        self.link.open(10)
        self.buried: list[Any] = []
        self.undertaker = Link(Address(uri), "undertaker", prepare=self._dig)
        self.undertaker.open(10)

    def _prepare(self, channel: Any) -> None:
        channel.basic_consume("amq.rabbitmq.reply-to", no_ack=True, callback=self.replies.append)

    def _dig(self, channel: Any) -> None:
        channel.queue_purge(DEAD_QUEUE)
        channel.basic_consume(DEAD_QUEUE, no_ack=True, callback=self.buried.append)

    def send(self, body: bytes, **properties: Any) -> None:
        headers = properties.pop("headers", {})
        message = Outgoing(body, QUEUE, headers=headers, persistent=False)
        self.link.write(lambda channel: channel.basic_publish(to_wire(channel, message, **properties), routing_key=QUEUE))

    def close(self) -> None:
        self.link.close()
        self.undertaker.close()


@pytest.fixture
def stranger(broker: str, echo: Echo) -> Any:
    someone = Stranger(broker)
    yield someone
    someone.close()


REPLY = {"reply_to": "amq.rabbitmq.reply-to", "correlation_id": "1"}


@pytest.mark.parametrize(
    ("body", "properties"),
    [
        pytest.param(b"{}", {"type": "echo"}, id="no reply_to"),
        pytest.param(SECRET.encode() + b"{", {"type": "echo", **REPLY}, id="not JSON"),
        pytest.param(b"\xff\xfe{}", {"type": "echo", **REPLY}, id="not UTF-8"),
        pytest.param(b"[1]", {"type": "echo", **REPLY}, id="not an object"),
        pytest.param(b'{"number": NaN}', {"type": "echo", **REPLY}, id="not a number"),
        pytest.param(b"[" * 100_000, {"type": "echo", **REPLY}, id="too deep"),
        pytest.param(b"", {"type": "echo", **REPLY}, id="empty"),
    ],
)
def test_what_is_not_a_call_is_buried_and_the_service_goes_on(
    echo: Echo, stranger: Stranger, body: bytes, properties: dict[str, Any]
) -> None:
    stranger.send(body, **properties)
    until(lambda: len(stranger.buried) == 1)
    assert Delivery(stranger.buried[0], None).body == body
    assert echo.client.call(ECHO, token(), text="still here")["text"] == "still here"


def test_it_is_buried_without_the_callers_token(stranger: Stranger) -> None:
    stranger.send(b"not json", headers={"token": token()}, **REPLY)
    until(lambda: stranger.buried)
    assert "token" not in stranger.buried[0].properties["application_headers"]


def test_no_body_is_logged(stranger: Stranger, lines: StringIO) -> None:
    stranger.send(SECRET.encode(), **REPLY)
    until(lambda: stranger.buried)
    assert "rpc.refused" in lines.getvalue()
    assert SECRET not in lines.getvalue()


def test_bare_headers_do_not_become_context(stranger: Stranger) -> None:
    forged = {
        "tenant": "FORGED",
        "borough_id": str(uuid4()),
        "nameko.borough": "FORGED",
        "at": "2020-01-01T00:00:00Z",
        "permissions": "all",
    }
    genuine = uuid4()
    stranger.send(b"{}", type="who", headers={**forged, "token": token(borough_id=genuine)}, **REPLY)
    until(lambda: stranger.replies)
    assert str(genuine).encode() in bytes(stranger.replies[0].body)


def test_headers_without_a_token_open_nothing(echo: Echo, stranger: Stranger) -> None:
    stranger.send(b"{}", type="who", headers={"borough_id": str(uuid4()), "permissions": "echo.use"}, **REPLY)
    until(lambda: stranger.replies)
    assert b"not_signed_in" in bytes(stranger.replies[0].body)
    assert echo.ledger.started == []


@pytest.mark.parametrize(
    "headers",
    [
        {"deadline": "soon"},
        {"token": 7},
        {"deadline": True, "correlation": "x\ny: forged"},
        {"key": "k" * 5000},
    ],
)
def test_headers_of_the_wrong_kind_do_no_harm(echo: Echo, stranger: Stranger, headers: dict[str, Any]) -> None:
    stranger.send(b"{}", type="who", headers={"token": token(), **headers}, **REPLY)
    until(lambda: stranger.replies)
    assert echo.client.call(WHO, token())


def test_a_call_that_was_late_before_it_arrived_is_dropped(echo: Echo, stranger: Stranger) -> None:
    past = int(time.time() * 1000) - 5000
    stranger.send(b"{}", type="who", headers={"token": token(), "deadline": past}, **REPLY)
    assert echo.client.call(WHO, token())
    assert echo.ledger.started == ["echo.who"]
    assert stranger.replies == []


def test_a_reply_address_that_nobody_listens_at_does_no_harm(echo: Echo, stranger: Stranger) -> None:
    stranger.send(b"{}", type="who", reply_to="nobody.listens.here", correlation_id="1", headers={"token": token()})
    assert echo.client.call(WHO, token())


class Crooked(Message):
    """A message with a header that no client can read: a moment beyond all time."""

    def _serialize_properties(self) -> bytes:
        return pack(">HI", 0x2000, 11) + b"\x01kT" + b"\xff" * 8


def test_a_header_that_cant_be_read_does_not_keep_a_service_from_working(amqp_uri: str) -> None:
    container, _, _ = hosted(amqp_uri)
    sender = Stranger(amqp_uri)
    sender.link.write(lambda channel: channel.basic_publish(Crooked(b"{}"), routing_key=QUEUE))
    until(lambda: len(sender.buried) == 1)
    sender.send(b"{}", type="who", headers={"token": token()}, **REPLY)
    until(lambda: sender.replies)
    sender.close()
    container.stop()
