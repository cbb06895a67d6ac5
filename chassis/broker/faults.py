"""What can go wrong between a process and the broker. None of these crosses to a caller as it is."""

from amqp.exceptions import AMQPError

LOST = (AMQPError, OSError)
"""What a client library raises when a connection or a channel is no more."""


class BrokerFault(Exception):
    """The parent of what goes wrong with the broker."""


class BrokerUnavailable(BrokerFault):
    """There is no connection, or the broker has stopped taking messages (memory or disk alarm)."""


class NotConfirmed(BrokerFault):
    """The broker refused a message, or did not confirm it in time: publish it again later."""


class NotRouted(BrokerFault):
    """No queue takes the message: it was not kept anywhere."""


class BrokerAway(BrokerFault):
    """The broker has been away for longer than a process should wait; it should end and be started again."""
