"""Frames put together, however they come."""

from struct import pack
from types import SimpleNamespace
from typing import Any

import pytest
from amqp import spec
from amqp.basic_message import Message
from amqp.exceptions import UnexpectedFrame

from chassis.broker.frames import frame_handler

DELIVER = pack(">HH", *spec.Basic.Deliver)
ACK = pack(">HH", *spec.Basic.Ack) + b"\0" * 9


class Hearer:
    """What the handler hands over."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, Any]] = []
        self.connection = SimpleNamespace(bytes_recv=0)
        self.take = frame_handler(self.connection, lambda channel, _method, _payload, message: self.heard.append((channel, message)))

    @property
    def messages(self) -> list[Any]:
        return [message for _, message in self.heard]


@pytest.fixture
def hearer() -> Hearer:
    return Hearer()


def header(size: int, properties: bytes | None = None) -> bytes:
    written: bytes = Message(correlation_id="7", content_type="text/plain")._serialize_properties() if properties is None else properties
    return pack(">HHQ", 60, 0, size) + written


UNREADABLE = [
    pytest.param(pack(">HI", 0x2000, 11) + b"\x01kT" + b"\xff" * 8, id="a moment beyond all time"),
    pytest.param(pack(">HI", 0x2000, 4) + b"\x01k?x", id="a type that there is not"),
    pytest.param(pack(">HI", 0x2000, 4000) + b"\x01kS", id="a table that ends too soon"),
    pytest.param(pack(">HB", 0x8000, 3) + b"\xff\xfe\xfd", id="text that is not UTF-8"),
    pytest.param(b"", id="nothing at all"),
]


def test_a_method_without_content_is_handed_over_at_once(hearer: Hearer) -> None:
    assert hearer.take((1, 3, ACK))
    assert hearer.heard == [(3, None)]


def test_a_message_is_handed_over_when_its_last_part_is_there(hearer: Hearer) -> None:
    frames = [(1, 1, DELIVER), (2, 1, header(4)), (3, 1, b"ab"), (3, 1, b"cd")]
    assert [hearer.take(frame) for frame in frames] == [False, False, False, True]
    (message,) = hearer.messages
    assert (message.body, message.properties["correlation_id"]) == (b"abcd", "7")


def test_a_message_without_a_body_is_complete_with_its_header(hearer: Hearer) -> None:
    hearer.take((1, 1, DELIVER))
    assert hearer.take((2, 1, header(0)))


def test_messages_of_two_channels_may_come_interleaved(hearer: Hearer) -> None:
    for frame in [(1, 1, DELIVER), (1, 2, DELIVER), (2, 2, header(1)), (2, 1, header(1)), (3, 2, b"b"), (3, 1, b"a")]:
        hearer.take(frame)
    assert [(channel, message.body) for channel, message in hearer.heard] == [(2, b"b"), (1, b"a")]


def test_a_heartbeat_counts_as_a_sign_of_life_and_nothing_else(hearer: Hearer) -> None:
    assert not hearer.take((8, 0, b""))
    assert (hearer.connection.bytes_recv, hearer.heard) == (1, [])


@pytest.mark.parametrize("properties", UNREADABLE)
def test_a_message_whose_properties_cant_be_read_arrives_without_them(hearer: Hearer, properties: bytes) -> None:
    for frame in [(1, 1, DELIVER), (2, 1, header(2, properties)), (3, 1, b"ab")]:
        hearer.take(frame)
    (message,) = hearer.messages
    assert (message.body, message.properties) == (b"ab", {})


@pytest.mark.parametrize("properties", UNREADABLE)
def test_the_message_after_it_arrives_whole(hearer: Hearer, properties: bytes) -> None:
    for frame in [(1, 1, DELIVER), (2, 1, header(0, properties)), (1, 1, DELIVER), (2, 1, header(1)), (3, 1, b"x")]:
        hearer.take(frame)
    assert [message.properties.get("correlation_id") for message in hearer.messages] == [None, "7"]


@pytest.mark.parametrize("frame", [(2, 1, header(1)), (3, 1, b"x"), (9, 1, b"")])
def test_a_part_without_its_beginning_is_refused(hearer: Hearer, frame: tuple[int, int, bytes]) -> None:
    with pytest.raises(UnexpectedFrame):
        hearer.take(frame)
