"""Protection of forms: a form must come from a page of ours that this very sign-in was given.

Two locks. The browser says where a request comes from (Sec-Fetch-Site, else Origin): another site is
refused. And each form of a signed-in page carries a token made from the sign-in token, which no other
site can read. Nothing is stored.
"""

import hmac
from hashlib import sha256
from urllib.parse import urlsplit

from flask import Request

from chassis.errors import StayPlayError, register

FIELD = "csrf_token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
NO_FORMS = frozenset({"pages.sign_on.back_channel"})
"""Outside the API, where a server posts and no browser: what comes there proves itself by its signature, and uses no session."""


@register
class ForeignForm(StayPlayError):
    """The form did not come from a page of ours, or from one that an earlier sign-in was given."""

    code, status, title = "foreign_form", 403, "Open the page again"
    default_message = "This form is too old, or did not come from this site. Nothing was saved. Open the page again and send it from there."


def token_for(session_token: str) -> str:
    """Return what a form of the holder of ``session_token`` must carry in the field `FIELD`."""
    return hmac.new(session_token.encode(), b"stayplay form", sha256).hexdigest()


def check(request: Request, session_token: str) -> None:
    """Let a form pass that comes from our own page; `gateway.app` calls this for everything outside the API.

    Args:
        request: the request; one that changes nothing always passes.
        session_token: the sign-in token that came with it; empty before sign-in, when only the origin is checked.

    Raises:
        ForeignForm: it comes from elsewhere, or without the right token.
    """
    if request.method in SAFE_METHODS:
        return
    if not _from_here(request):
        raise ForeignForm
    if session_token and not hmac.compare_digest(token_for(session_token), request.form.get(FIELD, "")):
        raise ForeignForm


def _from_here(request: Request) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host
