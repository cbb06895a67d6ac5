"""The cookie of a browser in which a parent is asking to join: which draft, what opens it, and since when.

It lasts an hour from the last answer on, so that nobody who takes up the phone later finds the answers; and it ends with *Leave this page*.
"""

import secrets
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from flask import request
from werkzeug.wrappers import Response

from gateway.runtime import runtime

NAME: Final = "stayplay-join"
NAME_OVER_HTTPS: Final = "__Host-stayplay-join"
LASTS: Final = timedelta(hours=1)
SECRET_BYTES: Final = 32


class Held(NamedTuple):
    """What a browser holds of a draft.

    Attributes:
        opened_at: when the parent began.
    """

    draft_id: UUID
    secret: str
    opened_at: datetime


def new_secret() -> str:
    """Return 256 random bits that can stand in an address."""
    return secrets.token_urlsafe(SECRET_BYTES)


def held() -> Held | None:
    """Return what the browser holds; None where it holds nothing, or something that is not ours."""
    draft_id, _, rest = request.cookies.get(_name(), "").partition("~")
    secret, _, seal = rest.partition("~")
    opened_at = runtime().seals.opened_at(seal)
    try:
        return Held(UUID(draft_id), secret, opened_at) if opened_at and secret else None
    except ValueError:
        return None


def give(response: Response, kept: Held) -> None:
    """Let the browser hold a draft for an hour from now on."""
    value = "~".join((str(kept.draft_id), kept.secret, runtime().seals.new(kept.opened_at)))
    response.set_cookie(_name(), value, max_age=LASTS, httponly=True, samesite="Lax", secure=_secure(), path="/")


def take_away(response: Response) -> None:
    """Make the browser forget the draft."""
    response.delete_cookie(_name(), httponly=True, samesite="Lax", secure=_secure(), path="/")


def _secure() -> bool:
    return runtime().settings.is_secure


def _name() -> str:
    return NAME_OVER_HTTPS if _secure() else NAME
