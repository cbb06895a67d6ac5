"""Asking a provider over the network, without letting its address lead anywhere else.

An administrator writes the address, so it is not trusted: only https; every address that its name stands for
must be a public one, and the connection goes to just the address that was looked at; no redirect is followed;
no answer may be long or late.
"""

import json
import time
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import httpcore

from gateway.outward import LOCAL_NAMES, Address, Guarded, NotAllowed, may_reach, trusted
from gateway.people.single_sign_on.faults import ProviderAway

CONNECT_SECONDS: Final = 3.0
WHOLE_SECONDS: Final = 8.0
LARGEST_BYTES: Final = 512 * 1024


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
        secure = parts.scheme == "https" or (parts.scheme == "http" and self._local and host in LOCAL_NAMES)
        if not secure or not host or parts.username is not None or parts.fragment or port == 0:
            raise ProviderAway(f"{url} is not an https address that can be used.")
        return parts

    def _ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, Any]]:
        self.check(url)
        until = time.monotonic() + WHOLE_SECONDS
        backend = Guarded(self._allowed, until)
        try:
            with httpcore.ConnectionPool(ssl_context=trusted(), network_backend=backend) as pool:
                sent = {"Accept": "application/json", **headers}
                limits = {"timeout": {"connect": CONNECT_SECONDS, "read": WHOLE_SECONDS, "write": WHOLE_SECONDS, "pool": WHOLE_SECONDS}}
                with pool.stream(method, url, headers=list(sent.items()), content=body, extensions=limits) as answer:
                    return answer.status, _document(url, answer.iter_stream())
        except NotAllowed as host:
            raise ProviderAway(f"{host} stands in a private network, which is not allowed here.") from None
        except (httpcore.TimeoutException, TimeoutError):
            raise ProviderAway(f"{url} did not answer in time.") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError, UnicodeError) as fault:
            raise ProviderAway(f"{url} can't be reached ({type(fault).__name__}).") from None

    def _allowed(self, address: Address) -> bool:
        return may_reach(address, local=self._local, private=self._private)


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
