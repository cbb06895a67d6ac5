"""nameko's service container, with room for every worker that the consumers may ask for at once."""

import sys
from collections.abc import Callable
from typing import Any

import structlog
from eventlet.greenpool import GreenPool
from nameko.containers import ServiceContainer

log = structlog.get_logger(__name__)

KINDS_OF_WORK = 16

Outcome = tuple[Any, Any]


class Container(ServiceContainer):
    """Hosts one service.

    What runs at once is bounded by each consumer's prefetch. The pool is larger than all of them together, so that
    the thread that reads a connection never waits for it: a connection that is not read is a connection lost.
    """

    def __init__(self, service_class: type, config: dict[str, Any]) -> None:
        super().__init__(service_class, config)
        self._worker_pool = GreenPool(size=self.max_workers * KINDS_OF_WORK)

    def _run_worker(self, worker_ctx: Any, handle_result: Callable[[Any, Any, Any], Outcome] | None) -> None:
        """Run one worker: nameko's life cycle, without its log lines, which quote exceptions and cost a third of a call."""
        self._inject_dependencies(worker_ctx)
        self._worker_setup(worker_ctx)
        result, exc_info = self._called(worker_ctx)
        if handle_result is not None:
            result, exc_info = handle_result(worker_ctx, result, exc_info)
        self._worker_result(worker_ctx, result, exc_info)
        self._worker_teardown(worker_ctx)

    def _called(self, worker_ctx: Any) -> Outcome:
        try:
            return getattr(worker_ctx.service, worker_ctx.entrypoint.method_name)(*worker_ctx.args, **worker_ctx.kwargs), None
        except Exception:
            operation = f"{worker_ctx.service_name}.{worker_ctx.entrypoint.method_name}"
            log.exception("worker.failed", operation=operation)
            return None, sys.exc_info()
