"""Joint assessments: the list, one record with its two signatures, and what changed between versions."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import NotFound, StayPlayError
from gateway.access import current
from gateway.access.guard import needs
from gateway.pages.assessments import record, visits
from gateway.pages.assessments.signatures import corners
from gateway.pages.attempt import attempt
from gateway.pages.forms import Filled, Form
from gateway.pages.own_policy import own_policy, waits_too_long
from gateway.pages.show import onward, page
from services.assessments.contract import (
    ASSESSMENT_CHANGES,
    DISAGREE,
    GET_ASSESSMENT,
    LIST_ASSESSMENTS,
    OUTCOMES,
    SIGN,
    STATUSES,
    VISIT_STATUSES,
    DisagreeRequest,
    VersionRequest,
)
from services.referrals.contract import GET_REFERRAL, MAY_BE_TOLD

part = Blueprint("assessments", __name__)
part.add_url_rule("/<borough>/assessments/<uuid:assessment_id>/visit", "visit", visits.arrange, methods=["GET", "POST"])
part.add_url_rule("/<borough>/assessments/<uuid:assessment_id>/edit", "edit", record.edit, methods=["GET", "POST"])

FILTERS = (
    ("open", "Open", ("waiting", "visit_arranged", "visited")),
    ("waiting", STATUSES["waiting"], ("waiting",)),
    ("visit_arranged", STATUSES["visit_arranged"], ("visit_arranged",)),
    ("visited", STATUSES["visited"], ("visited",)),
    ("agreed", STATUSES["agreed"], ("agreed",)),
    ("closed", STATUSES["closed"], ("closed",)),
)
EMPTY = {
    "open": ("No open assessments.", "One opens by itself when a referral is accepted."),
    "waiting": ("No visit to arrange.", ""),
    "visit_arranged": ("No visit is arranged.", ""),
    "visited": ("Nothing to write or sign.", ""),
    "agreed": ("Nothing agreed yet.", "An assessment is agreed when both agencies sign the same version."),
    "closed": ("Nothing closed.", ""),
}
PARTS = ("decision", "parent", "child", "together", "visits")


@part.get("/<borough>/assessments")
@needs("assessments.read")
def index(borough: str) -> Response:
    """List joint assessments."""
    shown = request.args.get("status", "open")
    shown = shown if shown in EMPTY else "open"
    statuses = next(statuses for code, _, statuses in FILTERS if code == shown)
    sort = "newest" if request.args.get("sort") == "newest" else "oldest"
    found = current.call(LIST_ASSESSMENTS, status=list(statuses), sort=sort, after=request.args.get("after"), limit=25)
    return listing(found, shown=shown, sort=sort)


def listing(found: dict[str, Any], *, shown: str, sort: str) -> Response:
    """Return the list page."""
    return page(
        "assessments/index.html",
        title="Assessments",
        found=found,
        shown=shown,
        sort=sort,
        filters=FILTERS,
        empty_words=EMPTY[shown],
        statuses=STATUSES,
        is_late=waits_too_long(own_policy()["assessment_days"]),
    )


@part.get("/<borough>/assessments/<uuid:assessment_id>")
@needs("assessments.read")
def show(borough: str, assessment_id: UUID) -> Response:
    """Show one part of a joint assessment; without a word, the decision and the signatures."""
    assessment = current.call(GET_ASSESSMENT, assessment_id=assessment_id)
    return detail(assessment, request.args.get("part", "decision"), told=_told(assessment))


def _told(assessment: dict[str, Any]) -> dict[str, Any] | None:
    """Return the referrer, for what the family allowed them to hear; None for who may not read referrals."""
    if not current.may("referrals.read"):
        return None
    (referral,) = current.gather_what_answers(current.ask(GET_REFERRAL, referral_id=assessment["referral_id"]))
    return None if isinstance(referral, StayPlayError) else dict(referral["referrer"])


def detail(
    assessment: dict[str, Any],
    shown: str = "decision",
    refused: Filled | None = None,
    tried: str = "",
    told: dict[str, Any] | None = None,
) -> Response:
    """Return the page of a joint assessment; ``refused`` is the form of what was ``tried``."""
    fresh = Form(DisagreeRequest, "assessment_id", within="disagree").blank()
    return page(
        "assessments/page.html",
        title=f"Joint assessment: {assessment['family_name']}",
        tab="A joint assessment",
        status=(refused.problem.status if refused.problem else 422) if refused else 200,
        has_faults=bool(refused),
        assessment=assessment,
        shown=shown if shown in PARTS else "decision",
        corners=corners(assessment, current.member().agency_kind, current.visitor().person_id),
        visit=visits.latest(assessment),
        refused=refused,
        tried=tried,
        told=told,
        may_be_told=MAY_BE_TOLD,
        outcomes=OUTCOMES,
        visit_statuses=VISIT_STATUSES,
        statuses=STATUSES,
        disagree=refused if refused and tried == "disagree" else fresh,
    )


@part.post("/<borough>/assessments/<uuid:assessment_id>/sign")
@needs("assessments.sign")
def sign(borough: str, assessment_id: UUID) -> Response | AnyResponse:
    """Sign the version that was read."""
    filled = Form(VersionRequest, "assessment_id").sent(request.form)
    signed = attempt(filled, SIGN, assessment_id=assessment_id, version=request.form.get("version", ""))
    if signed is None:
        return detail(current.call(GET_ASSESSMENT, assessment_id=assessment_id), refused=filled, tried="sign")
    done = "assessment_agreed" if signed["status"] == "agreed" else "assessment_signed"
    return onward("assessments.show", done, assessment_id=assessment_id)


@part.post("/<borough>/assessments/<uuid:assessment_id>/disagree")
@needs("assessments.sign")
def disagree(borough: str, assessment_id: UUID) -> Response | AnyResponse:
    """Keep why a version can't be signed."""
    filled = Form(DisagreeRequest, "assessment_id", within="disagree").sent(request.form)
    if attempt(filled, DISAGREE, assessment_id=assessment_id, version=request.form.get("version", "")):
        return onward("assessments.show", "assessment_disagreed", assessment_id=assessment_id)
    return detail(current.call(GET_ASSESSMENT, assessment_id=assessment_id), refused=filled, tried="disagree")


