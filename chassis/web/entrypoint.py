"""``@website(address=...)`` on a method of a service: it returns the WSGI application that the service hosts."""

from collections.abc import Callable
from typing import Any, TypeVar

from nameko.containers import WorkerContext
from nameko.extensions import Entrypoint, register_entrypoint

from chassis.settings import Settings
from chassis.web.server import HttpServer

Build = TypeVar("Build", bound=Callable[[Any], Any])
Address = Callable[[Settings], tuple[str, int]]


class Website(Entrypoint):
    """Hosts the application that the method returns, on the event loop of the service."""

    def __init__(self, address: Address, **kwargs: Any) -> None:
        self._address = address
        self.server: HttpServer | None = None
        super().__init__(**kwargs)

    def start(self) -> None:
        """Build the application on an instance of the service with its dependencies, and listen."""
        container = self.container
        service = container.service_cls()
        container._inject_dependencies(WorkerContext(container, service, self))  # noqa: SLF001 - nameko has no public way
        application = getattr(service, self.method_name)()
        host, port = self._address(container.config["settings"])
        self.server = HttpServer(application, port, host=host)
        self.server.start()

    def stop(self) -> None:
        """Answer what is in hand, and stop; what the application stands on is stopped after it."""
        if self.server is not None:
            self.server.stop(self.container.config["settings"].stop_within_seconds)

    def kill(self) -> None:
        """Stop at once."""
        if self.server is not None:
            self.server.stop(0)


def website(address: Address) -> Callable[[Build], Build]:
    """Host the WSGI application that the method returns. ``address`` takes host and port from the settings."""

    def decorate(build: Build) -> Build:
        register_entrypoint(build, Website(address))
        return build

    return decorate
