"""Which queues of the in-process broker a message goes to."""

import pytest

from chassis.memory.routing import Exchange


def routed(kind: str, binding: str, routing_key: str) -> bool:
    return Exchange(kind, {(binding, "queue")}).takers(routing_key) == {"queue"}


@pytest.mark.parametrize(
    ("binding", "routing_key"),
    [
        ("referrals.referral.accepted", "referrals.referral.accepted"),
        ("referrals.*.accepted", "referrals.referral.accepted"),
        ("referrals.#", "referrals.referral.accepted"),
        ("referrals.#", "referrals"),
        ("#", "anything.at.all"),
        ("#", ""),
        ("#.accepted", "referrals.referral.accepted"),
        ("*.*.*", "a.b.c"),
        ("a.#.c", "a.c"),
        ("a.#.c", "a.b.b.c"),
    ],
)
def test_a_topic_matches(binding: str, routing_key: str) -> None:
    assert routed("topic", binding, routing_key)


@pytest.mark.parametrize(
    ("binding", "routing_key"),
    [
        ("referrals.referral.accepted", "referrals.referral.declined"),
        ("referrals.*", "referrals.referral.accepted"),
        ("*.accepted", "referrals.referral.accepted"),
        ("*", "a.b"),
        ("referrals.#", "referralsx.a"),
        ("a+b", "aab"),
        ("a.*.c", "a.c"),
    ],
)
def test_a_topic_does_not_match(binding: str, routing_key: str) -> None:
    assert not routed("topic", binding, routing_key)


def test_a_direct_exchange_knows_no_wildcards() -> None:
    assert routed("direct", "a.*", "a.*")
    assert not routed("direct", "a.*", "a.b")


def test_a_fanout_exchange_goes_everywhere() -> None:
    assert Exchange("fanout", {("", "one"), ("x", "two")}).takers("y") == {"one", "two"}


def test_a_queue_bound_twice_gets_a_message_once() -> None:
    assert Exchange("topic", {("a.#", "one"), ("#.b", "one")}).takers("a.b") == {"one"}