@part.post("/<borough>/assessments/<uuid:assessment_id>/visits/<uuid:visit_id>/<what>")
@needs("assessments.visit")
def visit_was(borough: str, assessment_id: UUID, visit_id: UUID, what: str) -> Response | AnyResponse:
    """Say what came of a visit: done, missed or cancelled."""
    if what not in visits.WAS:
        raise NotFound
    operation = visits.WAS[what]
    filled = Form(operation.request, "visit_id", within=what).sent(request.form)
    if attempt(filled, operation, visit_id=visit_id):
        return onward("assessments.show", f"visit_{what}", assessment_id=assessment_id, part="decision" if what == "done" else "visits")
    return detail(current.call(GET_ASSESSMENT, assessment_id=assessment_id), "visits", refused=filled, tried=what)


@part.get("/<borough>/assessments/<uuid:assessment_id>/changes")
@needs("assessments.read")
def changes(borough: str, assessment_id: UUID) -> Response:
    """Show what changed between two versions."""
    assessment = current.call(GET_ASSESSMENT, assessment_id=assessment_id)
    later = request.args.get("later", assessment["version"], int)
    earlier = request.args.get("earlier", max(1, later - 1), int)
    found = current.call(ASSESSMENT_CHANGES, assessment_id=assessment_id, earlier=earlier, later=later)
    return changed(assessment, found)


def changed(assessment: dict[str, Any], found: dict[str, Any]) -> Response:
    """Return the page that shows two versions beside each other."""
    return page("assessments/changes.html", title="What changed", assessment=assessment, found=found)
