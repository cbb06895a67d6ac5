"""A broker inside one process, as a kombu transport: ``inprocess://name``.

It serves the laptop and the tests: the queues are lost with the process. Each name is a broker of its own.
It behaves as RabbitMQ does where this platform leans on it: content type and other properties, prefetch,
acknowledgements, mandatory publishing, confirms, dead-letter queues, expiry, delivery limits and direct
reply-to. A message wakes its consumer at once; nothing polls.
"""

from kombu.transport import TRANSPORT_ALIASES

from chassis.memory.broker import forget
from chassis.memory.transport import Transport

TRANSPORT_ALIASES["inprocess"] = "chassis.memory.transport:Transport"

__all__ = ["Transport", "forget"]
