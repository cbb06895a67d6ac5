"""The asking side of a call, as nameko hands it to a service."""

from typing import Any

from nameko.extensions import DependencyProvider

from chassis.broker import Address
from chassis.rpc.client import RpcClient
from chassis.settings import Settings


class RpcCalls(DependencyProvider):
    """The one client of a process: ``calls = RpcCalls()`` on the service's class."""

    def __init__(self) -> None:
        self.client: RpcClient | None = None

    @property
    def usable(self) -> bool:
        """Whether a call could be made now."""
        return self.client is not None and self.client.usable

    def setup(self) -> None:
        """Describe the client."""
        settings: Settings = self.container.config["settings"]
        self._address = Address(settings.amqp_uri)
        self.client = RpcClient(
            self._address,
            timeout=settings.rpc_timeout_seconds,
            on_away=lambda away: self.container.kill((type(away), away, None)),
        )

    def start(self) -> None:
        """Connect. Raises BrokerUnavailable when the broker can't be reached within its address's patience."""
        self.opened.open(self._address.give_up_after)

    def stop(self) -> None:
        """Close the connection; whoever waits for a reply gets `Unavailable`."""
        self.opened.close()

    kill = stop

    @property
    def opened(self) -> RpcClient:
        """The client.

        Raises:
            AttributeError: the service has not been set up. nameko looks at every attribute when it binds an extension, and
                passes over those that raise this.
        """
        if self.client is None:
            raise AttributeError("the service has not been set up")
        return self.client

    def get_dependency(self, worker_ctx: Any) -> RpcClient:
        """Return what ``self.calls`` is in the service's methods."""
        del worker_ctx
        return self.opened
