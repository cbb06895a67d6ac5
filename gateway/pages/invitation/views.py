"""Joining a borough by invitation. Nothing here tells whether the invited address has an account already."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import NotFound, StayPlayError
from gateway.access import current
from gateway.access.guard import open_to_all
from gateway.access.roles import ROLES
from gateway.contract import AcceptInvitationRequest
from gateway.pages.attempt import shown_in_form
from gateway.pages.forms import Filled, Form
from gateway.pages.show import page
from gateway.pages.sign_in.entering import entered
from gateway.runtime import runtime

part = Blueprint("invitation", __name__)

_GONE = "This invitation was used, taken back, sent again with another link, or is too old. Ask your borough administrator for a new one."


@part.get("/invitation/<token>")
@open_to_all
def show(token: str) -> Response:
    """Show what an invitation says, and ask for a password."""
    shown = _shown(token)
    return asked(shown, Form(AcceptInvitationRequest).blank(name=shown["name"]))


def _shown(token: str) -> dict[str, Any]:
    try:
        return runtime().joining.shown(token)
    except NotFound as gone:
        raise NotFound(_GONE) from gone


def asked(shown: dict[str, Any], filled: Filled) -> Response:
    """Return the page of an invitation."""
    return page(
        "invitation/page.html",
        title=f"Join {shown['programme_name']}",
        has_faults=filled.in_error,
        status=422 if filled.in_error else 200,
        filled=filled,
        w=filled.widgets,
        shown=shown,
        roles=ROLES,
    )


@part.post("/invitation/<token>")
@open_to_all
def join(token: str) -> Response | AnyResponse:
    """Join a borough and begin a session. A form that is sent twice does it once, and ends signed in both times."""
    filled = Form(AcceptInvitationRequest).sent(request.form)
    values = filled.checked()
    if values is None:
        return asked(_shown(token), filled)
    where, device = current.address(), current.device()
    try:
        joined = runtime().joining.accept(token, **values, address=where, key=filled.sent_key(), device=device)
    except NotFound as gone:
        raise NotFound(_GONE) from gone
    except StayPlayError as error:
        shown_in_form(filled, error)
        return asked(_shown(token), filled)
    session = runtime().sign_in.begin(
        joined.person, address=where, device=device, user_agent=current.user_agent(), earlier_token=current.session_token()
    )
    return entered(session, url_for("pages.today.show", borough=joined.slug))
