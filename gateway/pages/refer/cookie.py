"""The cookie of a browser in which somebody without an account refers: the secret that opens what was begun there.

It ends with the browser. Whoever comes back later, or elsewhere, comes in with a code to their mail address, and the draft takes the secret
of that browser then.
"""

import secrets
from typing import Final

from flask import request
from werkzeug.wrappers import Response

from gateway.access import current
from gateway.runtime import runtime

NAME: Final = "stayplay-refer"
NAME_OVER_HTTPS: Final = "__Host-stayplay-refer"
SECRET_BYTES: Final = 32


def secret() -> str | None:
    """Return the secret that the browser holds; None for a member, whose account opens what is theirs, and where it holds none."""
    return (request.cookies.get(_name()) or None) if current.without_account() else None


def new_secret() -> str:
    """Return 256 random bits."""
    return secrets.token_urlsafe(SECRET_BYTES)


def give(response: Response, kept: str) -> None:
    """Let the browser hold a secret until it is closed."""
    secure = runtime().settings.is_secure
    response.set_cookie(_name(), kept, httponly=True, samesite="Lax", secure=secure, path="/")


def _name() -> str:
    return NAME_OVER_HTTPS if runtime().settings.is_secure else NAME
