"""Where the broker is and how patient to be with it."""

from dataclasses import dataclass

INPROCESS = "inprocess"
PATIENCE = 60.0
"""Seconds that the broker may be away before a process should end."""


@dataclass(frozen=True, slots=True)
class Address:
    """The broker's address and the bounds on waiting for it, in seconds.

    Attributes:
        uri: ``amqp://user:password@host:5672/vhost``, ``amqps://...`` or ``inprocess://name``.
        connect_within: how long one attempt to connect may take.
        heartbeat: silence after which a heartbeat is due; twice this and the connection is closed.
        write_within: how long the broker may refuse to read from us before the connection is closed.
        give_up_after: how long the broker may be away before the process should end; None: never.
    """

    uri: str
    connect_within: float = 5.0
    heartbeat: int = 10
    write_within: float = 5.0
    give_up_after: float | None = PATIENCE

    @property
    def is_inprocess(self) -> bool:
        """Tell whether the broker lives in this process."""
        return self.uri.startswith(f"{INPROCESS}:")

    def __repr__(self) -> str:
        """Name the broker without its password."""
        return f"<Address {self.uri.rsplit('@', 1)[-1]}>"
