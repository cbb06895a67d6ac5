"""Which addresses of providers are asked, and what of their answers is taken."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from gateway.people.single_sign_on import reach
from gateway.people.single_sign_on.faults import ProviderAway
from gateway.people.single_sign_on.reach import LARGEST_BYTES, Reach

Answer = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """A server on this machine that answers as a test says, and counts who asks."""

    def __init__(self) -> None:
        self.answer: Answer = lambda request: said(request, 200, b'{"issuer": "us"}')
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                outer.answer(self)

            def do_POST(self) -> None:
                outer.asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
                outer.answer(self)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


def said(request: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.http.shutdown()
    running.http.server_close()


@pytest.fixture
def on_a_laptop() -> Reach:
    return Reach(local=True)


def leads_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let every name stand for these addresses; return what is looked up."""
    asked: list[str] = []

    def found(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        families = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(families[":" in each], socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    return asked


ALLOWED = ["https://login.example.org", "https://login.example.org:8443/tenant/v2.0", "https://xn--bcher-kva.example/x?y=z"]
REFUSED = [
    "http://login.example.org", "ftp://login.example.org", "file:///etc/passwd", "javascript:alert(1)", "login.example.org", "",
    "https://", "https:///path", "https://user@login.example.org", "https://user:pw@login.example.org", "https://login.example.org/#x",
    "https://login.example.org:0/", "https://login.example.org:99999/", "https://login.example.org:x/", "https://[::1",
    "//login.example.org", "https://exämple.org", "https://login.example.org/ü", "https://login.example.org/a b", "https://a\nb.example",
    "http://localhost.evil.example/", "http://127.0.0.1.evil.example",
]  # fmt: skip


@pytest.mark.parametrize("url", ALLOWED)
def test_addresses_over_https_pass(url: str) -> None:
    assert Reach().check(url).scheme == "https"


@pytest.mark.parametrize("url", [*REFUSED, "http://localhost:8080", "http://127.0.0.1"])
def test_no_other_passes(url: str) -> None:
    with pytest.raises(ProviderAway):
        Reach().check(url)


@pytest.mark.parametrize("url", REFUSED)
def test_nor_on_a_laptop(url: str, on_a_laptop: Reach) -> None:
    with pytest.raises(ProviderAway):
        on_a_laptop.check(url)


def test_on_a_laptop_http_passes_to_itself_alone(on_a_laptop: Reach) -> None:
    for url in ("http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000"):
        assert on_a_laptop.check(url).port == 3000


PRIVATE = ["10.0.0.1", "172.16.5.5", "192.168.1.1", "fd00::1"]
NEVER = [
    "169.254.169.254", "fe80::1", "0.0.0.0",  # noqa: S104 - nothing is bound to it: it is refused
    "::", "224.0.0.1", "ff02::1", "64:ff9b::a9fe:a9fe",
    "::ffff:169.254.169.254", "2002:a9fe:a9fe::1",
]  # fmt: skip
LOOPBACK = ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "2002:7f00:0001::1"]


@pytest.mark.parametrize("address", [*PRIVATE, *NEVER, *LOOPBACK, "100.64.0.1", "198.18.0.1"])
def test_a_name_that_leads_inside_is_not_asked(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    leads_to(monkeypatch, address)
    with pytest.raises(ProviderAway) as refused:
        Reach().read("https://login.example.org/x")
    assert "private network" in refused.value.found


@pytest.mark.parametrize("address", [*NEVER, *LOOPBACK])
def test_where_private_networks_are_allowed_these_are_not(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    leads_to(monkeypatch, address)
    with pytest.raises(ProviderAway) as refused:
        Reach(private=True).read("https://login.example.org/x")
    assert "private network" in refused.value.found


@pytest.mark.parametrize("address", PRIVATE)
def test_private_networks_are_asked_where_the_setting_says_so(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    leads_to(monkeypatch, address)
    connected: list[Any] = []

    def create(where: Any, *_: Any, **__: Any) -> None:
        connected.append(where[0])
        raise OSError

    monkeypatch.setattr(socket, "create_connection", create)
    with pytest.raises(ProviderAway) as away:
        Reach(private=True).read("https://login.example.org/x")
    assert "can't be reached" in away.value.found
    assert connected == [address]


def test_one_address_of_several_that_leads_inside_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    leads_to(monkeypatch, "93.184.216.34", "10.0.0.1")
    with pytest.raises(ProviderAway) as refused:
        Reach().read("https://login.example.org/x")
    assert "private network" in refused.value.found


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is another address the second time it is asked for gains nothing by it."""
    asked = leads_to(monkeypatch, "93.184.216.34")
    connected: list[Any] = []

    def create(where: Any, *_: Any, **__: Any) -> None:
        connected.append(where)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", create)
    with pytest.raises(ProviderAway):
        Reach().read("https://login.example.org/x")
    assert connected == [("93.184.216.34", 443)]
    assert asked == ["login.example.org"]


def test_an_answer_is_read(server: Server, on_a_laptop: Reach) -> None:
    assert on_a_laptop.read(f"{server.url}/x?y=z") == {"issuer": "us"}
    assert server.asked == ["/x?y=z"]


def test_a_form_is_sent_and_its_answer_told_whatever_its_status(server: Server, on_a_laptop: Reach) -> None:
    server.answer = lambda request: said(request, 400, b'{"error": "invalid_grant"}')
    assert on_a_laptop.send(f"{server.url}/token", {}, b"code=1") == (400, {"error": "invalid_grant"})
    assert server.asked == ["code=1"]


def test_a_redirect_is_not_followed(server: Server, on_a_laptop: Reach) -> None:
    server.answer = lambda request: said(request, 302, b"{}", Location="http://localhost:1/inside")
    with pytest.raises(ProviderAway) as away:
        on_a_laptop.read(f"{server.url}/x")
    assert "302" in away.value.found
    assert server.asked == ["/x"]


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"text"', b"7", b"null", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_object_is_refused(server: Server, on_a_laptop: Reach, body: bytes) -> None:
    server.answer = lambda request: said(request, 200, body)
    with pytest.raises(ProviderAway) as away:
        on_a_laptop.read(f"{server.url}/x")
    assert "JSON object" in away.value.found


def test_what_is_longer_than_it_should_be_is_refused(server: Server, on_a_laptop: Reach) -> None:
    server.answer = lambda request: said(request, 200, json.dumps({"x": "y" * LARGEST_BYTES}).encode())
    with pytest.raises(ProviderAway) as away:
        on_a_laptop.read(f"{server.url}/x")
    assert "more than it should" in away.value.found


@pytest.mark.filterwarnings("ignore:please use dns.resolver:DeprecationWarning")  # eventlet's own way to ask for names
@pytest.mark.parametrize(
    "host", ["a..example", "." * 5, "a" * 70 + ".example", "-", "x" * 300, "1.2.3.4.5", "xn--a", "%41.example", "a_b.example"]
)
def test_a_name_that_cannot_be_is_away_and_no_failure_of_ours(host: str) -> None:
    with pytest.raises(ProviderAway):
        Reach().read(f"https://{host}/x")


def test_nobody_answers(on_a_laptop: Reach) -> None:
    with pytest.raises(ProviderAway) as away:
        on_a_laptop.read("http://localhost:1/x")
    assert "can't be reached" in away.value.found


def test_an_answer_that_drips_for_ever_is_given_up(server: Server, on_a_laptop: Reach, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "WHOLE_SECONDS", 0.6)

    def drip(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        try:
            for _ in range(100):
                request.wfile.write(b" ")
                request.wfile.flush()
                time.sleep(0.1)
        except OSError:
            pass

    server.answer = drip
    began = time.monotonic()
    with pytest.raises(ProviderAway) as away:
        on_a_laptop.read(f"{server.url}/x")
    assert "in time" in away.value.found
    assert time.monotonic() - began < 3


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # eventlet lets a socket go whose handshake failed
def test_a_server_that_speaks_no_tls_is_not_asked_in_the_clear(server: Server) -> None:
    with pytest.raises(ProviderAway):
        Reach(local=True).read(server.url.replace("http:", "https:"))
    assert server.asked == []
