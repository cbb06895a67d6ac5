"""The cookie that carries the sign-in token of a browser."""

from flask import Request, Response

NAME = "stayplay"
NAME_OVER_HTTPS = "__Host-stayplay"


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
