"""From the commit of an event in one service to the commit of its handling in another, each a process of its own.

``python -m tests.load.bench.event_lag POSTGRES_ADMIN_URL AMQP_URI CALLERS SECONDS`` measures and prints.
"""

from tests.support import green

green.patch()

import json
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid4

import eventlet
import structlog
from eventlet.event import Event
from nameko.extensions import DependencyProvider

from chassis.caller import Caller
from chassis.container import Container
from chassis.contract import ReceivedEvent
from chassis.database import open_work
from chassis.database.provider import WorkProvider
from chassis.events import on_event
from chassis.events.hub import Attempt, work_of
from chassis.settings import Settings
from tests.load.bench.figures import Figures, timed
from tests.support.events import services
from tests.support.listening_service.models import Heard
from tests.support.listening_service.repository import Work as ListeningWork
from tests.support.listening_service.service import TellingService
from tests.support.people import note_keeper
from tests.support.sample_service.contract import NOTE_ADDED
from tests.support.sample_service.models import Note
from tests.support.sample_service.repository import Work

SETTINGS, BOROUGH, PORT = "BENCH_SETTINGS", "BENCH_BOROUGH", "BENCH_PORT"
HANDLER = "listening.write_down"


class Handled(DependencyProvider):
    """Tells the asking process at once which event has been handled, and when (seconds of the machine's own clock)."""

    def worker_result(self, worker_ctx: Any, result: Any = None, exc_info: Any = None) -> None:
        """Say it after the handler's commit."""
        attempt = worker_ctx.args[0]
        if isinstance(attempt, Attempt) and attempt.handler.name == HANDLER:
            line = f"{attempt.envelope.subject} {time.monotonic()}".encode()
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                sender.sendto(line, ("127.0.0.1", int(os.environ[PORT])))


class Listening:
    """The listening service with one handler, watched."""

    name = "listening"
    work = WorkProvider(ListeningWork)
    handled = Handled()

    @on_event(NOTE_ADDED)
    def write_down(self, work: ListeningWork, event: ReceivedEvent) -> None:
        """Write down the words of a note."""
        work.heard.add(Heard(event_id=event.id, words=event.data["words"]))


def measured(admin_url: str, amqp_uri: str, callers: int, seconds: float = 5.0) -> Figures:
    """Measure with so many callers at once, each telling again when its last event has been handled.

    Latencies are from one commit to the other; ``rps`` is events a second.
    """
    with services(admin_url, amqp_uri) as both:
        shared = {BOROUGH: str(both.caller.borough_id), PORT: str(_free_udp_port())}
        with (
            _process("listen", both.settings("listening", max_workers=20), shared),
            _process("tell", both.settings("sample", max_workers=20), shared, str(callers), str(seconds)) as telling,
        ):
            return Figures(**json.loads(_line(telling)))


@contextmanager
def _process(role: str, settings: Settings, shared: dict[str, str], *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a role in a process of its own, from when it says that it is ready."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.load.bench.event_lag", role, *arguments]
    env = {**os.environ, **shared, SETTINGS: json.dumps(asdict(settings))}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
    try:
        _line(process)
        yield process
    finally:
        process.kill()
        process.communicate()


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError("one of the two services said nothing")
    return line


def _started(service: type[Any]) -> Container:
    container = Container(service, {"settings": Settings(**json.loads(os.environ[SETTINGS])), "max_workers": 20})
    container.start()
    print("ready", flush=True)
    return container


def listen() -> None:
    """Handle events for ever."""
    _started(Listening).wait()


def tell(callers: int, seconds: float) -> None:
    """Tell of events and print how long each took."""
    database = work_of(_started(TellingService)).opened
    caller = note_keeper(borough_id=UUID(os.environ[BOROUGH]))
    lags: list[float] = []
    waiting: dict[str, Event] = {}
    eventlet.spawn(_hear, waiting)
    figures = timed([_one(database, caller, waiting, lags)] * callers, seconds, lambda run: eventlet.spawn(run).wait)
    lags.sort()
    told = asdict(figures) | {"p50_ms": round(lags[len(lags) // 2] * 1000, 3), "p99_ms": round(lags[len(lags) * 99 // 100] * 1000, 3)}
    print(json.dumps(told), flush=True)


def _one(database: Any, caller: Caller, waiting: dict[str, Event], lags: list[float]) -> Callable[[], None]:
    def once() -> None:
        note_id = uuid4()
        heard = waiting[str(note_id)] = Event()
        with open_work(Work, database, caller, "sample.write") as work:
            work.publish(work.notes.add(Note(id=note_id, words="Hello")).added())
        committed = time.monotonic()
        lags.append(heard.wait() - committed)

    return once


def _hear(waiting: dict[str, Event]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", int(os.environ[PORT])))
        while True:
            subject, moment = receiver.recv(200).split()
            waiting.pop(str(subject, "ascii")).send(float(moment))


def _free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING), logger_factory=structlog.PrintLoggerFactory(sys.stderr)
    )
    if sys.argv[1] == "listen":
        listen()
    elif sys.argv[1] == "tell":
        tell(int(sys.argv[2]), float(sys.argv[3]))
    else:
        print(measured(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])).as_json())
