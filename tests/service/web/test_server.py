"""The HTTP server: limits, patience, a graceful stop."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import eventlet
import pytest
from eventlet.green import socket
from flask import Flask, request

from chassis.web import BODY_BYTES, HttpServer
from tests.support.echo import SECRET

Serve = Callable[..., HttpServer]


def application() -> Flask:
    """An application that reads bodies, takes its time and fails."""
    app = Flask("test")
    app.config["PROPAGATE_EXCEPTIONS"] = True

    @app.route("/size", methods=["POST"])
    def size() -> dict[str, int]:
        return {"size": len(request.get_data())}

    @app.route("/slow")
    def slow() -> str:
        eventlet.sleep(0.5)
        return "done"

    @app.route("/broken")
    def broken() -> str:
        raise RuntimeError(SECRET)

    @app.route("/unread", methods=["POST"])
    def unread() -> str:
        return "did not look"

    @app.errorhandler(413)
    def too_large(_: Exception) -> tuple[dict[str, int], int]:
        return {"status": 413}, 413

    return app


@pytest.fixture
def serve() -> Iterator[Serve]:
    running: list[HttpServer] = []

    def begin(app: Any = None, **settings: Any) -> HttpServer:
        server = HttpServer(app or application(), 0, host="127.0.0.1", **settings)
        server.start()
        running.append(server)
        return server

    yield begin
    for server in running:
        server.stop(0)


class Browser:
    """A client that writes exactly what it is told to."""

    def __init__(self, server: HttpServer) -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.port))
        self.socket.settimeout(10)

    def send(self, data: bytes) -> "Browser":
        self.socket.sendall(data)
        return self

    def post(self, path: str, body: bytes = b"", *headers: str, length: int | None = None) -> "Browser":
        lines = [f"POST {path} HTTP/1.1", "Host: test", f"Content-Length: {len(body) if length is None else length}", *headers, "", ""]
        return self.send("\r\n".join(lines).encode() + body)

    def get(self, path: str) -> "Browser":
        return self.send(f"GET {path} HTTP/1.1\r\nHost: test\r\n\r\n".encode())

    def answer(self) -> tuple[int, bytes]:
        """Read one answer: its status and its body."""
        with self.socket.makefile("rb") as stream:
            status = int(stream.readline().split()[1])
            length = 0
            while (line := stream.readline().strip()) != b"":
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            return status, stream.read(length)

    def is_closed(self) -> bool:
        """Tell whether the server closes the connection, once it has."""
        try:
            return bool(self.socket.recv(1) == b"")
        except ConnectionError:
            return True


def chunked(*chunks: bytes) -> bytes:
    """Return a body in chunks."""
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))


CHUNKED_HEAD = b"POST /size HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_a_body_of_exactly_the_limit_is_taken(serve: Serve) -> None:
    status, body = Browser(serve()).post("/size", b"x" * BODY_BYTES).answer()
    assert (status, json.loads(body)) == (200, {"size": BODY_BYTES})


def test_a_body_over_the_limit_is_refused_by_the_applications_own_page(serve: Serve) -> None:
    status, body = Browser(serve()).post("/size", b"x" * (BODY_BYTES + 1)).answer()
    assert (status, json.loads(body)) == (413, {"status": 413})


def test_a_body_that_is_announced_as_too_long_is_refused_before_it_is_sent(serve: Serve) -> None:
    with eventlet.Timeout(3):
        status, _ = Browser(serve()).post("/size", b"x", length=10**12).answer()
    assert status == 413


def test_the_connection_of_a_refused_body_is_closed(serve: Serve) -> None:
    browser = Browser(serve()).post("/size", b"x", length=10**12)
    assert browser.answer()[0] == 413
    assert browser.is_closed()


def test_a_body_in_chunks_is_taken_up_to_the_limit(serve: Serve) -> None:
    status, body = Browser(serve()).send(CHUNKED_HEAD + chunked(b"abc", b"de")).answer()
    assert (status, json.loads(body)) == (200, {"size": 5})


def test_a_body_in_chunks_over_the_limit_is_refused(serve: Serve) -> None:
    status, _ = Browser(serve()).send(CHUNKED_HEAD + chunked(*[b"x" * 65536] * 20)).answer()
    assert status == 413


def test_chunks_that_are_none_are_refused(serve: Serve) -> None:
    status, _ = Browser(serve()).send(CHUNKED_HEAD + b"this is no chunk\r\n\r\n").answer()
    assert status == 400


def test_a_body_that_nobody_reads_does_not_spoil_the_next_request(serve: Serve) -> None:
    browser = Browser(serve())
    assert browser.post("/unread", b"x" * 1000).answer() == (200, b"did not look")
    assert browser.post("/size", b"abc").answer()[0] == 200


@pytest.mark.parametrize("length", ["-1", "many", "1e3"])
def test_a_length_that_is_no_number_is_refused(serve: Serve, length: str) -> None:
    head = f"POST /size HTTP/1.1\r\nHost: test\r\nContent-Length: {length}\r\n\r\n".encode()
    assert Browser(serve()).send(head).answer()[0] == 400


def test_a_request_with_two_kinds_of_length_is_refused(serve: Serve) -> None:
    head = b"POST /size HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert Browser(serve()).send(head + chunked(b"abc")).answer()[0] == 400


def test_headers_that_trickle_in_are_not_waited_for_for_ever(serve: Serve) -> None:
    browser = Browser(serve(headers_within=0.4)).send(b"GET /slow HTTP/1.1\r\n")
    began = time.monotonic()
    with pytest.raises(OSError):
        for _ in range(40):
            browser.send(b"X-Slow: 1\r\n")
            eventlet.sleep(0.1)
            if browser.socket.gettimeout() and time.monotonic() - began > 3:
                break
        browser.answer()
        raise ConnectionError
    assert time.monotonic() - began < 3


def test_a_connection_without_a_request_is_closed_after_a_while(serve: Serve) -> None:
    browser = Browser(serve(idle_within=0.3))
    with eventlet.Timeout(2):
        assert browser.is_closed()


def test_a_body_that_trickles_in_is_not_waited_for_for_ever(serve: Serve) -> None:
    server = serve()
    server._application._body_within = 0.4
    browser = Browser(server).post("/size", b"x", length=100)
    with eventlet.Timeout(3):
        assert browser.answer()[0] == 408


def test_other_requests_are_served_while_one_trickles_in(serve: Serve) -> None:
    server = serve()
    Browser(server).send(b"POST /size HTTP/1.1\r\nContent-Length: 10\r\n\r\nx")
    with eventlet.Timeout(1):
        assert Browser(server).post("/size", b"abc").answer()[0] == 200


def test_an_exception_shows_neither_in_the_answer_nor_as_text_in_the_log(serve: Serve, capfd: pytest.CaptureFixture[str]) -> None:
    status, body = Browser(serve()).get("/broken").answer()
    assert status == 500
    assert SECRET.encode() not in body
    assert "Traceback" not in body.decode()


def test_a_url_without_an_end_is_refused(serve: Serve) -> None:
    assert Browser(serve()).send(b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n").answer()[0] == 414


def test_headers_without_an_end_are_refused(serve: Serve) -> None:
    head = b"GET /slow HTTP/1.1\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 1000) for n in range(100)) + b"\r\n"
    assert Browser(serve()).send(head).answer()[0] == 400


def test_a_request_in_hand_is_answered_when_the_server_stops(serve: Serve) -> None:
    server = serve()
    browser = Browser(server).get("/slow")
    eventlet.sleep(0.1)
    began = time.monotonic()
    server.stop(5)
    assert browser.answer() == (200, b"done")
    assert time.monotonic() - began < 3


def test_idle_connections_do_not_hold_up_the_stop(serve: Serve) -> None:
    server = serve()
    browser = Browser(server).post("/size", b"abc")
    assert browser.answer()[0] == 200
    began = time.monotonic()
    server.stop(5)
    assert browser.is_closed()
    assert time.monotonic() - began < 1


def test_nobody_is_let_in_after_the_stop(serve: Serve) -> None:
    server = serve()
    port = server.port
    server.stop(1)
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_a_request_that_takes_too_long_does_not_hold_up_the_stop(serve: Serve) -> None:
    server = serve()
    Browser(server).get("/slow")
    eventlet.sleep(0.1)
    began = time.monotonic()
    server.stop(0.1)
    assert time.monotonic() - began < 0.4
