"""Running services: start, stop on a signal with the work in hand finished, an exit code that says what happened."""

import gc
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import eventlet
import structlog
from eventlet.event import Event
from eventlet.green import socket
from nameko.containers import ServiceContainer

from chassis.broker import BrokerAway, BrokerUnavailable
from chassis.broker.address import PATIENCE
from chassis.container import Container
from chassis.database.store import Store
from chassis.health import Health, checks_of, serve_health
from chassis.settings import Settings
from chassis.web import HttpServer

log = structlog.get_logger(__name__)

CLEAN, FAILED, BROKER_AWAY = 0, 70, 75
"""Exit codes. 75 is `EX_TEMPFAIL`: nothing is wrong with us, start us again."""

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Hosted:
    """A service to run.

    Attributes:
        service: its class.
        settings: of its process.
        store: where its database is described; for readiness.
        heard: types of event that somebody in the product listens to: one that finds no queue is sent again.
        broker_patience: seconds that the broker may be away before the process ends, to be started again.
    """

    service: type
    settings: Settings
    store: Store | None = None
    heard: frozenset[str] = frozenset()
    broker_patience: float = PATIENCE

    def container(self) -> ServiceContainer:
        """Return a container for it, not yet started."""
        uri, workers = self.settings.amqp_uri, self.settings.max_workers
        config = {"settings": self.settings, "broker_patience": self.broker_patience, "AMQP_URI": uri, "max_workers": workers}
        return Container(self.service, {**config, "heard": self.heard})


class Runner:
    """Runs services in this process, on one event loop."""

    def __init__(self, hosted: Sequence[Hosted]) -> None:
        """Take the services in the order in which they start; they stop the other way round."""
        self._hosted = list(hosted)
        self._containers = [(item, item.container()) for item in hosted]
        self._over = Event()
        self._health = Health({})
        self._health_server: HttpServer | None = None

    def start(self) -> None:
        """Start every service; then say whether they are ready, on the health port of the first that has one.

        Raises:
            BrokerUnavailable: the broker could not be reached.
        """
        checks = {name: check for item, container in self._containers for name, check in checks_of(container, item.store).items()}
        self._health = Health(checks)
        port = next((item.settings.health_port for item in self._hosted if item.settings.health_port is not None), None)
        if port is not None:
            self._health_server = serve_health(port, self._health)
        for item, container in self._containers:
            container.start()
            eventlet.spawn(self._watch, container)
            log.info("service.started", service=item.settings.service)

    def ready(self) -> bool:
        """Tell whether every check is well."""
        return not self._health.stopping and all(self._health.results().values())

    def end(self, code: int = CLEAN) -> None:
        """Let `wait` return; the first code counts. Calling it again is harmless."""
        if not self._over.ready():
            self._over.send(code)

    def wait(self) -> int:
        """Wait until `end` is called or a service dies; return the exit code."""
        code: int = self._over.wait()
        return code

    def stop(self) -> None:
        """Take no more work, finish what is in hand within the bound of the settings, close everything."""
        self._health.stopping = True
        within = max((item.settings.stop_within_seconds for item in self._hosted), default=0.0)
        with eventlet.Timeout(within, False):
            for item, container in reversed(self._containers):
                _stop(item.settings.service, container)
        for item, container in self._containers:
            if not container._died.ready():  # noqa: SLF001 - nameko has no public way to ask
                log.warning("service.cut_off", service=item.settings.service)
                container.kill()
        if self._health_server is not None:
            self._health_server.stop(0)
        log.info("services.stopped")

    def _watch(self, container: Any) -> None:
        try:
            container.wait()
        except (BrokerAway, BrokerUnavailable):
            log.error("broker.away", service=container.service_name)  # noqa: TRY400 - it is no fault of ours
            self.end(BROKER_AWAY)
        except Exception:
            log.exception("service.died", service=container.service_name)
            self.end(FAILED)


def serve(hosted: Sequence[Hosted], *, on_started: Callable[[], None] = lambda: None) -> int:
    """Run services until SIGTERM or SIGINT, or until one of them dies; return the exit code.

    A second signal changes nothing: the first is being obeyed.
    """
    runner = Runner(hosted)
    _end_on_signals(runner)
    starting = eventlet.spawn(_start, runner, on_started)  # beside us: a signal is obeyed while it starts, too
    code = runner.wait()
    starting.kill()
    runner.stop()
    return code


def _stop(service: str, container: Any) -> None:
    try:
        container.stop()
    except Exception:  # the others are to be stopped all the same
        log.exception("service.not_stopped", service=service)


def _start(runner: Runner, on_started: Callable[[], None]) -> None:
    try:
        runner.start()
        on_started()
        gc.freeze()  # what stands now stays: going through all of it took a third of a second, in which nobody is answered
    except BrokerUnavailable as fault:
        log.error("broker.unreachable", error=str(fault))  # noqa: TRY400 - where it was raised does not matter
        runner.end(BROKER_AWAY)
    except Exception:
        log.exception("services.not_started")
        runner.end(FAILED)


def _end_on_signals(runner: Runner) -> None:
    """Obey signals at once: the event loop sleeps in the kernel, and only something to read wakes it."""
    told, tell = socket.socketpair()
    tell.setblocking(False)
    for number in SIGNALS:
        signal.signal(number, lambda *_: None)
    signal.set_wakeup_fd(tell.fileno(), warn_on_full_buffer=False)
    eventlet.spawn(_obey, runner, told, tell)


def _obey(runner: Runner, told: Any, tell: Any) -> None:
    while told.recv(1):
        runner.end(CLEAN)
    tell.close()
