"""One connection, whatever happens to it, on both brokers."""

from collections.abc import Callable, Iterator
from typing import Any

import eventlet
import pytest

from chassis.broker import Address, BrokerAway, BrokerUnavailable, Link
from tests.service.messaging.conftest import until

Open = Callable[..., Link]
NOWHERE = Address("amqp://guest:guest@127.0.0.1:1/", give_up_after=0.3)


@pytest.fixture
def links() -> Iterator[list[Link]]:
    opened: list[Link] = []
    yield opened
    for link in opened:
        link.close()


@pytest.fixture
def open_link(broker: str, links: list[Link]) -> Open:
    def begin(**hooks: Any) -> Link:
        link = Link(Address(broker), "test", **hooks)
        links.append(link)
        link.open(10)
        return link

    return begin


def test_it_is_usable_once_it_is_open(open_link: Open) -> None:
    assert open_link().usable


def test_it_is_not_usable_once_it_is_closed(open_link: Open) -> None:
    link = open_link()
    link.close()
    assert not link.usable
    with pytest.raises(BrokerUnavailable):
        link.write(lambda channel: channel)


def test_to_close_twice_is_harmless(open_link: Open) -> None:
    link = open_link()
    link.close()
    link.close()


def test_each_new_channel_is_prepared(open_link: Open) -> None:
    channels: list[Any] = []
    link = open_link(prepare=channels.append)
    link.sever()
    until(lambda: len(channels) == 2 and link.usable)
    assert channels[0] is not channels[1]


def test_a_loss_is_told_once(open_link: Open) -> None:
    losses: list[int] = []
    link = open_link(on_lost=lambda: losses.append(1))
    link.sever()
    link.sever()
    until(lambda: link.usable)
    assert losses == [1]


def test_a_close_is_not_a_loss(open_link: Open) -> None:
    losses: list[int] = []
    open_link(on_lost=lambda: losses.append(1)).close()
    eventlet.sleep(0.1)
    assert losses == []


def test_a_blocked_link_refuses_at_once_and_recovers(open_link: Open) -> None:
    link = open_link()
    link._block("low on memory")
    with pytest.raises(BrokerUnavailable, match="blocked"):
        link.write(lambda channel: channel)
    link._unblock()
    link.write(lambda channel: channel)


def test_a_mistake_in_a_handler_does_not_leave_it_deaf(open_link: Open) -> None:
    got: list[bytes] = []

    def stumble(message: Any) -> None:
        got.append(bytes(message.body))
        if len(got) == 1:
            raise KeyError("a mistake of ours")

    def prepare(channel: Any) -> None:
        channel.queue_declare(queue="test.stumble", durable=True, auto_delete=False)
        channel.basic_consume("test.stumble", no_ack=True, callback=stumble)

    link = open_link(prepare=prepare)
    send(link, b"first")
    until(lambda: len(got) == 1)
    until(lambda: link.usable)
    send(link, b"second")
    until(lambda: got == [b"first", b"second"])


def send(link: Link, body: bytes) -> None:
    link.write(lambda channel: channel.basic_publish(channel.prepare_message(body), routing_key="test.stumble"))


def test_a_topology_that_does_not_fit_is_tried_again_and_not_hidden(open_link: Open) -> None:
    tries: list[int] = []

    def prepare(channel: Any) -> None:
        tries.append(1)
        if len(tries) < 3:
            channel.queue_declare(queue="test.not.there", passive=True)

    open_link(prepare=prepare)
    assert len(tries) == 3


def test_a_broker_that_stays_away_is_told_once(links: list[Link]) -> None:
    told: list[BrokerAway] = []
    link = Link(NOWHERE, "test", on_away=told.append)
    links.append(link)
    link.open()
    until(lambda: told)
    eventlet.sleep(0.5)
    assert len(told) == 1
    assert "test" in str(told[0])


def test_whoever_never_gives_up_is_never_told(links: list[Link]) -> None:
    told: list[BrokerAway] = []
    link = Link(Address(NOWHERE.uri, give_up_after=None), "test", on_away=told.append)
    links.append(link)
    link.open()
    eventlet.sleep(0.5)
    assert told == []


def test_who_closes_from_within_is_not_cut_off_halfway(links: list[Link]) -> None:
    finished: list[int] = []

    def close(_away: BrokerAway) -> None:
        link.close()
        finished.append(1)

    link = Link(NOWHERE, "test", on_away=close)
    links.append(link)
    link.open()
    until(lambda: finished)
