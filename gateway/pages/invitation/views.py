"""Joining a borough by invitation. Nothing here tells whether the invited address has an account already."""

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
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
from gateway.people.joining import JoiningNeedsFactor
from gateway.people.models import Person
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
    visitor = current.visitor() if current.signed_in() else None
    account, only = runtime().sign_on.joining(request.view_args["token"] if request.view_args else "")
    return page(
        "invitation/page.html",
        title=f"Join {shown['programme_name']}",
        has_faults=filled.in_error,
        status=422 if filled.in_error else 200,
        filled=filled,
        w=filled.widgets,
        shown=shown,
        visitor=visitor,
        is_theirs=visitor is not None and visitor.email == shown["email"],
        roles=ROLES,
        account=account,
        only_account=only,
        token=request.view_args["token"] if request.view_args else "",
    )


@part.post("/invitation/<token>")
@open_to_all
def join(token: str) -> Response | AnyResponse:
    """Join a borough and begin a session. A form that is sent twice does it once, and ends signed in both times."""
    filled = Form(AcceptInvitationRequest).sent(request.form)
    values = filled.checked()
    if values is None:
        return asked(_shown(token), filled)
    where, device, visitor = current.address(), current.device(), current.visitor() if current.signed_in() else None
    try:
        joined = runtime().joining.accept(token, **values, address=where, key=filled.sent_key(), device=device, visitor=visitor)
    except NotFound as gone:
        raise NotFound(_GONE) from gone
    except JoiningNeedsFactor as needed:
        return _begun(needed.person, url_for("pages.factors.prove", next=request.path))
    except StayPlayError as error:
        shown_in_form(filled, error)
        return asked(_shown(token), filled)
    today = url_for("pages.today.show", borough=joined.slug)
    return redirect(today, 303) if visitor and visitor.has_proved(joined.person.id) else _begun(joined.person, today)


def _begun(person: Person, where: str) -> AnyResponse:
    """Begin a session of somebody whose password was right, and lead on."""
    session = runtime().sign_in.begin(
        person, address=current.address(), device=current.device(), user_agent=current.user_agent(), earlier_token=current.session_token()
    )
    return entered(session, where)
