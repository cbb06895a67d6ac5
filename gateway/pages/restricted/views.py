"""Restricting a family, changing who may see it, lifting that, and breaking the glass."""

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import Conflict, Stale
from gateway.access import current
from gateway.access.guard import needs
from gateway.contract import LIST_PEOPLE
from gateway.named_people import RestrictFamily, gone_of, who_may_be_named, with_people
from gateway.pages.attempt import attempt
from gateway.pages.conflict import both_versions
from gateway.pages.forms import Filled, Form
from gateway.pages.restricted import glass
from gateway.pages.restricted.people import as_it_is, by_id, changed, form_of
from gateway.pages.show import onward, page
from services.referrals.contract import (
    BREAK_GLASS,
    CHANGE_RESTRICTION,
    GET_RESTRICTION,
    LIFT_RESTRICTION,
    RESTRICT_FAMILY,
    RESTRICTED_BECAUSE,
    LiftRestrictionRequest,
)

part = Blueprint("restricted", __name__)

ORDER = ("reason", "people", "words", "without_me")
LABELS = {"people": "Who else may see this family?", "without_me": "Do you want to be left out yourself?"}


class Step(NamedTuple):
    """One thing that can be done about a restriction: its page, what it means, its button."""

    title: str
    means: str
    button: str
    grave: bool = False


_RESTRICT = Step(
    "Restrict this family",
    "Only the people you name can find or open this family's record, in every part of Stay & Play. On registers and lists of places "
    "others see that a restricted family has a place, and not who it is.",
    "Restrict this family",
)
_CHANGE = Step("Change who may see this family", "Whoever you leave out can't open the record from now on.", "Save")
_LIFT = Step(
    "Lift the restriction",
    "Everybody whose role lets them read families can find and open this one again.",
    "Lift the restriction",
    grave=True,
)


@part.get("/<borough>/families/<uuid:family_id>/restriction")
@needs("families.read")
def show(borough: str, family_id: UUID) -> Response:
    """Show who may see a family, who of them works with families no more, and who broke the glass."""
    restriction = current.call(GET_RESTRICTION, family_id=family_id)
    gone = gone_of(restriction["people"]) if current.may(LIST_PEOPLE.permission) else []
    return page(
        "restricted/page.html",
        title="Who may see this family",
        tab="A restricted family",
        restriction=restriction,
        reasons=RESTRICTED_BECAUSE,
        gone=gone,
        nobody_left=restriction["in_force"] and not [one for one in restriction["people"] if one["practitioner"] and one not in gone],
    )


@part.route("/<borough>/families/<uuid:family_id>/restrict", methods=["GET", "POST"])
@needs("families.restrict")
def restrict(borough: str, family_id: UUID) -> Response | AnyResponse:
    """Ask why a family is to be restricted and to whom, and restrict it."""
    if current.call(GET_RESTRICTION, family_id=family_id)["in_force"]:
        raise Conflict("This family is restricted already. Change who may see it instead.")
    others = [one for one in who_may_be_named() if one["person_id"] != current.visitor().person_id]
    form = Form(RestrictFamily, "family_id", choices={"people": by_id(others)}, labels=LABELS, order=ORDER)
    if request.method == "GET":
        return _asked(_RESTRICT, family_id, form.blank(without_me=False))
    filled = form.sent(request.form)
    if attempt(filled, RESTRICT_FAMILY, with_people, family_id=family_id):
        left_out = filled.posted.get("without_me") == "yes"
        return onward("family.index", "family_restricted") if left_out else onward("family.show", "family_restricted", family_id=family_id)
    return _asked(_RESTRICT, family_id, filled)


@part.route("/<borough>/families/<uuid:family_id>/restriction/change", methods=["GET", "POST"])
@needs("families.restrict")
def change(borough: str, family_id: UUID) -> Response | AnyResponse:
    """Ask who may see a restricted family from now on, and save it."""
    restriction, members = current.call(GET_RESTRICTION, family_id=family_id), who_may_be_named()
    form = form_of(restriction, members, current.visitor().person_id)
    if request.method == "GET":
        return _asked(_CHANGE, family_id, as_it_is(form, restriction, members), restriction["version"])
    filled, version = form.sent(request.form), request.form.get("version", "")
    if request.form.get("step") != "change":
        if attempt(filled, CHANGE_RESTRICTION, partial(changed, restriction, members), family_id=family_id, version=version):
            return onward("restricted.show", "restriction_changed", family_id=family_id)
        if isinstance(filled.problem, Stale):
            return both(filled, as_it_is(form, restriction, members), restriction)
    return _asked(_CHANGE, family_id, filled, version)


@part.route("/<borough>/families/<uuid:family_id>/restriction/lift", methods=["GET", "POST"])
@needs("families.restrict")
def lift(borough: str, family_id: UUID) -> Response | AnyResponse:
    """Ask why everybody may see a family again, and let them."""
    form = Form(LiftRestrictionRequest, "family_id", "version")
    if request.method == "GET":
        return _asked(_LIFT, family_id, form.blank(), current.call(GET_RESTRICTION, family_id=family_id)["version"])
    filled, version = form.sent(request.form), request.form.get("version", "")
    if attempt(filled, LIFT_RESTRICTION, family_id=family_id, version=version):
        return onward("family.show", "restriction_lifted", family_id=family_id)
    return _asked(_LIFT, family_id, filled, version)


@part.route("/<borough>/families/<uuid:family_id>/break-glass", methods=["GET", "POST"])
@needs("families.break_glass")
def break_glass(borough: str, family_id: UUID) -> Response | AnyResponse:
    """Ask why somebody must open a restricted record, and open it."""
    if request.method == "GET":
        return glass.notice(family_id)
    filled = glass.form().sent(request.form)
    if attempt(filled, BREAK_GLASS, family_id=family_id):
        return onward("family.show", "glass_broken", family_id=family_id)
    return glass.notice(family_id, filled)


def _asked(step: Step, family_id: UUID, filled: Filled, version: object = "") -> Response:
    """Return the page with the form of one step."""
    return page(
        "restricted/form.html",
        title=step.title,
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        step=step,
        family_id=family_id,
        filled=filled,
        version=version,
    )


def both(filled: Filled, theirs: Filled, restriction: Mapping[str, Any]) -> Response:
    """Return the page that shows who somebody else named beside who was ticked here."""
    return both_versions(filled, theirs, version=restriction["version"], leave=("restricted.show", {"family_id": restriction["family_id"]}))
