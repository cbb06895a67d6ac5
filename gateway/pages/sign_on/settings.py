"""How a borough sets up that its people sign in with their organisation's account."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import Conflict, Stale, StayPlayError
from gateway.access import current
from gateway.access.guard import asks_again, needs
from gateway.contract import GET_SIGN_ON, NOTE_SIGN_ON_CHECK, SET_SIGN_ON, SWITCH_SIGN_ON, SetSignOnRequest, SwitchSignOnRequest
from gateway.pages.attempt import attempt, send
from gateway.pages.conflict import both_versions
from gateway.pages.forms import Filled, Form
from gateway.pages.show import onward, page
from gateway.provider_check import checked

FORM: Final = Form(SetSignOnRequest)
USE: Final = Form(SwitchSignOnRequest)
SECRET: Final = "client_secret"  # noqa: S105 - the name of a field


@asks_again
@needs("sign_on.manage")
def edit(borough: str) -> Response | AnyResponse:
    """Show how it is set up, and save it as it is to be."""
    now = current.call(GET_SIGN_ON)
    if request.method == "GET":
        return editing(now, FORM.blank(**now), str(now["version"]))
    filled, version = FORM.sent(request.form), request.form.get("version", "")
    if request.form.get("step") != "change":
        if attempt(filled, SET_SIGN_ON, version=version):
            return onward("sign_on.edit", "sign_on_saved")
        if isinstance(filled.problem, Stale):
            return both(current.call(GET_SIGN_ON), filled)
    return editing(now, filled, version)


def editing(now: Mapping[str, Any], filled: Filled, version: str, problem: StayPlayError | None = None) -> Response:
    """Return the page: the form, what the provider must be given, and how it is used; ``problem`` is about the latter two."""
    return page(
        "sign_on/edit.html",
        title="Single sign-on",
        status=problem.status if problem else (422 if filled.in_error else 200),
        has_faults=filled.in_error or problem is not None,
        filled=filled,
        w=filled.widgets,
        use=USE.blank(use=now["use"]).widgets["use"],
        now=now,
        version=version,
        problem=problem,
    )


def both(now: Mapping[str, Any], filled: Filled) -> Response:
    """Return the page that shows what somebody else saved beside what was typed here, but for the secret, which is typed again."""
    filled.posted.pop(SECRET, None)
    return both_versions(filled, FORM.blank(**now), version=now["version"], leave=("sign_on.edit", {}))


@needs("sign_on.manage")
def check(borough: str) -> AnyResponse:
    """Ask the provider now for all that sign-in needs of it."""
    found = send(NOTE_SIGN_ON_CHECK, request.form.get("form_key", ""), **checked())
    return onward("sign_on.edit", "" if found["fault"] else "sign_on_checked", anchor="" if found["fault"] else "check")


@asks_again
@needs("sign_on.manage")
def use(borough: str) -> Response | AnyResponse:
    """Switch it on, make it the only way in, or switch it off."""
    try:
        send(
            SWITCH_SIGN_ON,
            request.form.get("form_key", ""),
            version=request.form.get("version", ""),
            use=request.form.get("use", ""),
        )
    except (Conflict, Stale) as refused:
        now = current.call(GET_SIGN_ON)
        return editing(now, FORM.blank(**now), str(now["version"]), refused)
    return onward("sign_on.edit", "sign_on_switched", anchor="use")
