"""An administrator lets somebody who lost everything set up a second step anew."""

from typing import Any
from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import NotFound
from gateway.access import current
from gateway.access.guard import asks_again, needs
from gateway.contract import LIST_PEOPLE, RESET_FACTORS, ResetFactorsRequest
from gateway.pages.attempt import attempt
from gateway.pages.factors.steps import asked
from gateway.pages.forms import Form
from gateway.pages.show import onward


@asks_again
@needs("people.manage")
def reset(borough: str, member_id: UUID) -> Response | AnyResponse:
    """Ask how the administrator made sure that it is really them; then remove the second step."""
    del borough
    form, member = Form(ResetFactorsRequest, "member_id"), _member(member_id)
    filled = form.blank() if request.method == "GET" else form.sent(request.form)
    if request.method == "POST" and attempt(filled, RESET_FACTORS, member_id=member_id):
        return onward("people.index", "factors_reset")
    return asked("factors/reset.html", "Let them set up a new second step", filled, member=member)


def _member(member_id: UUID) -> dict[str, Any]:
    """Return one member; raises NotFound."""
    found = current.call(LIST_PEOPLE, member_id=[member_id], limit=1)["items"]
    if not found:
        raise NotFound
    return dict(found[0])
