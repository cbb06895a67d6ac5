"""Declares the queues of all services at once, before any of them tells of anything.

A service declares its own at its start; but what others told before its very first start would find no queue.
"""

from collections.abc import Iterable
from typing import Any

from kombu.connection import Connection

from chassis.broker import BrokerUnavailable, Topology
from chassis.broker.faults import LOST
from chassis.events.entrypoint import listeners_of
from chassis.events.topology import declare

CONNECT_SECONDS = 10


def declare_queues(amqp_uri: str, service_classes: Iterable[type[Any]]) -> int:
    """Declare what every service of these classes listens on; return how many queues that is. Safe to repeat.

    Raises:
        BrokerUnavailable: the broker can't be reached, or refuses.
    """
    listeners = [listener for service_class in service_classes for listener in listeners_of(service_class)]
    try:
        with Connection(amqp_uri, connect_timeout=CONNECT_SECONDS) as connection:  # type: ignore[no-untyped-call]  # kombu is half typed
            declare(Topology(connection.channel()), listeners)
    except LOST as fault:
        raise BrokerUnavailable(f"the queues of events could not be declared: {type(fault).__name__}") from fault
    return len(listeners)
