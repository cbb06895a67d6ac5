"""Families: finding one; its story, details and attendance."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis import clock
from chassis.errors import StayPlayError
from gateway.access import current
from gateway.access.guard import needs, only_reads
from gateway.family_story import TELLERS, merged
from gateway.pages.family import finding
from gateway.pages.family.filter import KINDS, PERIODS, Wanted
from gateway.pages.family.next import next_steps
from gateway.pages.family.story import attended_words, told
from gateway.pages.family.weeks import used, weeks
from gateway.pages.groups.places import moves_from
from gateway.pages.show import page, same_page
from gateway.pages.words import day, how_old, listed
from services.referrals.contract import (
    CHANNELS,
    ETHNICITIES,
    FAMILY_MERGES,
    GET_FAMILY,
    GET_RESTRICTION,
    RELATIONSHIPS,
    called,
)
from services.sessions.contract import COLLECTION_STATES, ENGAGEMENT, MARKS, PLACE_STATUSES

part = Blueprint("family", __name__)

LOOKS = 10
"""How often a page looks again by itself for what is still opening."""
EVERYTHING = Wanted()
TABS = (("story", "Story"), ("details", "Details"), ("attendance", "Attendance"))


@part.route("/<borough>/families", methods=["GET", "POST"])
@only_reads
@needs("families.read")
def index(borough: str) -> Response | AnyResponse:
    """List families, or find some by what is typed, which is posted: no name is to stand in an address."""
    return finding.families(request.form)


@part.get("/<borough>/families/<uuid:family_id>")
@needs("families.read")
def show(borough: str, family_id: UUID) -> Response:
    """Show a family: its story, or another part."""
    merges = [current.ask(FAMILY_MERGES, family_id=family_id)] if current.may(FAMILY_MERGES.permission) else []
    family, *parts = current.gather_what_answers(
        current.ask(GET_FAMILY, family_id=family_id), *(current.ask(teller, family_id=family_id) for teller in TELLERS), *merges
    )
    merging = parts.pop() if merges else None
    if isinstance(family, StayPlayError):
        raise family
    restriction = current.call(GET_RESTRICTION, family_id=family_id) if family["restricted"] else None
    return whole(family, parts, request.args.get("part", "story"), restriction, Wanted.of(request.args), merging)


def whole(
    family: Mapping[str, Any],
    replies: list[dict[str, Any] | StayPlayError],
    shown: str = "story",
    restriction: Mapping[str, Any] | None = None,
    wanted: Wanted = EVERYTHING,
    merging: Mapping[str, Any] | StayPlayError | None = None,
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
        merging=None if isinstance(merging, StayPlayError) else merging,
        opening=story["opening"],
        family=family,
        shown=shown if shown in dict(TABS) else "story",
        tabs=TABS,
        lede=_lede(family, place),
        attendance=attendance,
        place=place,
        moves=moves_from(place) if place else [],
        silent=story["silent"],
        lines=told(wanted.fitting(story["entries"], clock.today())),
        wanted=wanted,
        kinds=KINDS,
        periods=PERIODS,
        strip=strip,
        key=used(strip),
        came=attended_words(attendance, len(strip)) if attendance else "",
        steps=next_steps(family, story["entries"], attendance, outreach),
        channels=CHANNELS,
        relationships=RELATIONSHIPS,
        ethnicities=ETHNICITIES,
        names={child["id"]: called(child) for child in family["children"]},
        engagement=ENGAGEMENT,
        marks=MARKS,
        statuses=PLACE_STATUSES,
        collections=COLLECTION_STATES,
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
    ages = listed(f"{called(child)} is {how_old(child)}" for child in family["children"])
    if not place:
        return [ages]
    since = f" since {day(place['starts_on'])}" if place["starts_on"] else ""
    return [ages, f"{place['group_name']}{since}" if place["group_name"] else PLACE_STATUSES[place["status"]]]
