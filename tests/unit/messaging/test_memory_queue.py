"""A queue of the in-process broker."""

import time
from typing import Any

import pytest

from chassis.memory.queue import Kept, Queue, Taker


def kept(body: str, **values: Any) -> Kept:
    return Kept(body, {}, "", "queue", **values)


class Buried(list[str]):
    """The bodies that were dead-lettered."""

    def __call__(self, queue: Queue, message: Kept) -> None:
        self.append(message.body)


@pytest.fixture
def buried() -> Buried:
    return Buried()


def queue(buried: Buried, **arguments: Any) -> Queue:
    return Queue("queue", {key.replace("_", "-"): value for key, value in arguments.items()}, buried)


class Hand:
    """A taker that holds so many messages."""

    def __init__(self, queue: Queue, tag: str = "hand", room: int = 100) -> None:
        self.held: list[Kept] = []
        self.room = room
        queue.takers.append(Taker(tag, lambda: len(self.held) < self.room, lambda message, _: self.held.append(message)))


def bodies(messages: Any) -> list[str]:
    return [message.body for message in messages]


def test_first_in_is_first_out(buried: Buried) -> None:
    waiting = queue(buried)
    for body in "abc":
        waiting.put(kept(body))
    hand = Hand(waiting)
    waiting.serve()
    assert bodies(hand.held) == ["a", "b", "c"]


def test_a_message_that_is_given_back_comes_first(buried: Buried) -> None:
    waiting = queue(buried)
    waiting.put(kept("a"))
    waiting.put(kept("b"))
    first = waiting.pop()
    assert first is not None
    waiting.give_back(first)
    assert bodies(waiting.waiting) == ["a", "b"]


def test_takers_take_turns(buried: Buried) -> None:
    waiting = queue(buried)
    left, right = Hand(waiting, "left"), Hand(waiting, "right")
    for body in "abcd":
        waiting.put(kept(body))
    assert (bodies(left.held), bodies(right.held)) == (["a", "c"], ["b", "d"])


def test_a_taker_without_room_is_passed_over(buried: Buried) -> None:
    waiting = queue(buried)
    full, free = Hand(waiting, "full", room=0), Hand(waiting, "free")
    for body in "ab":
        waiting.put(kept(body))
    assert (full.held, bodies(free.held)) == ([], ["a", "b"])


def test_what_nobody_has_room_for_waits(buried: Buried) -> None:
    waiting = queue(buried)
    hand = Hand(waiting, room=1)
    for body in "ab":
        waiting.put(kept(body))
    hand.held.clear()
    waiting.serve()
    assert bodies(hand.held) == ["b"]


def test_a_taker_that_left_gets_nothing(buried: Buried) -> None:
    waiting = queue(buried)
    hand = Hand(waiting)
    waiting.leave("hand")
    waiting.put(kept("a"))
    assert (hand.held, bodies(waiting.waiting)) == ([], ["a"])


def test_an_expired_message_is_dead_lettered_and_not_given_out(buried: Buried) -> None:
    waiting = queue(buried)
    waiting.put(kept("old", expires_at=time.monotonic() - 1))
    waiting.put(kept("new", expires_at=time.monotonic() + 60))
    hand = Hand(waiting)
    waiting.serve()
    assert (bodies(hand.held), buried) == (["new"], ["old"])


def test_a_full_queue_drops_its_oldest(buried: Buried) -> None:
    waiting = queue(buried, x_max_length=2)
    assert [waiting.put(kept(body)) for body in "abc"] == [True] * 3
    assert (bodies(waiting.waiting), buried) == (["b", "c"], ["a"])


def test_a_full_queue_that_is_told_so_refuses_the_newest(buried: Buried) -> None:
    waiting = queue(buried, x_max_length=2, x_overflow="reject-publish")
    assert [waiting.put(kept(body)) for body in "abc"] == [True, True, False]
    assert (bodies(waiting.waiting), buried) == (["a", "b"], [])


def test_a_message_that_comes_back_too_often_is_dead_lettered(buried: Buried) -> None:
    waiting = queue(buried, x_delivery_limit=2)
    waiting.put(kept("poison"))
    for _ in range(3):
        message = waiting.pop()
        assert message is not None
        waiting.give_back(message)
    assert (list(waiting.waiting), buried) == ([], ["poison"])
