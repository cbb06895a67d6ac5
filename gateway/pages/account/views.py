"""A person's own account: name, password, where they are signed in, and proving again who they are."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import StayPlayError
from gateway.access import current, renewing
from gateway.access.guard import asks_again, signed_in_only
from gateway.contract import SIGN_IN_METHODS, ChangeNameRequest, ChangePasswordRequest, ConfirmRequest
from gateway.pages.account.sections import boroughs_with_systems, rows
from gateway.pages.attempt import shown_in_form
from gateway.pages.forms import Filled, Form
from gateway.pages.own_address import own_address
from gateway.pages.show import onward, page
from gateway.people.models import real_now
from gateway.runtime import runtime

part = Blueprint("account", __name__)


@part.get("/account")
@signed_in_only
def index() -> Response:
    """Show the account, and where it is signed in."""
    visitor = current.visitor()
    sessions = runtime().account.sessions(visitor)
    return page(
        "account/index.html",
        title="Your account",
        account=rows(visitor),
        sessions=sessions,
        methods=SIGN_IN_METHODS,
        with_systems=boroughs_with_systems(visitor),
    )


@part.route("/account/name", methods=["GET", "POST"])
@signed_in_only
def name() -> Response | AnyResponse:
    """Ask for the name as it is to be."""
    form = Form(ChangeNameRequest)
    if request.method == "GET":
        return _asked("account/name.html", "Change your name", form.blank(name=current.visitor().person_name))
    filled = form.sent(request.form)
    values = filled.checked()
    if values is None:
        return _asked("account/name.html", "Change your name", filled)
    runtime().account.rename(current.visitor(), values["name"])
    return onward("account.index", "name_changed")


@part.route("/account/password", methods=["GET", "POST"])
@asks_again
@signed_in_only
def password() -> Response | AnyResponse:
    """Ask for the present password and another; the session goes on under another token."""
    form = Form(ChangePasswordRequest)
    if request.method == "GET":
        return _asked("account/password.html", "Change your password", form.blank())
    filled = form.sent(request.form)
    values = filled.checked()
    if values is None:
        return _asked("account/password.html", "Change your password", filled)
    try:
        runtime().account.change_password(current.visitor(), **values, address=current.address(), device=current.device())
    except StayPlayError as error:
        shown_in_form(filled, error)
        return _asked("account/password.html", "Change your password", filled)
    renewing.renew(confirmed_at=real_now())
    return onward("account.index", "password_changed")


@part.post("/account/sessions/<uuid:session_id>/end")
@signed_in_only
def end_session(session_id: UUID) -> AnyResponse:
    """End one session."""
    runtime().account.end_session(current.visitor().person_id, session_id)
    return onward("account.index", "session_ended")


@part.post("/account/sessions/end-others")
@signed_in_only
def end_others() -> AnyResponse:
    """End every session but this one."""
    runtime().account.end_other_sessions(current.visitor())
    return onward("account.index", "sessions_ended")


@part.route("/account/confirm", methods=["GET", "POST"])
@signed_in_only
def confirm() -> Response | AnyResponse:
    """Ask for the password again, then lead on to what needed it."""
    where = own_address(request.values.get("next", ""))
    if request.method == "GET":
        return _confirming(Form(ConfirmRequest).blank(), where)
    filled = Form(ConfirmRequest).sent(request.form)
    values = filled.checked()
    if values is None:
        return _confirming(filled, where)
    try:
        runtime().account.confirm(current.visitor(), values["password"], address=current.address(), device=current.device())
    except StayPlayError as error:
        shown_in_form(filled, error)
        return _confirming(filled, where)
    return redirect(where or url_for("pages.account.index"), 303)


def _confirming(filled: Filled, where: str) -> Response:
    """Return the page that asks; whoever has no password is told to sign in again."""
    visitor = current.visitor()
    has_password = runtime().account.person(visitor).password_hash is not None
    slug = runtime().sign_on.slug_of(visitor.provider_id) if visitor.provider_id else ""
    known = {"has_password": has_password, "organisation": runtime().sign_on.label(slug) if slug else ""}
    return _asked("account/confirm.html", "Confirm that it is you", filled, onward=where, **known)


def _asked(template: str, title: str, filled: Filled, **values: Any) -> Response:
    """Return a page with one form on it."""
    status = filled.problem.status if filled.problem else (422 if filled.faults else 200)
    return page(template, title=title, status=status, has_faults=filled.in_error, filled=filled, w=filled.widgets, **values)
