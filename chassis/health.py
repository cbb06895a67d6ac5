"""Is it alive, is it ready: what an orchestrator asks, and what Prometheus reads, on a port of its own."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import eventlet
import structlog

from chassis import metrics
from chassis.database import Database
from chassis.database.migrate import is_current
from chassis.database.store import Store
from chassis.web import HttpServer
from chassis.web.limits import StartResponse

log = structlog.get_logger(__name__)

CHECK_WITHIN = 3.0
"""Seconds that all checks together may take."""

Check = Callable[[], bool]
Answer = tuple[int, str, bytes]

_STATUS = {200: "200 OK", 404: "404 Not Found", 503: "503 Service Unavailable"}


class Health:
    """The WSGI application behind ``/health/live``, ``/health/ready`` and ``/metrics``."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        """Take the checks by name, for example ``referrals.database``. One that raises has failed."""
        self._checks = dict(checks)
        self.stopping = False

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        status, content_type, body = self._answer(environ.get("PATH_INFO", ""))
        start_response(_STATUS[status], [("Content-Type", content_type), ("Cache-Control", "no-store")])
        return [body]

    def results(self) -> dict[str, bool]:
        """Run the checks, side by side; return which are well."""
        threads = {name: eventlet.spawn(_passes, name, check) for name, check in self._checks.items()}
        with eventlet.Timeout(CHECK_WITHIN, False):
            for thread in threads.values():
                thread.wait()
        return {name: bool(thread.dead and thread.wait()) for name, thread in threads.items()}

    def _answer(self, path: str) -> Answer:
        if path == "/health/live":
            return 200, "application/json", b'{"live": true}'
        if path == "/health/ready":
            return self._readiness()
        if path == "/metrics":
            body, content_type = metrics.exposition()
            return 200, content_type, body
        return 404, "text/plain; charset=utf-8", b"Not found\n"

    def _readiness(self) -> Answer:
        results = {} if self.stopping else self.results()
        ready = not self.stopping and all(results.values())
        body = json.dumps({"ready": ready, "checks": results}).encode()
        return 200 if ready else 503, "application/json", body


def _passes(name: str, check: Check) -> bool:
    try:
        return check()
    except Exception as fault:
        log.info("health.failed", check=name, error=type(fault).__name__)
        return False


def checks_of(container: Any, store: Store | None) -> dict[str, Check]:
    """Return the checks of a service: its database, its migrations, each of its connections to the broker."""
    service: str = container.service_name
    checks: dict[str, Check] = {f"{service}.broker": lambda: all(_usable(part) for part in container.extensions)}
    database = database_of(container)
    if database is not None:
        checks[f"{service}.database"] = lambda: _answers(database)
    if database is not None and store is not None:
        checks[f"{service}.migrations"] = lambda: _is_current(database, store)
    return checks


def database_of(container: Any) -> Database | None:
    """Return the database of a service; None when it has none."""
    found = (getattr(part, "database", None) for part in container.dependencies)
    return next((database for database in found if isinstance(database, Database)), None)


def _usable(part: Any) -> bool:
    return bool(getattr(part, "usable", True))


def _answers(database: Database) -> bool:
    database.ping()
    return True


def _is_current(database: Database, store: Store) -> bool:
    with database.engine.connect() as connection:
        return is_current(store, connection)


def serve_health(port: int, health: Health) -> HttpServer:
    """Serve ``health`` on ``port``; return the server, which is to be stopped last."""
    server = HttpServer(health, port)
    server.start()
    return server
