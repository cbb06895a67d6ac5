"""Reaching out: the list of cases, one case, and what is done about it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis import clock
from gateway.access import current
from gateway.access.guard import needs
from gateway.pages.attempt import attempt, send
from gateway.pages.forms import Filled
from gateway.pages.outreach import collections, contacts
from gateway.pages.outreach.forms import close_form, contact_form
from gateway.pages.show import onward, page
from services.outreach.contract import (
    CHANNELS,
    CLOSE_CASE,
    CLOSED_BECAUSE,
    DIRECTIONS,
    GET_CASE,
    LIST_CASES,
    OUTCOMES,
    REASONS,
    STATUSES,
    TAKE_CASE,
)

part = Blueprint("outreach", __name__)
part.add_url_rule("/<borough>/outreach/<uuid:case_id>/contact", "contact", contacts.for_case, methods=["POST"])
part.add_url_rule("/<borough>/families/<uuid:family_id>/contact", "family_contact", contacts.for_family, methods=["GET", "POST"])
part.add_url_rule("/<borough>/families/<uuid:family_id>/collect", "collect", collections.arrange, methods=["GET", "POST"])
part.add_url_rule("/<borough>/collections", "runs", collections.runs)
part.add_url_rule("/<borough>/collections/<uuid:run_id>/complete", "complete", collections.complete, methods=["POST"])

EMPTY = {
    "open": ("Nobody needs reaching today.", "A case opens by itself when a referral is accepted or a family misses two weeks."),
    "mine": ("Nothing here is yours.", "Take on a case with no owner."),
    "unowned": ("Every case has an owner.", ""),
    "closed": ("Nothing closed yet.", ""),
}


@part.get("/<borough>/outreach")
@needs("outreach.read")
def index(borough: str) -> Response:
    """List cases, the most urgent first."""
    whose = request.args.get("whose", "")
    status = "closed" if request.args.get("status") == "closed" else "open"
    reason = request.args.get("reason") if request.args.get("reason") in REASONS else None
    found = current.call(
        LIST_CASES,
        status=status,
        reason=reason,
        mine=whose == "mine",
        unowned=whose == "unowned",
        after=request.args.get("after"),
        limit=25,
    )
    return listing(found, status=status, whose=whose, reason=reason)


def listing(found: dict[str, Any], *, status: str, whose: str, reason: str | None) -> Response:
    """Return the list page."""
    shown = whose if whose in EMPTY else status
    return page(
        "outreach/index.html",
        title="Outreach",
        found=found,
        standing=status,
        whose=whose,
        reason=reason,
        shown=shown,
        reasons=REASONS,
        empty_words=EMPTY[shown],
        because=CLOSED_BECAUSE,
        today=clock.today(),
    )


@part.get("/<borough>/outreach/<uuid:case_id>")
@needs("outreach.read")
def show(borough: str, case_id: UUID) -> Response:
    """Show one case."""
    return detail(current.call(GET_CASE, case_id=case_id))


def detail(case: dict[str, Any], refused: Filled | None = None, tried: str = "") -> Response:
    """Return the page of a case; ``refused`` is the form of what was ``tried``."""
    return page(
        "outreach/page.html",
        title=case["family_name"],
        tab="Reaching out to a family",
        status=422 if refused else 200,
        has_faults=bool(refused),
        case=case,
        refused=refused,
        tried=tried,
        reasons=REASONS,
        statuses=STATUSES,
        channels=CHANNELS,
        outcomes=OUTCOMES,
        directions=DIRECTIONS,
        because=CLOSED_BECAUSE,
        contact=refused if refused and tried == "contact" else contact_form(case["safe_contact"]).blank(direction="out"),
        closing=refused if refused and tried == "close" else close_form().blank(),
    )


@part.post("/<borough>/outreach/<uuid:case_id>/take")
@needs("outreach.work")
def take(borough: str, case_id: UUID) -> AnyResponse:
    """Become the owner of a case."""
    send(TAKE_CASE, request.form.get("form_key", ""), case_id=case_id, version=request.form.get("version", ""))
    return onward("outreach.show", "case_taken", case_id=case_id)


@part.post("/<borough>/outreach/<uuid:case_id>/close")
@needs("outreach.work")
def close(borough: str, case_id: UUID) -> Response | AnyResponse:
    """Close a case, with the reason."""
    filled = close_form().sent(request.form)
    if attempt(filled, CLOSE_CASE, case_id=case_id, version=request.form.get("version", "")):
        return onward("outreach.show", "case_closed", case_id=case_id)
    return detail(current.call(GET_CASE, case_id=case_id), filled, "close")
