"""Families that may be on record twice: looked at, decided on, made one, and two again."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import Stale, StayPlayError
from gateway.access import current
from gateway.access.guard import needs
from gateway.pages.attempt import attempt, send
from gateway.pages.duplicates import comparing, found
from gateway.pages.forms import Filled, Form
from gateway.pages.show import onward, page
from services.referrals.contract import (
    COMPARE_FAMILIES,
    DECIDE_MATCH,
    FAMILY_MERGES,
    FIND_MATCHES,
    LEVELS,
    LIST_MATCHES,
    MERGE_FAMILIES,
    UNDO_DAYS,
    UNDO_MERGE,
    UndoMergeRequest,
)

part = Blueprint("duplicates", __name__)

_AGAIN = "One of the two was changed since you opened this page. Look at both as they are now, then go on."
_WHY = "Say why they are the same family."


@part.get("/<borough>/duplicates")
@needs("families.merge")
def index(borough: str) -> Response:
    """Show pairs of families that may be one, likeliest first."""
    state = request.args.get("state")
    wanted = state if state in {"open", "not_sure"} else None
    pairs = current.call(LIST_MATCHES, state=wanted, after=request.args.get("after"), limit=25)
    return page(
        "duplicates/index.html",
        title="On record twice?",
        pairs=pairs,
        state=wanted,
        is_first="after" not in request.args,
        levels=LEVELS,
        tones=found.TONES,
        reasons=found.reasons,
        people=found.people,
    )


@part.get("/<borough>/families/<uuid:family_id>/duplicates")
@needs("families.merge")
def of_family(borough: str, family_id: UUID) -> Response:
    """Show who may be the same as one family, with reasons."""
    return _matches(current.call(FIND_MATCHES, family_id=family_id))


@part.post("/<borough>/families/<uuid:family_id>/duplicates/<uuid:other_id>")
@needs("families.merge")
def decide(borough: str, family_id: UUID, other_id: UUID) -> Response | AnyResponse:
    """Keep what somebody thinks of two families; who finds them the same goes on to make them one."""
    filled = found.form_of({"id": other_id}).sent(request.form)
    if not attempt(filled, DECIDE_MATCH, family_id=family_id, other_id=other_id):
        return _matches(current.call(FIND_MATCHES, family_id=family_id), other_id, filled)
    if request.form.get("verdict") == "same":
        return _on_to_merge(family_id, other_id)
    return onward("duplicates.of_family", f"match_{request.form.get('verdict')}", family_id=family_id)


@part.route("/<borough>/families/<uuid:family_id>/merge/<uuid:other_id>", methods=["GET", "POST"])
@needs("families.merge")
def merge(borough: str, family_id: UUID, other_id: UUID) -> Response | AnyResponse:
    """Compare two records, choose, look once more at what will happen, and make them one: ``family_id`` goes on."""
    told = comparing.sent_people() if request.method == "POST" else None
    both = _compared(family_id, other_id, told)
    choice = comparing.chosen(both)
    if request.method == "GET" or request.form.get("step") == "change" or not comparing.asked_everything(both):
        return _asked(both, choice, told)
    if not choice.reason:
        return _asked(both, choice, told, fault=_WHY)
    if request.form.get("step") != "merge":
        return _last_look(both, choice)
    try:
        send(MERGE_FAMILIES, request.form.get("form_key", ""), into_id=family_id, merged_id=other_id, **_seen(), **choice.as_request())
    except Stale:
        return _asked(both, choice, told, fault=_AGAIN, status=409)
    return onward("duplicates.merges", "families_merged", family_id=family_id)


@part.get("/<borough>/families/<uuid:family_id>/merges")
@needs("families.merge")
def merges(borough: str, family_id: UUID) -> Response:
    """Show what was merged into a family, with the way back."""
    return _merges(family_id)


@part.post("/<borough>/families/<uuid:family_id>/merges/<uuid:merge_id>")
@needs("families.merge")
def undo(borough: str, family_id: UUID, merge_id: UUID) -> Response | AnyResponse:
    """Make two records of one again."""
    filled = _undo_form(merge_id).sent(request.form)
    if attempt(filled, UNDO_MERGE, merge_id=merge_id, version=request.form.get("version", "")):
        return onward("duplicates.merges", "merge_undone", family_id=family_id)
    return _merges(family_id, merge_id, filled)


def _matches(answer: dict[str, Any], tried: UUID | None = None, refused: Filled | None = None) -> Response:
    matches = [found.shown(match) for match in answer["matches"]]
    return page(
        "duplicates/family.html",
        title="On record twice?",
        tab="A family",
        status=422 if refused else 200,
        has_faults=refused is not None,
        family=answer["family"],
        matches=matches,
        people=found.people,
        tried=tried,
        refused=refused,
    )


def _on_to_merge(family_id: UUID, other_id: UUID) -> AnyResponse:
    """Lead to the page on which two records become one; two that were only referred are marked as duplicates instead."""
    answer = current.call(FIND_MATCHES, family_id=family_id)
    other = next((match["family"] for match in answer["matches"] if match["family"]["id"] == other_id), None)
    if answer["family"]["registered"]:
        return onward("duplicates.merge", family_id=family_id, other_id=other_id)
    if other and other["registered"]:
        return onward("duplicates.merge", family_id=other_id, other_id=family_id)
    return onward("referrals.show", "match_same_referral", "duplicate", referral_id=answer["family"]["referrals"][0]["id"])


def _compared(family_id: UUID, other_id: UUID, people: list[dict[str, Any]] | None) -> dict[str, Any]:
    try:
        return current.call(COMPARE_FAMILIES, into_id=family_id, merged_id=other_id, people=people)
    except StayPlayError as error:
        if people is None or error.code != "invalid":
            raise
        return {**current.call(COMPARE_FAMILIES, into_id=family_id, merged_id=other_id), "fault": error.message}


def _asked(
    both: dict[str, Any], choice: comparing.Chosen, told: list[dict[str, Any]] | None, fault: str = "", status: int = 422
) -> Response:
    """Return the page on which it is chosen who is who, and which answers are kept."""
    wrong = both.get("fault") or fault
    anew = told is not None and not wrong and not comparing.asked_everything(both)
    return page(
        "duplicates/merge.html",
        title="Merge these records",
        tab="Two families",
        status=status if wrong else 200,
        has_faults=bool(wrong),
        both=both,
        choice=choice,
        fault=wrong,
        anew=anew,
        whose=comparing.WHOSE,
        joins=comparing.JOINS,
        people=found.people,
    )


def _last_look(both: dict[str, Any], choice: comparing.Chosen) -> Response:
    """Return the page that says what will happen, with the button that makes it happen."""
    return page(
        "duplicates/confirm.html",
        title="Merge these records?",
        tab="Two families",
        both=both,
        choice=choice,
        joins=comparing.JOINS,
        will_be=comparing.will_be(both, choice),
        will_say=comparing.will_say(both, choice),
        happens=comparing.will_happen(both),
    )


def _seen() -> dict[str, int]:
    """Return the versions of the two records that the form was made from."""
    return {name: _sent_version(name) for name in ("into_version", "merged_version")}


def _sent_version(name: str) -> int:
    written = request.form.get(name, "")
    return int(written) if written.isdecimal() else 0


def _undo_form(merge_id: UUID) -> Form:
    return Form(UndoMergeRequest, "merge_id", "version", within=f"u{str(merge_id)[-8:]}")


def _merges(family_id: UUID, tried: UUID | None = None, refused: Filled | None = None) -> Response:
    answer = current.call(FAMILY_MERGES, family_id=family_id)
    rows = [(one, refused if refused and one["id"] == tried else _undo_form(one["id"]).blank()) for one in answer["merges"]]
    return page(
        "duplicates/merges.html",
        title="Merged records",
        tab="A family",
        status=422 if refused else 200,
        has_faults=refused is not None,
        family_id=family_id,
        rows=rows,
        waiting=answer["waiting"],
        tried=tried,
        refused=refused,
        days=UNDO_DAYS,
    )
