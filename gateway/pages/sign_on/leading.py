"""Leading a browser to a provider, and telling people why they were not let in."""

from typing import cast

from flask import Response
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import StayPlayError
from gateway.pages.show import here, page
from gateway.people.single_sign_on import under_way
from gateway.people.single_sign_on.entering import Beginning
from gateway.runtime import runtime


def led(response: Response | AnyResponse, beginning: Beginning) -> Response | AnyResponse:
    """Give the browser what it must bring back."""
    under_way.put(cast("Response", response), beginning.cookie, secure=runtime().settings.is_secure)
    return response


def go_on(beginning: Beginning) -> Response | AnyResponse:
    """Answer a form with the way to the provider: a page that goes on by itself, and has a link where it does not.

    A redirect would be stopped by the browser: the page that the form stood on lets its forms go nowhere else.
    """
    shown = page("sign_on/go.html", title=f"Go on to your {beginning.label}", address=beginning.address, label=beginning.label)
    return led(shown, beginning)


def failed(error: StayPlayError, again: str) -> Response:
    """Return the page that says why nobody was let in, and what to do."""
    response = page("sign_on/failed.html", title=error.title, status=error.status, error=error, again=again, other=here("sign_in.form"))
    if "retry_after" in error.facts:
        response.headers["Retry-After"] = str(error.facts["retry_after"])
    return response
