"""Declares the queues of all services at once, before any of them tells of anything.

A service declares its own at its start; but what others told before its very first start would find no queue.
"""

from collections.abc import Iterable
from typing import Any

from chassis.broker import Address, Link, Topology
from chassis.events.entrypoint import listeners_of
from chassis.events.topology import declare

WITHIN_SECONDS = 15.0


def declare_queues(amqp_uri: str, service_classes: Iterable[type[Any]]) -> int:
    """Declare what every service of these classes listens on; return how many queues that is. Safe to repeat.

    Raises:
        BrokerUnavailable: the broker can't be reached.
    """
    listeners = [listener for service_class in service_classes for listener in listeners_of(service_class)]
    link = Link(Address(amqp_uri), "declaring", prepare=lambda channel: declare(Topology(channel), listeners))
    try:
        link.open(WITHIN_SECONDS)
    finally:
        link.close()
    return len(listeners)
