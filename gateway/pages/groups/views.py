"""Groups: the list with the waiting list, one group, and adding a venue or a group."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis import clock
from gateway.access import current
from gateway.access.guard import needs
from gateway.pages.attempt import attempt
from gateway.pages.forms import Filled, Form
from gateway.pages.groups import places
from gateway.pages.own_policy import own_policy
from gateway.pages.show import onward, page
from services.sessions.contract import (
    ADD_GROUP,
    ADD_VENUE,
    GET_GROUP,
    LIST_GROUPS,
    LIST_PLACES,
    LIST_VENUES,
    PLACE_STATUSES,
    SESSION_STATUSES,
    WEEKDAYS,
)

part = Blueprint("groups", __name__)

SHOWN_AHEAD = 6
part.add_url_rule("/<borough>/families/<uuid:family_id>/place/<move_name>", "place", places.change, methods=["GET", "POST"])


@part.get("/<borough>/groups")
@needs("groups.read")
def index(borough: str) -> Response:
    """List the groups, and who waits for a place."""
    asked = [current.ask(LIST_GROUPS, limit=100, after=request.args.get("after"))]
    if current.may("families.read"):
        asked.append(current.ask(LIST_PLACES, status="waiting", limit=100))
    groups, *waiting = current.gather(*asked)
    return listing(groups, waiting[0] if waiting else None)


def listing(groups: dict[str, Any], waiting: dict[str, Any] | None) -> Response:
    """Return the list page; ``waiting`` is None for who may not see families."""
    ordered = sorted(groups["items"], key=lambda group: group["starts_at"])
    days = [(words, [group for group in ordered if group["weekday"] == code]) for code, words in WEEKDAYS.items()]
    return page("groups/index.html", title="Groups", found=groups, days=[(words, found) for words, found in days if found], waiting=waiting)


@part.get("/<borough>/groups/<uuid:group_id>")
@needs("groups.read")
def show(borough: str, group_id: UUID) -> Response:
    """Show one group: its families and its sessions."""
    return detail(current.call(GET_GROUP, group_id=group_id))


def detail(group: dict[str, Any]) -> Response:
    """Return the page of a group."""
    ahead = [session for session in group["sessions"] if session["on"] >= clock.today()]
    earlier = [session for session in group["sessions"] if session["on"] < clock.today()]
    return page(
        "groups/page.html",
        title=group["name"],
        ahead=ahead[:SHOWN_AHEAD],
        earlier=earlier[::-1],
        group=group,
        weekday=WEEKDAYS[group["weekday"]],
        statuses=PLACE_STATUSES,
        session_statuses=SESSION_STATUSES,
        moves=places.moves_from,
        shown=[place for place in group["places"] if place["status"] != "ended"],
    )


@part.route("/<borough>/groups/add", methods=["GET", "POST"])
@needs("groups.manage")
def add(borough: str) -> Response | AnyResponse:
    """Ask for a new group, and add it."""
    venues = current.call(LIST_VENUES, limit=100)
    named = {str(venue["id"]): venue["name"] for venue in venues["items"]}
    form = Form(ADD_GROUP.request, choices={"venue_id": named})
    usual = {"meets_on_bank_holidays": False, "capacity": own_policy()["group_capacity"]}
    filled = form.sent(request.form) if request.method == "POST" else form.blank(**usual)
    group = attempt(filled, ADD_GROUP) if request.method == "POST" else None
    if group:
        return onward("groups.show", "group_added", group_id=group["id"])
    return asked("Add a group", filled, "groups/add.html", venues=named)


@part.route("/<borough>/venues/add", methods=["GET", "POST"])
@needs("groups.manage")
def add_venue(borough: str) -> Response | AnyResponse:
    """Ask for a new venue, and add it."""
    form = Form(ADD_VENUE.request)
    filled = form.sent(request.form) if request.method == "POST" else form.blank()
    if request.method == "POST" and attempt(filled, ADD_VENUE):
        return onward("groups.index", "venue_added")
    return asked("Add a venue", filled, "groups/add.html")


def asked(title: str, filled: Filled, template: str, **values: Any) -> Response:
    """Return a page with one form on it."""
    return page(
        template,
        title=title,
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        filled=filled,
        w=filled.widgets,
        **values,
    )
