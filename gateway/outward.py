"""Reaching out to addresses that somebody wrote into a setting, without letting them lead anywhere else.

Every address that a name stands for must be allowed, and the connection goes to just the address that was looked at: a name
that leads elsewhere a moment later (DNS rebinding) changes nothing. No redirect is followed by whoever uses this.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final

import httpcore
import httpx
from dns.exception import DNSException

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LOCAL_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_INTERNET: Final = ipaddress.ip_network("2000::/3")
"""All that is given out of IPv6 to be reached by everybody; outside it stand networks of one's own, and IPv4 addresses dressed up."""
_OWN: Final = ipaddress.ip_network("fc00::/7")
_NEVER: Final = tuple(map(ipaddress.ip_network, ("2001::/32", "3fff::/20", "192.0.0.0/24", "192.88.99.0/24")))
"""Teredo, documents, and what relays and translators stand at, of which Python takes some for the internet's."""


class NotAllowed(Exception):
    """The name leads to an address that may not be reached."""


def may_reach(address: Address, *, local: bool, private: bool) -> bool:
    """Tell whether an address may be reached: public ones; with ``local`` this machine, with ``private`` private networks."""
    meant = (address.ipv4_mapped or address.sixtofour or address) if isinstance(address, ipaddress.IPv6Address) else address
    if meant.is_loopback:
        return local
    if meant.is_multicast or meant.is_link_local or meant.is_unspecified or any(meant in network for network in _NEVER):
        return False
    if isinstance(meant, ipaddress.IPv6Address) and meant not in _INTERNET:
        return private and meant in _OWN
    return meant.is_global or (private and meant.is_private)


class Guarded(httpcore.SyncBackend):
    """Connects only where it is allowed, and to the very address that was looked at."""

    def __init__(self, allowed: Callable[[Address], bool], until: float) -> None:
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
        """Connect; raises NotAllowed where the name leads to an address that is not."""
        found = _addresses(host, port)
        if not found or not all(self._allowed(ipaddress.ip_address(address)) for address in found):
            raise NotAllowed(host)
        in_order = sorted(found, key=lambda address: ":" in address)
        stream = super().connect_tcp(in_order[0], port, _left(self._until, timeout), local_address, socket_options)
        return Hurried(stream, self._until)


def _addresses(host: str, port: int) -> set[str]:
    """Return what a name stands for now. Raises OSError where it stands for nothing, whichever resolver is asked."""
    try:
        return {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except DNSException as fault:  # eventlet's resolver raises its own
        raise OSError(f"{host} can't be resolved: {type(fault).__name__}") from None


class Hurried(httpcore.NetworkStream):
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
        return Hurried(self._stream.start_tls(ssl_context, server_hostname, _left(self._until, timeout)), self._until)

    def get_extra_info(self, info: str) -> Any:
        """Tell about the connection."""
        return self._stream.get_extra_info(info)


def _left(until: float, timeout: float | None) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left if timeout is None else min(timeout, left)


@cache
def trusted() -> ssl.SSLContext:
    """Return the certificates that browsers trust, or those that SSL_CERT_FILE names; loading them takes a moment."""
    return httpx.create_ssl_context()
