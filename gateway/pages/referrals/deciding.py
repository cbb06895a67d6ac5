"""One referral, and the decisions on it: asked, shown once more where they can't be taken back, and both sides where two decide at once."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.contract import Operation
from chassis.errors import NotFound, Stale
from gateway.access import current
from gateway.assessors import members, without_membership
from gateway.pages.answers import sections
from gateway.pages.assessments.visits import who_goes
from gateway.pages.attempt import Completed, attempt
from gateway.pages.duplicates.found import people as who_are
from gateway.pages.duplicates.found import shown
from gateway.pages.forms import Filled
from gateway.pages.referrals.board import FIT_SIGNS
from gateway.pages.referrals.criteria import judging
from gateway.pages.referrals.moves import CLOSE_ACCEPTED, MOVES, Move, form_of, moves_from
from gateway.pages.show import onward, page
from services.assessments.contract import SIDES
from services.referrals.contract import FIND_MATCHES, GET_REFERRAL, LIST_REFERRALS

Referral = dict[str, Any]


def read(referral_id: UUID) -> tuple[Referral, list[Referral]]:
    """Return a referral and, for who decides, the others that it may be the same as."""
    one = current.ask(GET_REFERRAL, referral_id=referral_id)
    if not current.may("referrals.triage"):
        return current.gather(one)[0], []
    referral, page_of_others = current.gather(one, current.ask(LIST_REFERRALS, sort="newest", limit=100))
    return referral, [other for other in page_of_others["items"] if other["id"] != referral_id]


def matches_of(referral: Referral) -> dict[str, Any] | None:
    """Return who may be the family of a referral, for whoever may make two records one."""
    return current.call(FIND_MATCHES, family_id=referral["family_id"]) if current.may(FIND_MATCHES.permission) else None


def detail(
    referral: Referral,
    others: list[Referral],
    tried: str = "",
    refused: Filled | None = None,
    people: list[dict[str, Any]] | None = None,
    matches: Mapping[str, Any] | None = None,
) -> Response:
    """Return the page of a referral; ``refused`` is the form of the decision ``tried``, to be put right."""
    decides = current.may("referrals.triage")
    moves = [
        (move, refused if refused is not None and move.name == tried else form_of(move, others).blank(urgency=referral["urgency"]))
        for move in (moves_from(referral) if decides else [])
    ]
    team = (members() if people is None else people) if decides else []
    return page(
        "referrals/page.html",
        title=referral["family_name"],
        tab="A referral",
        status=422 if refused else 200,
        has_faults=bool(refused),
        referral=referral,
        matches=[shown(match) for match in matches["matches"]] if matches else [],
        matched=matches["family"] if matches else None,
        people_of=who_are,
        moves=moves,
        tried=tried,
        refused=refused,
        criteria=judging(referral, tried, refused) if decides else judging({**referral, "status": "closed"}),
        signs=FIT_SIGNS,
        members=team,
        sides={kind: (who_goes(kind), [one for one in team if one["agency_kind"] == kind]) for kind in SIDES},
        me=current.visitor().person_id,
    )


def decide(referral_id: UUID, move_name: str) -> Response | AnyResponse:
    """Make one decision with its reason.

    Raises:
        NotFound: there is no such decision.
    """
    move = MOVES.get(move_name)
    if move is None:
        raise NotFound
    filled = form_of(move).sent(request.form)
    people = members() if move.name == "accept" else []
    chosen = [one for kind in SIDES if (one := _chosen(people, kind)) is not None]
    given = {"referral_id": referral_id, "version": request.form.get("version", ""), **_proposed(chosen)}
    if _is_final(move) and not _was_shown(filled, given, people):
        return _again(referral_id, move, filled, people) if filled.faults else _once_more(move, filled, chosen)
    if attempt(filled, move.operation, **given):
        return onward("referrals.show", f"referral_{move.name}", referral_id=referral_id)
    if isinstance(filled.problem, Stale):
        return both_sides(referral_id, move.button, filled)
    return _again(referral_id, move, filled, people)


def _proposed(chosen: list[dict[str, Any]]) -> dict[str, Any]:
    return {"assessors": [without_membership(one) for one in chosen]} if chosen else {}


def _is_final(move: Move) -> bool:
    return move.final or (move.name == "close" and request.form.get("stands") == "accepted")


def _was_shown(filled: Filled, given: dict[str, Any], people: list[dict[str, Any]]) -> bool:
    """Tell whether the decision was shown once more, and sent from there; if not, find what is wrong with it."""
    if request.form.get("step") == "send":
        return True
    version = str(given["version"])
    filled.checked(**{**given, "version": int(version) if version.isdecimal() else version})
    if request.form.get("asks_sides"):
        missing = {kind: f"{who_goes(kind)} Choose one." for kind in SIDES if _chosen(people, kind) is None and _anybody(people, kind)}
        filled.faults |= missing
    return False


def _anybody(people: list[dict[str, Any]], kind: str) -> bool:
    return any(one["agency_kind"] == kind for one in people)


def _chosen(people: list[dict[str, Any]], kind: str) -> dict[str, Any] | None:
    return next((one for one in people if one["agency_kind"] == kind and str(one["person_id"]) == request.form.get(kind)), None)


def _once_more(move: Move, filled: Filled, chosen: list[dict[str, Any]]) -> Response:
    """Show a decision that can't be taken back once more."""
    who = [("Who visits", f"{one['name']}, {one['agency_name']}") for one in chosen]
    *_, (_, _, lines) = sections(filled)
    return page(
        "referrals/confirm.html",
        title=f"{move.button}?",
        tab="A decision",
        move=CLOSE_ACCEPTED if move.name == "close" else move,
        filled=filled,
        lines=[*lines, *who],
        referral_id=request.view_args["referral_id"] if request.view_args else None,
    )


def _again(referral_id: UUID, move: Move, filled: Filled, people: list[dict[str, Any]]) -> Response:
    referral, others = read(referral_id)
    filled.form = form_of(move, others)
    return detail(referral, others, move.name, filled, people or None, matches_of(referral))


def both_sides(referral_id: UUID, wanted: str, filled: Filled) -> Response:
    """Return the page for somebody who decided while somebody else did: what they wanted, and what was done meanwhile."""
    referral = current.call(GET_REFERRAL, referral_id=referral_id)
    move = request.view_args.get("move_name") if request.view_args else None
    return page(
        "referrals/both.html",
        title="Somebody else was first",
        tab="A referral",
        status=409,
        referral=referral,
        wanted=wanted,
        words=filled.posted.get("reason", "") or filled.posted.get("fact", ""),
        filled=filled,
        possible=move is None or move in {one.name for one in moves_from(referral)},
    )


def done(
    operation: Operation,
    referral_id: UUID,
    filled: Filled,
    wanted: str,
    said: str,
    completed: Completed = dict,
    given: Mapping[str, Any] = MappingProxyType({}),
) -> Response | AnyResponse | None:
    """Make a change beside the decisions; None where its form must be shown again."""
    version = request.form.get("version", "")
    if attempt(filled, operation, completed, referral_id=referral_id, version=version, **given):
        return onward("referrals.show", said, referral_id=referral_id)
    return both_sides(referral_id, wanted, filled) if isinstance(filled.problem, Stale) else None
