"""The cookies of a browser: its sign-in token, and the sign that it signed in here before."""

from flask import Request, Response

NAME = "stayplay"
NAME_OVER_HTTPS = "__Host-stayplay"
DEVICE = "stayplay-device"
DEVICE_OVER_HTTPS = "__Host-stayplay-device"
OPERATOR = "stayplay-operator"
OPERATOR_OVER_HTTPS = "__Host-stayplay-operator"
YEAR = 365 * 24 * 3600


def cookie_name(*, secure: bool) -> str:
    """Return the cookie's name; over https the prefix lets no other site or path set it."""
    return NAME_OVER_HTTPS if secure else NAME


def put(response: Response, token: str, *, secure: bool) -> None:
    """Give the browser its token until it is closed; scripts can't read it, other sites can't send it with a form."""
    response.set_cookie(cookie_name(secure=secure), token, httponly=True, samesite="Lax", secure=secure, path="/")


def take_away(response: Response, *, secure: bool) -> None:
    """Make the browser forget its token."""
    response.delete_cookie(cookie_name(secure=secure), httponly=True, samesite="Lax", secure=secure, path="/")


def token_in(request: Request, *, secure: bool) -> str:
    """Return the token that the browser sent, or an empty text."""
    return request.cookies.get(cookie_name(secure=secure), "")


def remember_device(response: Response, device: str, *, secure: bool) -> None:
    """Let the browser show at its next sign-in that it signed in to the account before: see `gateway.people.browsers`."""
    name = DEVICE_OVER_HTTPS if secure else DEVICE
    response.set_cookie(name, device, max_age=YEAR, httponly=True, samesite="Lax", secure=secure, path="/")


def device_in(request: Request, *, secure: bool) -> str:
    """Return what the browser shows of earlier sign-ins, or an empty text."""
    return request.cookies.get(DEVICE_OVER_HTTPS if secure else DEVICE, "")


def put_operator(response: Response, token: str, *, secure: bool) -> None:
    """Give an operator's browser the token of its session until it is closed; no other site can make the browser send it."""
    name = OPERATOR_OVER_HTTPS if secure else OPERATOR
    response.set_cookie(name, token, httponly=True, samesite="Strict", secure=secure, path="/")


def take_operator_away(response: Response, *, secure: bool) -> None:
    """Make the browser forget an operator's session."""
    name = OPERATOR_OVER_HTTPS if secure else OPERATOR
    response.delete_cookie(name, httponly=True, samesite="Strict", secure=secure, path="/")


def operator_token_in(request: Request, *, secure: bool) -> str:
    """Return the token of an operator's session that the browser sent, or an empty text."""
    return request.cookies.get(OPERATOR_OVER_HTTPS if secure else OPERATOR, "")
