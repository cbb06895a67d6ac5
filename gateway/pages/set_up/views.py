"""The checklist of a new borough, and the way to everything that is set for it."""

from typing import Any

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from gateway.access import current
from gateway.access.guard import needs
from gateway.contract import GET_SET_UP, OPEN_BOROUGH
from gateway.opening import with_places
from gateway.pages.attempt import send
from gateway.pages.set_up.steps import Step, left, steps
from gateway.pages.show import onward, page
from services.sessions.contract import LIST_GROUPS, LIST_VENUES

part = Blueprint("set_up", __name__)


@part.get("/<borough>/set-up")
@needs("boroughs.manage")
def show(borough: str) -> Response:
    """Show what is left, counted at this moment."""
    own, venues, groups = current.gather(current.ask(GET_SET_UP), current.ask(LIST_VENUES, limit=1), current.ask(LIST_GROUPS, limit=1))
    return listing(own, steps(own, venues, groups))


@part.post("/<borough>/set-up/open")
@needs("boroughs.manage")
def open_borough(borough: str) -> AnyResponse:
    """Take referrals from now on."""
    send(OPEN_BOROUGH, request.form.get("form_key", ""), **with_places({}))
    return onward("set_up.show", "borough_opened")


def listing(own: dict[str, Any], found: list[Step]) -> Response:
    """Return the page."""
    return page("set_up/page.html", title="Set-up", steps=found, left=left(found), opened_at=own["opened_at"])
