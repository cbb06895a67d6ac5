"""Letting a browser in that has proved whose it is."""

from typing import cast

from flask import Response, redirect
from werkzeug.wrappers import Response as AnyResponse

from gateway.access import cookies
from gateway.people.sign_in import Session
from gateway.runtime import runtime


def entered(session: Session, where: str) -> AnyResponse:
    """Give the browser its session and the sign that it signed in here, and lead it on."""
    secure = runtime().settings.is_secure
    response = cast("Response", redirect(where, 303))
    cookies.put(response, session.token, secure=secure)
    cookies.remember_device(response, session.device, secure=secure)
    return response
