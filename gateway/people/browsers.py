"""Browsers and apps that signed in to an account before: a cookie says so, which nobody else can make.

These are OWASP's "device cookies". Whoever has one for an account is slowed down only by their own failed attempts, whatever
others do meanwhile. A cookie holds a random number and, for each account, a keyed hash of both: it names nobody.
"""

import hmac
import secrets
from hashlib import sha256
from typing import Final

ACCOUNTS: Final = 8
"""How many people may share a browser; the one who signed in longest ago is forgotten first."""


class Browsers:
    """Makes and reads these cookies.

    Args:
        secret: the gateway's private key.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def known_as(self, cookie: str, email: str) -> str:
        """Return the number of a browser that signed in to this account before, else an empty text."""
        number, tags = _parts(cookie)
        known = any(hmac.compare_digest(tag, self._tag(number, email)) for tag in tags)
        return number if known else ""

    def remembering(self, cookie: str, email: str) -> str:
        """Return the cookie for a browser that has just signed in to this account."""
        number, tags = _parts(cookie)
        number = number or secrets.token_hex(16)
        tag = self._tag(number, email)
        return ".".join([number, tag, *[other for other in tags if other != tag][: ACCOUNTS - 1]])

    def _tag(self, number: str, email: str) -> str:
        return hmac.new(self._secret, f"stayplay browser {number} {email}".encode(), sha256).hexdigest()[:32]


def _parts(cookie: str) -> tuple[str, list[str]]:
    """Return number and tags; nothing where it is none of ours."""
    parts = cookie.split(".")
    ours = 2 <= len(parts) <= ACCOUNTS + 1 and all(len(part) == 32 and set(part) <= set("0123456789abcdef") for part in parts)
    return (parts[0], parts[1:]) if ours else ("", [])


_FAMILIES: Final = (
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def in_words(user_agent: str) -> str:
    """Return what a browser calls itself in a few words, for example ``Firefox on Windows``."""
    family = next((name for mark, name in _FAMILIES if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if not family:
        return "An app"
    return f"{family} on {system}" if system else family
