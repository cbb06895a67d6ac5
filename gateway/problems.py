"""What goes wrong, said to machines: problem+json (RFC 9457)."""

import json
from typing import Any, Final

from flask import Response, request
from werkzeug.exceptions import HTTPException

from chassis.errors import NotFound, StayPlayError, TooLarge, Unreadable, register
from services.referrals.contract.importing import SPLIT

MIMETYPE: Final = "application/problem+json"
_OF_FILES: Final = "pages.imports.send"


@register
class WrongMethod(StayPlayError):
    """The address is there, but this can't be done with it."""

    code, status, title = "wrong_method", 405, "This can't be done here"
    default_message = "This address does not take this method. See /api/openapi.json for what it takes."


def typed(error: HTTPException) -> StayPlayError:
    """Return what a fault that the web framework noticed is in our own errors."""
    if error.code == TooLarge.status and request.endpoint == _OF_FILES:
        return TooLarge(SPLIT)
    known: dict[int | None, type[StayPlayError]] = {404: NotFound, 405: WrongMethod, 413: TooLarge}
    return known.get(error.code, Unreadable)()


def problem(error: StayPlayError) -> Response:
    """Return the document that says ``error``. Two errors of a kind are the same to the byte: nothing in it tells whose id it was."""
    document: dict[str, Any] = {
        **{name: fact for name, fact in error.facts.items() if fact},
        "type": f"urn:stayplay:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "code": error.code,
        "detail": error.message,
    }
    response = Response(json.dumps(document, default=str), error.status, mimetype=MIMETYPE)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="stayplay"'
    if error.facts.get("scope"):
        response.headers["WWW-Authenticate"] = f'Bearer realm="stayplay", error="insufficient_scope", scope="{error.facts["scope"]}"'
    if "retry_after" in error.facts:
        response.headers["Retry-After"] = str(error.facts["retry_after"])
    return response
