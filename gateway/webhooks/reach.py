"""Handing one message to one address: only https, only the internet, no redirect followed, nothing long or late listened to."""

import ipaddress
import time
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import httpcore

from chassis.errors import Invalid
from gateway.outward import LOCAL_NAMES, Address, Guarded, NotAllowed, may_reach, trusted

CONNECT_SECONDS: Final = 3.0
WHOLE_SECONDS: Final = 8.0
_NOT_HTTPS: Final = "Address: enter one that begins with https://, such as https://example.org/hook."

_PRIVATE: Final = "Address: this leads into a private network. Enter one that can be reached from the internet."


class WebhookReach:
    """Reaches systems.

    Args:
        local: let http pass to this machine itself; only where people reach the gateway by http too, on a laptop.
        within: seconds that the whole of it may take.
    """

    def __init__(self, *, local: bool = False, within: float = WHOLE_SECONDS) -> None:
        self._local = local
        self._within = within

    def check(self, url: str) -> None:
        """Let an address pass that something may be sent to.

        Raises:
            Invalid: it is not an https address, or holds what has no place there.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise Invalid(faults={"url": [_NOT_HTTPS]}) from None
        secure = parts.scheme == "https" or (parts.scheme == "http" and self._local and host in LOCAL_NAMES)
        plain = url.isascii() and url.isprintable() and " " not in url
        if not (secure and plain and host) or parts.username is not None or parts.fragment or port == 0:
            raise Invalid(faults={"url": [_NOT_HTTPS]})
        if not self._may_be(host):
            raise Invalid(faults={"url": [_PRIVATE]})

    def _may_be(self, host: str) -> bool:
        """Tell whether a host could be reached, as far as that can be told without looking its name up: each attempt does."""
        try:
            return self._allowed(ipaddress.ip_address(host))
        except ValueError:
            return self._local or host not in LOCAL_NAMES

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> str:
        """Post a message; return what came of it: a status such as ``204``, or a code of `contract.OUTCOMES`."""
        backend = Guarded(self._allowed, time.monotonic() + self._within)
        try:
            with httpcore.ConnectionPool(ssl_context=trusted(), network_backend=backend) as pool:
                limits = {
                    "timeout": dict.fromkeys(("read", "write", "pool"), self._within) | {"connect": min(CONNECT_SECONDS, self._within)}
                }
                with pool.stream("POST", url, headers=list(headers.items()), content=body, extensions=limits) as answer:
                    return "redirected" if 300 <= answer.status < 400 else str(answer.status)
        except NotAllowed:
            return "not_allowed"
        except (httpcore.TimeoutException, TimeoutError):
            return "late"
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError, UnicodeError, ValueError):
            return "unreachable"

    def _allowed(self, address: Address) -> bool:
        return may_reach(address, local=self._local, private=False)
