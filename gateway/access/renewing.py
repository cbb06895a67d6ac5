"""Giving the session in hand another token: at every change of what it may do, so that one who knew the old token gains nothing."""

import secrets
from typing import Any, Final

from flask import Flask, Response, g

from gateway.access import cookies, current
from gateway.runtime import runtime

HEADER: Final = "Stay-Play-Session"
"""Where the API tells the token that takes the place of the one that came; the old one works for half a minute more."""


def renew(*, at_once: bool = True, **noted: Any) -> str:
    """Let the session in hand go on under another token, which the answer carries; return it.

    A browser gets it as its cookie, a client of the API in the header `HEADER`.

    Args:
        at_once: the old token is worth nothing from now on; else requests under way with it are still answered.
        noted: what changes with it: ``confirmed_at``, ``second_factor_at``.

    Raises:
        NotSignedIn: nobody is signed in.
    """
    token = secrets.token_urlsafe(32)
    visitor = current.visitor()
    if runtime().identity.exchange(visitor.session_id, current.session_token(), token, at_once=at_once, **noted):
        g.session_token = token
        return token
    return current.session_token()


def install(app: Flask) -> None:
    """Let answers carry the tokens that were made for them."""
    app.after_request(_hand_over)


def _hand_over(response: Response) -> Response:
    token = g.pop("session_token", "")
    if token and current.is_api():
        response.headers[HEADER] = token
    elif token:
        cookies.put(response, token, secure=runtime().settings.is_secure)
    return response
