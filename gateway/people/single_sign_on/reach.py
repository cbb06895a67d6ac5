"""Asking a provider over the network, without letting its address lead anywhere else.

An administrator writes the address, so it is not trusted: only https; every address that its name stands for
must be a public one, and the connection goes to just the address that was looked at; no redirect is followed;
no answer may be long or late.
"""

import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import httpcore
import httpx

from gateway.people.single_sign_on.faults import ProviderAway

CONNECT_SECONDS: Final = 3.0
WHOLE_SECONDS: Final = 8.0
LARGEST_BYTES: Final = 512 * 1024
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Reach:
    """Reaches providers.

    Args:
        local: let http pass to this machine itself; only where people reach the gateway by http too, on a laptop.
        private: let addresses of private networks pass, where the borough's provider stands in one.
    """

    def __init__(self, *, local: bool = False, private: bool = False) -> None:
        self._local = local
        self._private = private

    def read(self, url: str) -> dict[str, Any]:
        """Return the JSON object at an address.

        Raises:
            ProviderAway: it can't be reached, or answers something else.
        """
        status, document = self._ask("GET", url, {}, b"")
        if status != 200:
            raise ProviderAway(f"{url} answered with the status {status}.")
        return document

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, Any]]:
        """Post a form; return the status and the JSON object of the answer.

        Raises:
            ProviderAway: as `read`, whatever the status.
        """
        return self._ask("POST", url, headers, body)

    def check(self, url: str) -> SplitResult:
        """Let an address pass that may be asked, or that a browser may be sent to.

        Raises:
            ProviderAway: it is not an https address, or holds what has no place there.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise ProviderAway(f"{url} is not an address.") from None
        if not url.isascii() or not url.isprintable() or " " in url:
            raise ProviderAway("An address of the provider holds letters that addresses are not written with.")
        secure = parts.scheme == "https" or (parts.scheme == "http" and self._local and host in _LOCAL)
        if not secure or not host or parts.username is not None or parts.fragment or port == 0:
            raise ProviderAway(f"{url} is not an https address that can be used.")
        return parts

    def _ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, Any]]:
        self.check(url)
        until = time.monotonic() + WHOLE_SECONDS
        backend = _Guarded(self._allowed, until)
        try:
            with httpcore.ConnectionPool(ssl_context=_trusted(), network_backend=backend) as pool:
                sent = {"Accept": "application/json", **headers}
                limits = {"timeout": {"connect": CONNECT_SECONDS, "read": WHOLE_SECONDS, "write": WHOLE_SECONDS, "pool": WHOLE_SECONDS}}
                with pool.stream(method, url, headers=list(sent.items()), content=body, extensions=limits) as answer:
                    return answer.status, _document(url, answer.iter_stream())
        except (httpcore.TimeoutException, TimeoutError):
            raise ProviderAway(f"{url} did not answer in time.") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError, UnicodeError) as fault:
            raise ProviderAway(f"{url} can't be reached ({type(fault).__name__}).") from None

    def _allowed(self, address: Address) -> bool:
        meant = (address.ipv4_mapped or address.sixtofour or address) if isinstance(address, ipaddress.IPv6Address) else address
        if meant.is_loopback:
            return self._local
        if meant.is_multicast or meant.is_link_local or meant.is_unspecified or meant in _NAT64:
            return False
        return meant.is_global or (self._private and meant.is_private)


class _Guarded(httpcore.SyncBackend):
    """Connects only where it is allowed, and to the very address that was looked at."""

    def __init__(self, allowed: Any, until: float) -> None:
        self._allowed = allowed
        self._until = until

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect; raises ProviderAway where the name leads to an address that is not allowed."""
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
        if not found or not all(self._allowed(ipaddress.ip_address(address)) for address in found):
            raise ProviderAway(f"{host} stands in a private network, which is not allowed here.")
        in_order = sorted(found, key=lambda address: ":" in address)
        stream = super().connect_tcp(in_order[0], port, _left(self._until, timeout), local_address, socket_options)
        return _Hurried(stream, self._until)


class _Hurried(httpcore.NetworkStream):
    """A connection on which nothing lasts beyond one moment, however slowly it drips."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come."""
        return self._stream.read(max_bytes, _left(self._until, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send."""
        self._stream.write(buffer, _left(self._until, timeout))

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Go on encrypted."""
        return _Hurried(self._stream.start_tls(ssl_context, server_hostname, _left(self._until, timeout)), self._until)

    def get_extra_info(self, info: str) -> Any:
        """Tell about the connection."""
        return self._stream.get_extra_info(info)


def _left(until: float, timeout: float | None) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left if timeout is None else min(timeout, left)


@cache
def _trusted() -> ssl.SSLContext:
    """Return the certificates that browsers trust, or those that SSL_CERT_FILE names; loading them takes a moment."""
    return httpx.create_ssl_context()


def _document(url: str, parts: Iterable[bytes]) -> dict[str, Any]:
    raw = b""
    for part in parts:
        raw += part
        if len(raw) > LARGEST_BYTES:
            raise ProviderAway(f"{url} answered with more than it should.")
    try:
        found = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ProviderAway(f"{url} did not answer with a JSON object.")
    return found
