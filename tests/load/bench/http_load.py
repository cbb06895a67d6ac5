"""A closed-loop load of HTTP requests: each connection sends its next request when the last is answered.

Plain sockets in processes of their own, so that the measuring costs the measured little.
"""

import json
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Protocol
from uuid import uuid4

from tests.load.bench.figures import Figures, figures_of

PROCESSES = 4


class Sends(Protocol):
    """What is sent to a port, request after request, without end."""

    @property
    def port(self) -> int:
        """Where to."""

    def bytes(self) -> Iterator[bytes]:
        """Return the requests."""


@dataclass(frozen=True)
class Request:
    """What to send, again and again.

    Attributes:
        body: None for a GET; a POST gets a fresh Idempotency-Key each time.
    """

    port: int
    path: str
    token: str
    body: dict[str, object] | None = None

    def bytes(self) -> Iterator[bytes]:
        """Return the requests, one after the other, without end."""
        body = b"" if self.body is None else json.dumps(self.body).encode()
        method = "GET" if self.body is None else "POST"
        head = f"{method} {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {self.token}\r\n"
        if self.body is None:
            while True:
                yield f"{head}\r\n".encode()
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        while True:
            yield f"{head}Idempotency-Key: {uuid4()}\r\n\r\n".encode() + body


def load(request: Sends, connections: int, seconds: float) -> Figures:
    """Return how ``connections`` fared in ``seconds`` of such requests, after a warm-up of a fifth of that."""
    shares = [connections // PROCESSES + (number < connections % PROCESSES) for number in range(PROCESSES)]
    shares = [share for share in shares if share]
    with ProcessPoolExecutor(len(shares), mp_context=get_context("spawn")) as pool:
        parts = list(pool.map(_share, [(request, share, seconds) for share in shares]))
    return figures_of([latency for part in parts for latency in part], seconds, 0.0)


def _share(work: tuple[Sends, int, float]) -> list[float]:
    """Serve several connections from one process by asking all, then reading all in turn as answers come."""
    request, connections, seconds = work
    selector = selectors.DefaultSelector()
    lanes = [_Lane(request, selector) for _ in range(connections)]
    begin = time.perf_counter() + seconds / 5
    end = begin + seconds
    while time.perf_counter() < end:
        for key, _ in selector.select(timeout=1):
            key.data()
    for lane in lanes:
        lane.socket.close()
    return [took for lane in lanes for done, took in lane.took if begin <= done <= end]


class _Lane:
    """One connection."""

    def __init__(self, request: Sends, selector: selectors.BaseSelector) -> None:
        self.took: list[tuple[float, float]] = []
        self._requests = request.bytes()
        self._received = b""
        self.socket = socket.create_connection(("127.0.0.1", request.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        handler: Callable[[], None] = self._receive
        selector.register(self.socket, 1, handler)
        self._send()

    def _send(self) -> None:
        self._sent_at = time.perf_counter()
        self.socket.sendall(next(self._requests))

    def _receive(self) -> None:
        self._received += self.socket.recv(65536)
        head, blank, body = self._received.partition(b"\r\n\r\n")
        if not blank or len(body) < _length(head):
            return
        if head.split(b" ", 2)[1] not in {b"200", b"201"}:
            raise RuntimeError(head.decode())
        now = time.perf_counter()
        self.took.append((now, now - self._sent_at))
        self._received = b""
        self._send()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise RuntimeError("an answer without Content-Length")
