"""The checklist of a new borough, and the way to everything that is set for it."""

from flask import Blueprint, Response

from gateway.access import current
from gateway.access.guard import needs
from gateway.contract import GET_SET_UP
from gateway.pages.set_up.steps import Step, left, steps
from gateway.pages.show import page
from services.sessions.contract import LIST_GROUPS, LIST_VENUES

part = Blueprint("set_up", __name__)


@part.get("/<borough>/set-up")
@needs("boroughs.manage")
def show(borough: str) -> Response:
    """Show what is left, counted at this moment."""
    own, venues, groups = current.gather(current.ask(GET_SET_UP), current.ask(LIST_VENUES, limit=1), current.ask(LIST_GROUPS, limit=1))
    return listing(steps(own, venues, groups))


def listing(found: list[Step]) -> Response:
    """Return the page."""
    return page("set_up/page.html", title="Set-up", steps=found, left=left(found))
