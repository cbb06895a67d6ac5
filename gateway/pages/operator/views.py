"""How operators come in and out, the list of boroughs, and the documents that boroughs accept."""

from typing import Any
from uuid import UUID

from flask import Response, redirect, request, url_for
from markupsafe import Markup
from marshmallow import fields, validate
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import Invalid, NotFound, StayPlayError
from chassis.schemas import Contract
from gateway.access import cookies, current
from gateway.access.guard import open_to_all, operator_only
from gateway.boroughs.documents import document
from gateway.contract import BOROUGH_STATES, ListBoroughsRequest
from gateway.pages.forms import Filled, Form
from gateway.pages.operator.base import part
from gateway.pages.own_address import own_address
from gateway.pages.show import page
from gateway.runtime import runtime

_TOLD_IN_THE_FORM = frozenset({401, 429})


class OperatorSignInRequest(Contract):
    """What an operator shows."""

    token = fields.String(
        required=True,
        validate=validate.Length(1, 500, error="Operator's token: this is needed."),
        metadata={"label": "Operator's token", "widget": "password"},
        error_messages={"required": "Operator's token: this is needed."},
    )


@part.route("/sign-in", methods=["GET", "POST"])
@open_to_all
def sign_in() -> Response | AnyResponse:
    """Ask for the operator's token, and begin a session with it."""
    form = Form(OperatorSignInRequest)
    if request.method == "GET":
        return _asked(form.blank())
    filled = form.sent(request.form)
    values = filled.checked()
    if values is None:
        return _asked(filled)
    try:
        token = runtime().operator_sign_in.enter(values["token"], address=current.address())
    except StayPlayError as error:
        if error.status not in _TOLD_IN_THE_FORM:
            raise
        filled.refuse(error)
        return _asked(filled)
    response = redirect(_onward() or url_for("pages.operator.index"), 303)
    cookies.put_operator(response, token, secure=runtime().settings.is_secure)  # type: ignore[arg-type]  # Flask's redirect is a Response
    return response


def _onward() -> str:
    """Return where to go on to: a page of operators, or nothing."""
    where = own_address(request.values.get("next", ""))
    return where if where.startswith("/operator") else ""


def _asked(filled: Filled) -> Response:
    status = filled.problem.status if filled.problem else (422 if filled.faults else 200)
    response = page(
        "operator/sign_in.html",
        title="Sign in as operator",
        status=status,
        has_faults=filled.in_error,
        filled=filled,
        w=filled.widgets,
        onward=_onward(),
    )
    if filled.problem and "retry_after" in filled.problem.facts:
        response.headers["Retry-After"] = str(filled.problem.facts["retry_after"])
    return response


@part.post("/sign-out")
@open_to_all
def leave() -> AnyResponse:
    """End the session."""
    runtime().operator_sign_in.leave(current.session_token())
    response = redirect(url_for("pages.operator.sign_in", done="signed_out"), 303)
    cookies.take_operator_away(response, secure=runtime().settings.is_secure)  # type: ignore[arg-type]  # Flask's redirect is a Response
    return response


@part.get("")
@operator_only
def index() -> Response:
    """List the boroughs, searched and page by page."""
    wanted = {name: request.args[name] for name in ("q", "state", "after") if request.args.get(name)}
    faults = ListBoroughsRequest().validate(wanted)
    if faults:
        raise Invalid(faults=faults)
    found = runtime().operators.boroughs(wanted.get("after"), 25, wanted.get("q"), wanted.get("state"))
    return listing({"items": found.items, "next": found.next}, wanted)


def listing(found: dict[str, Any], wanted: dict[str, str]) -> Response:
    """Return the list page."""
    return page(
        "operator/index.html",
        title="Boroughs",
        found=found,
        q=wanted.get("q", ""),
        state=wanted.get("state", ""),
        states=BOROUGH_STATES,
        is_first="after" not in wanted,
    )


@part.get("/documents/<kind>/<edition>")
@operator_only
def read(kind: str, edition: str) -> Response:
    """Show one edition of a document that boroughs accept."""
    return reading(kind, edition)


def reading(kind: str, edition: str) -> Response:
    """Return the page of a document. Raises NotFound where there is no such edition."""
    try:
        found = document(kind, edition)
    except KeyError:
        raise NotFound from None
    return page("operator/document.html", title=found.title, edition=found.edition, digest=found.digest, text=Markup(found.html))  # noqa: S704 - our own text, a file of this package


def key_of(identity: UUID) -> str:
    """Return the idempotency key of the onboarding that comes of an unfinished description."""
    return str(identity)
