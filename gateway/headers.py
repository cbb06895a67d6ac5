"""What every answer says about itself to browsers and to what lies between."""

import re
import secrets
from typing import Final

from flask import Flask, Response, g, request

from gateway.runtime import runtime

_ALWAYS: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"),
)
_API_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
_PICTURE_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"
_HASHED: Final = re.compile(r"\.[A-Z0-9]{8}\.[a-z0-9]+$")
_YEAR: Final = 365 * 24 * 3600


def nonce() -> str:
    """Return the number used once that lets a script or style of this page run; templates have it as ``csp_nonce()``."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def install(app: Flask) -> None:
    """Put the headers on every answer, and give templates their nonce."""
    app.jinja_env.globals["csp_nonce"] = nonce
    app.after_request(_set)


def _set(response: Response) -> Response:
    headers = response.headers
    headers.extend(_ALWAYS)
    headers["Content-Security-Policy"] = _policy()
    headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable" if _is_asset(response) or _is_picture(response) else "no-store"
    if runtime().settings.is_secure:
        headers["Strict-Transport-Security"] = f"max-age={2 * _YEAR}; includeSubDomains"
    return response


def picture() -> None:
    """Let this answer be a picture that a borough gave us: kept for ever under its hash, and able to do nothing, even opened by itself."""
    g.picture = True


def _policy() -> str:
    if g.get("picture"):
        return _PICTURE_POLICY
    return _API_POLICY if request.path.startswith("/api/") else _page_policy()


def _is_picture(response: Response) -> bool:
    return bool(g.get("picture")) and response.status_code == 200


def _page_policy() -> str:
    once = f" 'nonce-{g.nonce}'" if "nonce" in g else ""
    return (
        f"default-src 'none'; script-src 'self'{once}; style-src 'self'{once}; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _is_asset(response: Response) -> bool:
    """Tell whether this is a built asset, whose name holds a hash of what is in it."""
    return request.endpoint == "static" and response.status_code in {200, 206, 304} and bool(_HASHED.search(request.path))
