"""One borough as operators see it, suspended and resumed."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import IdempotencyMismatch, NotFound, NotSignedIn, StayPlayError
from gateway.access.guard import operator_only
from gateway.boroughs.authorities import london
from gateway.boroughs.documents import TITLES
from gateway.contract import INVITATION_STATES, SHOW_BOROUGH, RelaxSignOnRequest, ResumeRequest, SuspendRequest
from gateway.pages.forms import Filled, Form
from gateway.pages.operator.base import part
from gateway.pages.show import onward, page
from gateway.runtime import runtime
from services.assessments.contract import AGENCY_KINDS

SUSPEND: Final = Form(SuspendRequest, "borough_id", within="suspend")
RESUME: Final = Form(ResumeRequest, "borough_id", within="resume")
RELAX: Final = Form(RelaxSignOnRequest, "borough_id")
_STATES: Final = {**INVITATION_STATES, "member": "Joined"}


@part.get("/boroughs/<uuid:borough_id>")
@operator_only
def show(borough_id: UUID) -> Response:
    """Show one borough: facts and state, nothing of any family."""
    found = described(borough_id)
    return detail(found, (RESUME if found["suspended_at"] else SUSPEND).blank())


def described(borough_id: UUID) -> dict[str, Any]:
    """Return a borough with typed values. Raises NotFound."""
    found: dict[str, Any] = SHOW_BOROUGH.reply().load(runtime().operators.show(borough_id))
    return found


def detail(found: Mapping[str, Any], filled: Filled) -> Response:
    """Return the page of a borough, with the form that suspends or resumes it."""
    return page(
        "operator/borough.html",
        title=found["name"],
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        borough=found,
        authority=london().get(found["gss_code"], ""),
        filled=filled,
        w=filled.widgets,
        kinds=AGENCY_KINDS,
        states=_STATES,
        titles=TITLES,
    )


@part.post("/boroughs/<uuid:borough_id>/suspend")
@operator_only
def suspend(borough_id: UUID) -> Response | AnyResponse:
    """Let nothing be changed in it."""
    return _acted(borough_id, SUSPEND, runtime().operators.suspend, "borough_suspended")


@part.post("/boroughs/<uuid:borough_id>/resume")
@operator_only
def resume(borough_id: UUID) -> Response | AnyResponse:
    """Let its work go on."""
    return _acted(borough_id, RESUME, runtime().operators.resume, "borough_resumed")


@part.route("/boroughs/<uuid:borough_id>/sign-on", methods=["GET", "POST"])
@operator_only
def relax(borough_id: UUID) -> Response | AnyResponse:
    """Ask why, then let people in with their passwords again, whose provider of sign-in is gone."""
    found = described(borough_id)
    if request.method == "GET":
        return _relaxing(found, RELAX.blank())
    filled = RELAX.sent(request.form)
    values = filled.checked(borough_id=borough_id)
    if values is None:
        return _relaxing(found, filled)
    runtime().operators.relax_sign_on(borough_id, values["reason"], filled.sent_key())
    return onward("operator.show", "sign_on_relaxed", borough_id=borough_id)


def _relaxing(found: Mapping[str, Any], filled: Filled) -> Response:
    status = 422 if filled.in_error else 200
    values: dict[str, Any] = {"borough": found, "filled": filled, "w": filled.widgets}
    return page("operator/relax.html", title="Let passwords in again", status=status, has_faults=filled.in_error, **values)


def _acted(borough_id: UUID, form: Form, act: Callable[[UUID, str, str], object], done: str) -> Response | AnyResponse:
    filled = form.sent(request.form)
    values = filled.checked(borough_id=borough_id)
    if values is None:
        return detail(described(borough_id), filled)
    try:
        act(borough_id, values["reason"], filled.sent_key())
    except (NotFound, NotSignedIn, IdempotencyMismatch):
        raise
    except StayPlayError as refused:
        filled.refuse(refused)
        return detail(described(borough_id), filled)
    return onward("operator.show", done, borough_id=borough_id)
