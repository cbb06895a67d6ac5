"""Agencies: added, renamed, retired once nobody belongs to them."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import Conflict, NotFound, Stale
from gateway.access import current
from gateway.access.guard import needs
from gateway.contract import ADD_AGENCY, LIST_AGENCIES, RENAME_AGENCY, RETIRE_AGENCY, NewAgency, RenameAgencyRequest
from gateway.pages.attempt import attempt, send
from gateway.pages.conflict import both_versions
from gateway.pages.forms import Filled, Form
from gateway.pages.show import onward, page
from services.assessments.contract import AGENCY_KINDS

part = Blueprint("agencies", __name__)

NEW: Final = Form(NewAgency)
RENAME: Final = Form(RenameAgencyRequest, "agency_id")


@part.get("/<borough>/agencies")
@needs("boroughs.manage")
def index(borough: str) -> Response:
    """List the agencies, the retired ones apart."""
    found = current.call(LIST_AGENCIES, limit=100, retired=True, after=request.args.get("after"))
    return page(
        "agencies/index.html",
        title="Agencies",
        found=found,
        present=[agency for agency in found["items"] if not agency["retired_at"]],
        retired=[agency for agency in found["items"] if agency["retired_at"]],
        kinds=AGENCY_KINDS,
    )


@part.route("/<borough>/agencies/add", methods=["GET", "POST"])
@needs("boroughs.manage")
def add(borough: str) -> Response | AnyResponse:
    """Ask for a new agency, and add it."""
    filled = NEW.sent(request.form) if request.method == "POST" else NEW.blank()
    if request.method == "POST" and attempt(filled, ADD_AGENCY):
        return onward("agencies.index", "agency_added")
    return asked("Add an agency", filled)


@part.route("/<borough>/agencies/<uuid:agency_id>", methods=["GET", "POST"])
@needs("boroughs.manage")
def change(borough: str, agency_id: UUID) -> Response | AnyResponse:
    """Ask for another name, and save it."""
    agency = _agency(agency_id)
    if request.method == "GET":
        return asked("Change an agency", RENAME.blank(**agency), agency=agency, version=agency["version"])
    filled, version = RENAME.sent(request.form), request.form.get("version", "")
    if request.form.get("step") != "change":
        if attempt(filled, RENAME_AGENCY, agency_id=agency_id, version=version):
            return onward("agencies.index", "agency_renamed")
        if isinstance(filled.problem, Stale):
            return both(agency, filled)
    return asked("Change an agency", filled, agency=agency, version=version)


def _agency(agency_id: UUID) -> Mapping[str, Any]:
    """Return one present agency; raises NotFound."""
    after: str | None = None
    while True:
        found = current.call(LIST_AGENCIES, limit=100, after=after)
        for agency in found["items"]:
            if agency["id"] == agency_id:
                return dict(agency)
        after = found["next"]
        if after is None:
            raise NotFound


def asked(title: str, filled: Filled, **values: Any) -> Response:
    """Return a page with one form on it."""
    status = 422 if filled.in_error else 200
    return page(
        "agencies/form.html",
        title=title,
        status=status,
        has_faults=filled.in_error,
        filled=filled,
        w=filled.widgets,
        kinds=AGENCY_KINDS,
        **values,
    )


def both(agency: Mapping[str, Any], filled: Filled) -> Response:
    """Return the page that shows the name that somebody else saved beside the one written here."""
    return both_versions(filled, RENAME.blank(**agency), version=agency["version"], leave=("agencies.index", {}))


@part.post("/<borough>/agencies/<uuid:agency_id>/retire")
@needs("boroughs.manage")
def retire(borough: str, agency_id: UUID) -> Response | AnyResponse:
    """Let nobody belong to it any more; where somebody does, say who."""
    try:
        send(RETIRE_AGENCY, request.form.get("form_key", ""), agency_id=agency_id, version=request.form.get("version", ""))
    except Conflict as refused:
        if not refused.facts.get("belonging"):
            raise
        return belonging(_agency(agency_id), refused)
    return onward("agencies.index", "agency_retired")


def belonging(agency: Mapping[str, Any], refused: Conflict) -> Response:
    """Return the page that says who belongs to an agency that was to be retired."""
    return page(
        "agencies/belonging.html",
        title=f"{agency['name']} can't be retired yet",
        status=409,
        message=refused.message,
        people=refused.facts["belonging"],
    )
