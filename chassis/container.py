"""nameko's service container, with room for every worker that the consumers may ask for at once."""

from typing import Any

from eventlet.greenpool import GreenPool
from nameko.containers import ServiceContainer

KINDS_OF_WORK = 16


class Container(ServiceContainer):  # type: ignore[misc]  # nameko carries no types
    """Hosts one service.

    What runs at once is bounded by each consumer's prefetch. The pool is larger than all of them together, so that
    the thread that reads a connection never waits for it: a connection that is not read is a connection lost.
    """

    def __init__(self, service_class: type, config: dict[str, Any]) -> None:
        super().__init__(service_class, config)
        self._worker_pool = GreenPool(size=self.max_workers * KINDS_OF_WORK)
