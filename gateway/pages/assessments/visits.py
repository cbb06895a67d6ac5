"""The joint visit: arranged with one person of each agency, and what came of it."""

from typing import Any
from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import StayPlayError
from gateway.access import current
from gateway.access.guard import needs
from gateway.assessors import colleagues
from gateway.pages.attempt import attempt
from gateway.pages.forms import Filled, Form
from gateway.pages.show import onward, page
from gateway.pages.words import lower_first
from services.assessments.contract import (
    ARRANGE_VISIT,
    CANCEL_VISIT,
    GET_ASSESSMENT,
    MARK_VISIT_DONE,
    MARK_VISIT_MISSED,
    SIDES,
    ArrangeVisitRequest,
)
from services.referrals.contract import GET_FAMILY

WAS = {"done": MARK_VISIT_DONE, "missed": MARK_VISIT_MISSED, "cancel": CANCEL_VISIT}
"""What can come of a visit."""


def latest(assessment: dict[str, Any]) -> dict[str, Any] | None:
    """Return the visit that counts: the one arranged or done last; None where none is."""
    counting = [visit for visit in assessment["visits"] if visit["status"] in {"arranged", "done"}]
    found: dict[str, Any] | None = max(counting, key=lambda visit: visit["starts_at"], default=None)
    return found


@needs("assessments.visit")
def arrange(borough: str, assessment_id: UUID) -> Response | AnyResponse:
    """Ask when the visit is and who goes, and arrange it."""
    people = colleagues()
    form = Form(ArrangeVisitRequest, "assessment_id", "assessors")
    if request.method == "GET":
        return _asked(assessment_id, form.blank(minutes=90), people)
    filled = form.sent(request.form)
    chosen = [one for kind in SIDES if (one := _chosen(people, kind)) is not None]
    if attempt(filled, ARRANGE_VISIT, assessment_id=assessment_id, assessors=chosen):
        return onward("assessments.show", "visit_arranged", assessment_id=assessment_id)
    _blame_each_side(filled, people)
    return _asked(assessment_id, filled, people)


def _blame_each_side(filled: Filled, people: list[dict[str, Any]]) -> None:
    """Say of each side for which nobody was chosen that somebody must be: the page asks for the two one by one."""
    fault = filled.faults.pop("assessors", "")
    missing = {kind: f"{who_goes(kind)} Choose one." for kind in SIDES if _chosen(people, kind) is None}
    if fault:
        filled.faults |= missing or {"camhs": fault}


def who_goes(kind: str) -> str:
    """Return the question for the one who comes from an agency of this kind."""
    return f"Who goes from {SIDES[kind] if kind == 'camhs' else f'the {lower_first(SIDES[kind])}'}?"


def _asked(assessment_id: UUID, filled: Filled, people: list[dict[str, Any]]) -> Response:
    assessment = current.call(GET_ASSESSMENT, assessment_id=assessment_id)
    (family,) = current.gather_what_answers(current.ask(GET_FAMILY, family_id=assessment["family_id"]))
    return asked(assessment, filled, people, None if isinstance(family, StayPlayError) else family["safe_contact"])


def _chosen(people: list[dict[str, Any]], kind: str) -> dict[str, Any] | None:
    return next((one for one in people if one["agency_kind"] == kind and str(one["person_id"]) == request.form.get(kind)), None)


def asked(assessment: dict[str, Any], filled: Filled, people: list[dict[str, Any]], safe: dict[str, Any] | None) -> Response:
    """Return the page that asks when and who; how the family may be reached stands above, where that is known."""
    sides = {kind: (who_goes(kind), [one for one in people if one["agency_kind"] == kind]) for kind in SIDES}
    return page(
        "assessments/visit.html",
        title="Arrange the joint visit",
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        assessment=assessment,
        filled=filled,
        w=filled.widgets,
        sides=sides,
        safe=safe,
        first=_chosen_first(assessment, people),
    )


def _chosen_first(assessment: dict[str, Any], people: list[dict[str, Any]]) -> dict[str, str]:
    """Return who is chosen of each side when the page opens: whom triage proposed, else whoever asks."""
    proposed = {one["agency_kind"]: str(one["person_id"]) for one in assessment["proposed"]}
    me = current.visitor().person_id
    own = {one["agency_kind"]: str(me) for one in people if one["person_id"] == me}
    return {kind: proposed.get(kind) or own.get(kind, "") for kind in SIDES}
