"""Families: finding one, its story, people and attendance, and changing its details."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis import clock
from chassis.errors import Invalid, Stale, StayPlayError
from gateway.access import current
from gateway.access.guard import needs, only_reads
from gateway.family_story import TELLERS, merged
from gateway.pages.attempt import attempt
from gateway.pages.conflict import both_versions
from gateway.pages.family.next import next_steps
from gateway.pages.family.story import attended_words, told
from gateway.pages.family.weeks import used, weeks
from gateway.pages.forms import Filled, Form
from gateway.pages.groups.places import moves_from
from gateway.pages.show import new_key, onward, page, same_page
from gateway.pages.words import age, day, listed
from services.referrals.contract import (
    CHANGE_FAMILY,
    CHANNELS,
    FIND_RESTRICTED,
    GET_FAMILY,
    GET_RESTRICTION,
    LIST_FAMILIES,
    RELATIONSHIPS,
    ChangeFamilyRequest,
    FindRestrictedRequest,
)
from services.sessions.contract import COLLECTION_STATES, ENGAGEMENT, MARKS, PLACE_STATUSES

part = Blueprint("family", __name__)

LOOKS = 10
"""How often a page looks again by itself for what is still opening."""
TABS = (("story", "Story"), ("people", "People"), ("attendance", "Attendance"))
LABELS = {"address-line": "Street and town"}
ORDER = ("safe_contact", "parents", "children", "address", "language", "interpreter")


@part.route("/<borough>/families", methods=["GET", "POST"])
@only_reads
@needs("families.read")
def index(borough: str) -> Response | AnyResponse:
    """Find a family by part of a name, which is posted: no name is to stand in an address.

    A reference leads straight to the family. A full name with its date of birth tells besides that a restricted family matches.
    """
    name = request.form.get("name", "").strip()[:120]
    if reference := _reference(name):
        return _by_reference(reference)
    after = request.form.get("after")
    born = Form(FindRestrictedRequest, "name", "reference").sent(request.form)
    try:
        found = current.call(LIST_FAMILIES, name=name or None, after=after, limit=25)
    except Invalid as refused:
        return listing({"items": [], "next": None}, name, born, fault=_fault_of_name(refused))
    return listing(found, name, born, restricted=_restricted(name, born), is_first=not after)


def listing(
    found: Mapping[str, Any],
    name: str,
    born: Filled,
    *,
    restricted: Sequence[UUID] = (),
    is_first: bool = True,
    by_reference: bool = False,
    fault: str = "",
) -> Response:
    """Return the list page; ``restricted`` are families that match exactly and that the person may not see.

    ``fault`` says what is wrong with the name that was typed.
    """
    return page(
        "family/index.html",
        title="Families",
        status=422 if fault else 200,
        has_faults=bool(fault),
        fault=fault,
        found=found,
        name=name,
        born=born.widgets["birth_date"],
        restricted=restricted,
        is_first=is_first,
        by_reference=by_reference,
    )


def _fault_of_name(refused: Invalid) -> str:
    """Return what is wrong with the name; raises the error itself where the fault is in what nobody typed."""
    found = refused.faults.get("name")
    if not found:
        raise refused
    return str(found[0])


def _restricted(name: str, born: Filled) -> Sequence[UUID]:
    """Return the restricted families that match a full name and a date of birth.

    None where either is missing or can't be, and where nothing can be opened in need: that this was asked is kept, so it is a change.
    """
    may = current.may("families.break_glass") and current.borough().suspended_at is None
    if not may or len(name.split()) < 2 or not born.answers.get("birth_date"):
        return ()
    asked = born.checked(name=name)
    found: list[UUID] = current.call(FIND_RESTRICTED, idempotency_key=new_key(), **asked)["families"] if asked else []
    return found


def _reference(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _by_reference(reference: UUID) -> Response | AnyResponse:
    """Lead to the family with exactly this reference; tell where a restricted one has it, or a referral of one."""
    (family,) = current.gather_what_answers(current.ask(GET_FAMILY, family_id=reference))
    if isinstance(family, dict):
        return onward("family.show", family_id=reference)
    restricted: list[UUID] = []
    if current.may("families.break_glass"):
        restricted = current.call(FIND_RESTRICTED, idempotency_key=new_key(), reference=reference)["families"]
    nothing: dict[str, Any] = {"items": [], "next": None}
    born = Form(FindRestrictedRequest, "name", "reference").blank()
    return listing(nothing, str(reference), born, restricted=restricted, by_reference=True)


@part.get("/<borough>/families/<uuid:family_id>")
@needs("families.read")
def show(borough: str, family_id: UUID) -> Response:
    """Show a family: its story, or another part."""
    family, *parts = current.gather_what_answers(
        current.ask(GET_FAMILY, family_id=family_id), *(current.ask(teller, family_id=family_id) for teller in TELLERS)
    )
    if isinstance(family, StayPlayError):
        raise family
    restriction = current.call(GET_RESTRICTION, family_id=family_id) if family["restricted"] else None
    return whole(family, parts, request.args.get("part", "story"), restriction)


def whole(
    family: Mapping[str, Any],
    replies: list[dict[str, Any] | StayPlayError],
    shown: str = "story",
    restriction: Mapping[str, Any] | None = None,
) -> Response:
    """Return the page of a family from what each service tells of it (in the order of `TELLERS`).

    A service that has yet to hear that the person may see the family will in a moment: the page looks again by itself.
    """
    story = merged(replies)
    attendance, outreach = (reply if isinstance(reply, dict) else None for reply in replies[2:4])
    began = min((clock.london(entry["occurred_at"]).date() for entry in story["entries"]), default=_registered(family))
    strip = weeks(began, attendance["days"] if attendance else [], story["entries"])
    place = attendance["place"] if attendance else None
    answer = page(
        "family/page.html",
        title=family["name"],
        tab="A family",
        restriction=restriction,
        opening=story["opening"],
        family=family,
        shown=shown if shown in dict(TABS) else "story",
        tabs=TABS,
        lede=_lede(family, place),
        attendance=attendance,
        place=place,
        moves=moves_from(place) if place else [],
        silent=story["silent"],
        lines=told(story["entries"]),
        strip=strip,
        key=used(strip),
        came=attended_words(attendance, len(strip)) if attendance else "",
        steps=next_steps(attendance, outreach),
        channels=CHANNELS,
        relationships=RELATIONSHIPS,
        engagement=ENGAGEMENT,
        marks=MARKS,
        statuses=PLACE_STATUSES,
        collections=COLLECTION_STATES,
        cases=outreach["open_cases"] if outreach else [],
    )
    return looking_again(answer) if story["opening"] else answer


def looking_again(answer: Response) -> Response:
    """Let the browser open the page again in two seconds, ten times at most."""
    looks = request.args.get("looks", 0, int)
    if 0 <= looks < LOOKS:
        answer.headers["Refresh"] = f"2; url={same_page(looks=looks + 1)}"
    return answer


def _registered(family: Mapping[str, Any]) -> date:
    return clock.london(family["registered_at"]).date()


def _lede(family: Mapping[str, Any], place: Mapping[str, Any] | None) -> list[str]:
    ages = listed(f"{child['given_name']} is {age(child['birth_date'])}" for child in family["children"])
    if not place:
        return [ages]
    since = f" since {day(place['starts_on'])}" if place["starts_on"] else ""
    return [ages, f"{place['group_name']}{since}" if place["group_name"] else PLACE_STATUSES[place["status"]]]


@part.route("/<borough>/families/<uuid:family_id>/change", methods=["GET", "POST"])
@needs("families.change")
def change(borough: str, family_id: UUID) -> Response | AnyResponse:
    """Ask for the family's details as they are to be, and save them."""
    form = Form(ChangeFamilyRequest, "family_id", labels=LABELS, order=ORDER)
    if request.method == "GET":
        family = current.call(GET_FAMILY, family_id=family_id)
        return asked(form.blank(**family), family["name"], family["version"])
    filled, version = form.sent(request.form), request.form.get("version", "")
    if filled.resized() or request.form.get("step") == "change":
        return asked(filled, request.form.get("name", ""), version)
    if attempt(filled, CHANGE_FAMILY, family_id=family_id, version=version):
        return onward("family.show", "family_changed", family_id=family_id)
    if isinstance(filled.problem, Stale):
        return both(current.call(GET_FAMILY, family_id=family_id), filled)
    return asked(filled, request.form.get("name", ""), version)


def asked(filled: Filled, name: str, version: object) -> Response:
    """Return the page on which the details are changed."""
    return page(
        "family/change.html",
        title="Change the family's details",
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        filled=filled,
        w=filled.widgets,
        name=name,
        version=version,
    )


def both(family: Mapping[str, Any], filled: Filled) -> Response:
    """Return the page that shows what somebody else saved beside what was typed here."""
    return both_versions(
        filled,
        filled.form.blank(**family),
        version=family["version"],
        leave=("family.show", {"family_id": family["id"]}),
        at=family["changed_at"],
    )
