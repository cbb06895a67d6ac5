"""Tokens of other systems: who has one, what it allows, until when, and the one moment in which it is shown."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from gateway.access import current
from gateway.access.guard import asks_again, needs
from gateway.access.scopes import SCOPES
from gateway.contract import (
    ADD_SYSTEM,
    GET_SYSTEM,
    LIST_SYSTEMS,
    RENEW_SYSTEM,
    SYSTEM_STATES,
    WITHDRAW_SYSTEM,
    AddSystemRequest,
    RenewSystemRequest,
)
from gateway.pages.attempt import attempt, send
from gateway.pages.forms import Filled, Form
from gateway.pages.show import onward, page
from gateway.runtime import runtime

part = Blueprint("systems", __name__)

System = Mapping[str, Any]
NEW: Final = Form(AddSystemRequest)
NEXT: Final = Form(RenewSystemRequest, "system_id")


@part.get("/<borough>/systems")
@needs("systems.manage")
def index(borough: str) -> Response:
    """List the tokens, those that work apart from those that did."""
    return listing(current.call(LIST_SYSTEMS, limit=50, after=request.args.get("after")))


def listing(found: Mapping[str, Any]) -> Response:
    """Return the list page."""
    working = [one for one in found["items"] if one["state"] == "working"]
    return page(
        "systems/index.html",
        title="Systems",
        found=found,
        working=working,
        past=[one for one in found["items"] if one["state"] != "working"],
        ending=ending(working),
        states=SYSTEM_STATES,
        scopes_in_words=scopes_in_words,
    )


def ending(working: Iterable[System]) -> list[System]:
    """Return the systems that need their next token: whose last one ends within 30 days, the first to end first."""
    last: dict[UUID, System] = {}
    for one in sorted(working, key=lambda one: one["expires_at"]):
        last[one["acts_as"]] = one
    return [one for one in last.values() if one["expires_soon"]]


def scopes_in_words(system: System) -> list[str]:
    """Return what a token allows, in words; what is published no longer allows nothing."""
    return [SCOPES[scope] for scope in SCOPES if scope in system["scopes"]]


@part.route("/<borough>/systems/add", methods=["GET", "POST"])
@asks_again
@needs("systems.manage")
def add(borough: str) -> Response:
    """Ask what a system is to be allowed; show its token, once."""
    filled = NEW.sent(request.form) if request.method == "POST" else NEW.blank()
    made = attempt(filled, ADD_SYSTEM) if request.method == "POST" else None
    return shown(made) if made else asked("Add a system", filled)


def asked(title: str, filled: Filled, system: System | None = None) -> Response:
    """Return a page with one form on it."""
    status = 422 if filled.in_error else 200
    return page("systems/form.html", title=title, status=status, has_faults=filled.in_error, filled=filled, w=filled.widgets, system=system)


def shown(made: System) -> Response:
    """Return the page that shows a token."""
    own = f"{runtime().settings.public_url}/api/v1/{current.borough().slug}/system"
    return page("systems/shown.html", title=f"{made['name']} can use the API", tab="Token", made=made, own=own)


@part.get("/<borough>/systems/<uuid:system_id>")
@needs("systems.manage")
def show(borough: str, system_id: UUID) -> Response:
    """Show one token: what it allows, and what can be done with it."""
    return one_token(_system(system_id))


def one_token(system: System) -> Response:
    """Return the page of one token."""
    allowed = scopes_in_words(system)
    return page("systems/page.html", title=system["name"], tab="System", system=system, states=SYSTEM_STATES, allowed=allowed)


@part.route("/<borough>/systems/<uuid:system_id>/renew", methods=["GET", "POST"])
@asks_again
@needs("systems.manage")
def renew(borough: str, system_id: UUID) -> Response:
    """Ask for how long the next token is to work; show it, once."""
    system = _system(system_id)
    filled = NEXT.sent(request.form) if request.method == "POST" else NEXT.blank()
    made = attempt(filled, RENEW_SYSTEM, system_id=system_id) if request.method == "POST" else None
    return shown(made) if made else asked("Make a new token", filled, system)


@part.route("/<borough>/systems/<uuid:system_id>/withdraw", methods=["GET", "POST"])
@needs("systems.manage")
def withdraw(borough: str, system_id: UUID) -> Response | AnyResponse:
    """Ask whether it is meant; take the token back."""
    if request.method == "GET":
        return asked_whether(_system(system_id))
    send(WITHDRAW_SYSTEM, request.form.get("form_key", ""), system_id=system_id)
    return onward("systems.index", "system_withdrawn")


def asked_whether(system: System) -> Response:
    """Return the page that asks whether a token is to be taken back."""
    return page("systems/withdraw.html", title="Withdraw this token?", system=system)


def _system(system_id: UUID) -> dict[str, Any]:
    """Return one token; raises NotFound."""
    return current.call(GET_SYSTEM, system_id=system_id)
