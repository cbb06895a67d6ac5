"""Leaving a page for families, and how to hide that one was there."""

from flask import Response, make_response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from gateway.access.guard import open_to_all
from gateway.languages import for_families
from gateway.pages.join import cookie
from gateway.pages.strangers.shown import public_page
from gateway.runtime import runtime


@open_to_all
@for_families
def leave(borough: str) -> AnyResponse:
    """Forget what the browser holds of a form, and send it to a page that says nothing; a script that went ahead posts here.

    Nothing is looked up, and nothing can fail: whoever has to leave does not wait. What was written is deleted when its time is over.
    """
    ahead = request.method == "POST"
    response: AnyResponse = make_response("", 204) if ahead else redirect(runtime().settings.leave_url, 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    cookie.take_away(response)
    return response


@open_to_all
@for_families
def hide(borough: str) -> Response:
    """Say what a visit leaves behind on a phone or a computer, and how to take it away."""
    return public_page("join/hide.html", title=_("How to hide your visit"))
