"""Signing in and out, and choosing a borough."""

from typing import cast

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import StayPlayError
from gateway.access import cookies, current
from gateway.access.guard import open_to_all, signed_in_only
from gateway.access.roles import ROLES
from gateway.contract import SignInRequest
from gateway.pages.attempt import shown_in_form
from gateway.pages.forms import Filled, Form
from gateway.pages.own_address import own_address
from gateway.pages.show import page
from gateway.pages.sign_in.by_account import boroughs_open_to, by_account
from gateway.pages.sign_in.entering import entered
from gateway.runtime import runtime

part = Blueprint("sign_in", __name__)


@part.get("/")
@open_to_all
def front() -> AnyResponse:
    """Lead to the boroughs of whoever is signed in, else to the sign-in page."""
    return redirect(url_for("pages.sign_in.boroughs" if current.signed_in() else "pages.sign_in.form"), 303)


@part.get("/sign-in")
@open_to_all
def form() -> Response:
    """Ask who signs in."""
    return asked(Form(SignInRequest, "device").blank(), ended=request.args.get("why") == "ended")


def asked(filled: Filled, *, ended: bool = False) -> Response:
    """Return the sign-in page; ``ended`` says that a session is over."""
    status = filled.problem.status if filled.problem else (422 if filled.faults else 200)
    where = own_address(request.values.get("next", ""))
    return page(
        "sign_in/form.html",
        title="Sign in",
        status=status,
        has_faults=filled.in_error,
        filled=filled,
        w=filled.widgets,
        ended=ended,
        onward=where,
        offers_passkey=runtime().factors.passkeys.party.is_possible,
        **by_account(where),
    )


@part.post("/sign-in")
@open_to_all
def enter() -> Response | AnyResponse:
    """Begin a session, under a token that nobody knew before."""
    filled = Form(SignInRequest, "device").sent(request.form)
    values = filled.checked()
    if values is None:
        return asked(filled)
    try:
        session = runtime().sign_in.sign_in(
            values["email"],
            values["password"],
            address=current.address(),
            device=current.device(),
            user_agent=current.user_agent(),
            earlier_token=current.session_token(),
        )
    except StayPlayError as error:
        shown_in_form(filled, error)
        return asked(filled)
    return entered(session, own_address(request.form.get("next", "")) or url_for("pages.sign_in.boroughs"))


@part.post("/sign-out")
@open_to_all
def leave() -> AnyResponse:
    """End the session; where a provider vouched for it, the next page offers to sign out there too."""
    provider_id = current.visitor().provider_id if current.signed_in() else None
    slug = runtime().sign_on.slug_of(provider_id) if provider_id else ""
    if token := current.session_token():
        runtime().sign_in.sign_out(token)
    response = cast("Response", redirect(url_for("pages.sign_in.form", done="signed_out", left=slug or None), 303))
    cookies.take_away(response, secure=runtime().settings.is_secure)
    return response


@part.get("/boroughs")
@signed_in_only
def boroughs() -> Response | AnyResponse:
    """Lead to the only borough of a person, or let them choose."""
    every = boroughs_open_to(current.visitor())
    if len(every) == 1 and "stay" not in request.args:
        return redirect(url_for("pages.today.show", borough=every[0].slug), 303)
    return page("sign_in/boroughs.html", title="Choose a borough", boroughs=every, roles=ROLES)
