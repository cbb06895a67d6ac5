"""A forgotten password: asking for a link, and choosing another password with it."""

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import NotFound, StayPlayError
from gateway.access import cookies, current
from gateway.access.guard import open_to_all
from gateway.contract import AskResetRequest, ResetRequest
from gateway.pages.attempt import shown_in_form
from gateway.pages.forms import Filled, Form
from gateway.pages.show import onward, page
from gateway.runtime import runtime

part = Blueprint("password", __name__)

_GONE = "This link was used, or is too old. Ask for a new one on the sign-in page: 'Forgotten your password?'"


@part.route("/forgotten-password", methods=["GET", "POST"])
@open_to_all
def ask() -> Response | AnyResponse:
    """Ask for the address to send a link to. What is said afterwards is the same for every address."""
    form = Form(AskResetRequest)
    if request.method == "GET":
        return _page("password/ask.html", "Forgotten your password?", form.blank())
    filled = form.sent(request.form)
    values = filled.checked()
    try:
        if values is not None:
            runtime().resetting.ask(values["email"], address=current.address())
            return onward("password.sent")
    except StayPlayError as error:
        shown_in_form(filled, error)
    return _page("password/ask.html", "Forgotten your password?", filled)


@part.get("/forgotten-password/sent")
@open_to_all
def sent() -> Response:
    """Say where to look."""
    return page("password/sent.html", title="Look at your mail")


@part.route("/new-password/<token>", methods=["GET", "POST"])
@open_to_all
def choose(token: str) -> Response | AnyResponse:
    """Ask for another password, and keep it. Signing in comes after it, with a second factor where there is one."""
    form = Form(ResetRequest)
    try:
        if request.method == "GET":
            runtime().resetting.check(token)
            return _page("password/choose.html", "Choose a new password", form.blank())
        return _chosen(token, form.sent(request.form))
    except NotFound as gone:
        raise NotFound(_GONE) from gone


def _chosen(token: str, filled: Filled) -> Response | AnyResponse:
    values = filled.checked()
    if values is None:
        runtime().resetting.check(token)
        return _page("password/choose.html", "Choose a new password", filled)
    try:
        person = runtime().resetting.choose(token, values["password"])
    except NotFound:
        raise
    except StayPlayError as error:
        shown_in_form(filled, error)
        return _page("password/choose.html", "Choose a new password", filled)
    device = runtime().sign_in.device_for(person, current.device())
    response = onward("sign_in.form", "password_chosen")
    cookies.remember_device(response, device, secure=runtime().settings.is_secure)  # type: ignore[arg-type]  # Flask's redirect is a Response
    return response


def _page(template: str, title: str, filled: Filled) -> Response:
    status = filled.problem.status if filled.problem else (422 if filled.faults else 200)
    back = url_for("pages.sign_in.form")
    return page(template, title=title, status=status, has_faults=filled.in_error, filled=filled, w=filled.widgets, way_back=back)
