"""Pages on which a family's record is changed, a part at a time: each is saved by itself, on the version it was opened at."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import NotFound, Stale
from gateway.access import current
from gateway.access.guard import needs
from gateway.pages.attempt import attempt
from gateway.pages.conflict import both_versions
from gateway.pages.forms import Filled, Form
from gateway.pages.record import parts
from gateway.pages.record.parts import Family, Part
from gateway.pages.show import onward, page
from services.referrals.contract import GET_FAMILY, TAKE_OUT_PERSON, TakeOutRequest, called

part = Blueprint("record", __name__)


@part.route("/<borough>/families/<uuid:family_id>/record/contact", methods=["GET", "POST"])
@needs("families.change")
def contact(borough: str, family_id: UUID) -> Response | AnyResponse:
    """Ask how the family is reached safely, and save it."""
    return _changed(parts.CONTACT, _family(family_id))


@part.route("/<borough>/families/<uuid:family_id>/record/addresses", methods=["GET", "POST"])
@needs("families.change")
def addresses(borough: str, family_id: UUID) -> Response | AnyResponse:
    """Ask where the family lives and lived, and save it."""
    return _changed(parts.ADDRESSES, _family(family_id))


@part.route("/<borough>/families/<uuid:family_id>/record/needs", methods=["GET", "POST"])
@needs("families.change")
def needs_of_all(borough: str, family_id: UUID) -> Response | AnyResponse:
    """Ask what the family needs to understand and to take part, and save it."""
    return _changed(parts.NEEDS, _family(family_id))


@part.route("/<borough>/families/<uuid:family_id>/record/safety", methods=["GET", "POST"])
@needs("families.change")
def safety(borough: str, family_id: UUID) -> Response | AnyResponse:
    """Ask who may not collect or be told and what a visitor should know, and save it."""
    return _changed(parts.SAFETY, _family(family_id))


@part.route("/<borough>/families/<uuid:family_id>/record/parents/add", methods=["GET", "POST"])
@needs("families.change")
def add_parent(borough: str, family_id: UUID) -> Response | AnyResponse:
    """Ask for one more parent or carer, and save them."""
    return _changed(parts.parent(None), _family(family_id), person_id=None)


@part.route("/<borough>/families/<uuid:family_id>/record/children/add", methods=["GET", "POST"])
@needs("families.change")
def add_child(borough: str, family_id: UUID) -> Response | AnyResponse:
    """Ask for one more child, and save them."""
    return _changed(parts.child(None), _family(family_id), person_id=None)


@part.route("/<borough>/families/<uuid:family_id>/record/people/<uuid:person_id>", methods=["GET", "POST"])
@needs("families.change")
def person(borough: str, family_id: UUID, person_id: UUID) -> Response | AnyResponse:
    """Ask what is to be kept of somebody, and save it."""
    family = _family(family_id)
    side, somebody = _somebody(family, person_id)
    return _changed((parts.parent if side == "parents" else parts.child)(somebody), family, person_id=person_id)


@part.route("/<borough>/families/<uuid:family_id>/record/people/<uuid:person_id>/take-out", methods=["GET", "POST"])
@needs("families.change")
def take_out(borough: str, family_id: UUID, person_id: UUID) -> Response | AnyResponse:
    """Ask why somebody no longer belongs to the family, and let them leave its record."""
    family = _family(family_id)
    _, somebody = _somebody(family, person_id)
    form = Form(TakeOutRequest, "family_id", "person_id")
    if request.method == "GET":
        return _asking_why(family, somebody, form.blank(), family["version"])
    filled, version = form.sent(request.form), request.form.get("version", "")
    if attempt(filled, TAKE_OUT_PERSON, family_id=family_id, person_id=person_id, version=version):
        return onward("family.show", "person_taken_out", family_id=family_id, part="details")
    return _asking_why(family, somebody, filled, family["version"])


def _family(family_id: UUID) -> Family:
    family: Family = current.call(GET_FAMILY, family_id=family_id)
    return family


def _somebody(family: Family, person_id: UUID) -> tuple[str, Mapping[str, Any]]:
    """Return the side of the family that somebody belongs to, and what is kept of them; raises NotFound."""
    for side in ("parents", "children"):
        for one in family[side]:
            if one["id"] == person_id:
                return side, one
    raise NotFound


def _changed(one: Part, family: Family, **given: Any) -> Response | AnyResponse:
    """Show a part to be changed, or save it as it was sent."""
    form = Form(one.schema, "family_id", *one.given, labels=one.labels(family), order=one.order)
    if request.method == "GET":
        return asked(one, family, form.blank(**one.values(family)), family["version"])
    filled, version = form.sent(request.form), request.form.get("version", "")
    if filled.resized() or request.form.get("step") == "change":
        return asked(one, family, filled, version)
    if attempt(filled, one.operation, family_id=family["id"], version=version, **given):
        return onward("family.show", "record_saved", family_id=family["id"], part="details")
    return both(one, family, filled) if isinstance(filled.problem, Stale) else asked(one, family, filled, version)


def asked(one: Part, family: Family, filled: Filled, version: object) -> Response:
    """Return the page on which a part is changed."""
    return page(
        f"record/{one.name}.html",
        title=one.title,
        tab="Change a family's record",
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        filled=filled,
        w=filled.widgets,
        family=family,
        names={str(person["id"]): called(person) for side in ("parents", "children") for person in family[side]},
        version=version,
    )


def both(one: Part, family: Family, filled: Filled) -> Response:
    """Return the page that shows what somebody else saved beside what was typed here."""
    return both_versions(
        filled,
        filled.form.blank(**one.values(family)),
        version=family["version"],
        leave=("family.show", {"family_id": family["id"], "part": "details"}),
        at=family["changed_at"],
    )


def _asking_why(family: Family, somebody: Mapping[str, Any], filled: Filled, version: object) -> Response:
    return page(
        "record/take_out.html",
        title=f"Take {called(somebody)} out of this family",
        tab="Change a family's record",
        status=(filled.problem.status if filled.problem else 422) if filled.in_error else 200,
        has_faults=filled.in_error,
        filled=filled,
        w=filled.widgets,
        family=family,
        version=version,
    )
