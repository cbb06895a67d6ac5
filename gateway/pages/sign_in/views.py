"""Signing in and out, choosing a borough, and joining by invitation."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import NotFound, StayPlayError
from gateway.access import cookies, current
from gateway.access.guard import open_to_all, signed_in_only
from gateway.access.roles import ROLES
from gateway.contract import AcceptInvitationRequest, SignInRequest
from gateway.pages.forms import Filled, Form
from gateway.pages.show import page
from gateway.runtime import runtime

part = Blueprint("sign_in", __name__)

_TOLD_IN_THE_FORM = frozenset({401, 409, 422, 429})


@part.get("/")
@open_to_all
def front() -> AnyResponse:
    """Lead to the boroughs of whoever is signed in, else to the sign-in page."""
    return redirect(url_for("pages.sign_in.boroughs" if current.signed_in() else "pages.sign_in.form"), 303)


@part.get("/sign-in")
@open_to_all
def form() -> Response:
    """Ask who signs in."""
    return asked(Form(SignInRequest).blank(), ended=request.args.get("why") == "ended")


def asked(filled: Filled, *, ended: bool = False) -> Response:
    """Return the sign-in page; ``ended`` says that a session is over."""
    status = filled.problem.status if filled.problem else (422 if filled.faults else 200)
    return page(
        "sign_in/form.html",
        title="Sign in",
        status=status,
        has_faults=filled.in_error,
        filled=filled,
        w=filled.widgets,
        ended=ended,
        onward=_safe(request.values.get("next", "")),
    )


@part.post("/sign-in")
@open_to_all
def enter() -> Response | AnyResponse:
    """Begin a session."""
    filled = Form(SignInRequest).sent(request.form)
    values = filled.checked()
    if values is None:
        return asked(filled)
    try:
        session = runtime().sign_in.sign_in(
            values["email"], values["password"], address=current.address(), earlier_token=current.session_token()
        )
    except StayPlayError as error:
        return _refused(filled, error)
    return _signed_in(session.token, _safe(request.form.get("next", "")) or url_for("pages.sign_in.boroughs"))


def _refused(filled: Filled, error: StayPlayError) -> Response:
    if error.status not in _TOLD_IN_THE_FORM:
        raise error
    filled.refuse(error)
    return asked(filled)


def _signed_in(token: str, where: str) -> AnyResponse:
    response = redirect(where, 303)
    cookies.put(response, token, secure=runtime().settings.is_secure)  # type: ignore[arg-type]  # Flask's redirect is a Response
    return response


def _safe(where: str) -> str:
    """Return an address of our own to go on to; nothing for any other."""
    address = urlsplit(where)
    own = where.startswith("/") and not where.startswith(("//", "/\\")) and not address.netloc and "\\" not in where
    return where if own else ""


@part.post("/sign-out")
@open_to_all
def leave() -> AnyResponse:
    """End the session."""
    if token := current.session_token():
        runtime().sign_in.sign_out(token)
    response = redirect(url_for("pages.sign_in.form", done="signed_out"), 303)
    cookies.take_away(response, secure=runtime().settings.is_secure)  # type: ignore[arg-type]  # Flask's redirect is a Response
    return response


@part.get("/boroughs")
@signed_in_only
def boroughs() -> Response | AnyResponse:
    """Lead to the only borough of a person, or let them choose."""
    every = runtime().sign_in.boroughs_of(current.visitor().person_id)
    if len(every) == 1 and "stay" not in request.args:
        return redirect(url_for("pages.today.show", borough=every[0].slug), 303)
    return page("sign_in/boroughs.html", title="Choose a borough", boroughs=every, roles=ROLES)


@part.get("/invitation/<token>")
@open_to_all
def invitation(token: str) -> Response:
    """Show what an invitation says, and ask for a password."""
    return invited(token, Form(AcceptInvitationRequest).blank(name=_shown(token)["name"]))


def _shown(token: str) -> dict[str, object]:
    try:
        return runtime().sign_in.shown(token)
    except NotFound as gone:
        raise NotFound("This invitation was used, taken back, or is too old. Ask your borough administrator for a new one.") from gone


def invited(token: str, filled: Filled) -> Response:
    """Return the page of an invitation."""
    shown = _shown(token)
    return page(
        "sign_in/invitation.html",
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
    """Join a borough and begin a session."""
    filled = Form(AcceptInvitationRequest).sent(request.form)
    values = filled.checked()
    if values is None:
        return invited(token, filled)
    desk, shown = runtime().sign_in, _shown(token)
    try:
        slug = desk.accept(token, password=values["password"], name=values["name"], address=current.address())
        session = desk.sign_in(str(shown["email"]), values["password"], address=current.address(), earlier_token=current.session_token())
    except StayPlayError as error:
        if error.status not in _TOLD_IN_THE_FORM:
            raise
        filled.refuse(error)
        return invited(token, filled)
    return _signed_in(session.token, url_for("pages.today.show", borough=slug))
