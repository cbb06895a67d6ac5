"""The broker: connections that mend themselves, a confirming publisher, a consumer that drains.

The same code runs on RabbitMQ (``amqp://``, ``amqps://``) and in one process (``inprocess://name``).
"""

from chassis.broker.address import Address
from chassis.broker.consumer import Consumer, Subscription
from chassis.broker.faults import BrokerAway, BrokerFault, BrokerUnavailable, NotConfirmed, NotRouted
from chassis.broker.link import Link
from chassis.broker.message import Delivery, Outgoing
from chassis.broker.publisher import ConfirmingPublisher
from chassis.broker.topology import Topology

__all__ = [
    "Address",
    "BrokerAway",
    "BrokerFault",
    "BrokerUnavailable",
    "ConfirmingPublisher",
    "Consumer",
    "Delivery",
    "Link",
    "NotConfirmed",
    "NotRouted",
    "Outgoing",
    "Subscription",
    "Topology",
]
