"""How a family's record is kept: holds, restrictions of processing, clocks."""

from typing import Any
from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.contract import Operation
from gateway.access import current
from gateway.access.guard import needs
from gateway.pages.attempt import attempt
from gateway.pages.forms import Form
from gateway.pages.records.blueprint import Step, asked, part
from gateway.pages.show import here, onward, page
from services.referrals.contract.records import controls, erasure, requests, retention


@part.get("/<borough>/families/<uuid:family_id>/records")
@needs("records.manage")
def family(borough: str, family_id: UUID) -> Response:
    """Show how a family's record is kept, and what can be decided."""
    found = current.call(controls.FAMILY_RECORDS, family_id=family_id)
    return page(
        "records/family.html", title="How this record is kept", tab="Records of a family", found=found, kinds=requests.KINDS,
        states=requests.STATES, controls=controls.CONTROLS, because=controls.BECAUSE, sides=retention.SIDES,
        erasure_states=erasure.ERASURE_STATES, erased=any(one["state"] == "done" and not one["person_id"] for one in found["erasures"]),
    )  # fmt: skip


@part.route("/<borough>/families/<uuid:family_id>/records/hold", methods=["GET", "POST"])
@needs("records.manage")
def hold(borough: str, family_id: UUID) -> Response | AnyResponse:
    """Ask why nothing may be erased, and hold the record."""
    means = "Nothing of this family is erased, under any rule or in any place, until somebody lifts the hold."
    return _placed(
        family_id, Form(controls.PlaceHold, "family_id"), "Put a legal hold on this record", means, controls.PLACE_HOLD, "record_held"
    )


@part.route("/<borough>/families/<uuid:family_id>/records/limit", methods=["GET", "POST"])
@needs("records.manage")
def limit(borough: str, family_id: UUID) -> Response | AnyResponse:
    """Ask why the record may not be used, and restrict its use."""
    means = (
        "The record stays and can be read. Nothing new is decided, arranged, written or shared in it. Registers go on, and so does "
        "whatever is done to answer the person."
    )
    return _placed(
        family_id,
        Form(controls.LimitUse, "family_id"),
        "Keep this record, but do not use it",
        means,
        controls.LIMIT_USE,
        "record_limited",
    )


@part.route("/<borough>/families/<uuid:family_id>/records/<uuid:control_id>/lift", methods=["GET", "POST"])
@needs("records.manage")
def lift(borough: str, family_id: UUID, control_id: UUID) -> Response | AnyResponse:
    """Ask why a hold or a restriction is lifted, and lift it."""
    known = current.call(controls.FAMILY_RECORDS, family_id=family_id)["controls"]
    version = next((one["version"] for one in known if one["id"] == control_id), "")
    form, step = (
        Form(controls.LiftControl, "control_id", "version"),
        Step("Lift it", "From now on the ordinary rules apply again.", "Lift it", _back(family_id)),
    )
    if request.method == "GET":
        return asked(step, form.blank(), version=version)
    filled, sent = form.sent(request.form), request.form.get("version", "")
    if attempt(filled, controls.LIFT_CONTROL, control_id=control_id, version=sent):
        return onward("records.family", "control_lifted", family_id=family_id)
    return asked(step, filled, version=sent)


@part.get("/<borough>/records/due")
@needs("records.manage")
def due(borough: str) -> Response:
    """List the people whose time is over."""
    found = current.call(retention.DUE_RECORDS, after=request.args.get("after"), limit=25)
    return page("records/due.html", title="Due for a decision", found=found, sides=retention.SIDES)


@part.route("/<borough>/records/people/<uuid:person_id>/keep", methods=["GET", "POST"])
@needs("records.manage")
def keep(borough: str, person_id: UUID) -> Response | AnyResponse:
    """Ask why a person's record is kept longer, and keep it."""
    form = Form(retention.KeepLonger, "person_id")
    means = "The person comes back to the list when that day is over."
    step = Step("Keep this record longer", means, "Keep it longer", (here("records.due"), "Due for a decision"))
    if request.method == "GET":
        return asked(step, form.blank())
    filled = form.sent(request.form)
    return onward("records.due", "record_kept") if attempt(filled, retention.KEEP_LONGER, person_id=person_id) else asked(step, filled)


def _placed(family_id: UUID, form: Form, title: str, means: str, operation: Operation, done: str) -> Response | AnyResponse:
    step = Step(title, means, title, _back(family_id))
    if request.method == "GET":
        return asked(step, form.blank())
    filled = form.sent(request.form)
    found: dict[str, Any] | None = attempt(filled, operation, family_id=family_id)
    return onward("records.family", done, family_id=family_id) if found else asked(step, filled)


def _back(family_id: UUID) -> tuple[str, str]:
    return here("records.family", family_id=family_id), "Records of the family"
