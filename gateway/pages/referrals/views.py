"""The referral list, one referral and its decisions."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import NotFound
from gateway.access import current
from gateway.access.guard import needs
from gateway.pages.attempt import attempt
from gateway.pages.forms import Filled
from gateway.pages.own_policy import own_policy, waits_too_long
from gateway.pages.referrals import refer
from gateway.pages.referrals.moves import MOVES, form_of, moves_from
from gateway.pages.show import onward, page
from services.referrals.contract import GET_REFERRAL, LIST_REFERRALS, OWN_REFERRALS, SOURCES, STATUSES

part = Blueprint("referrals", __name__)
part.add_url_rule("/<borough>/refer", "refer", refer.form, methods=["GET", "POST"])
part.add_url_rule("/<borough>/refer/sent", "sent", refer.sent)

FINISHED = ("redirected", "declined", "duplicate", "withdrawn", "closed")
FILTERS = (
    ("received", STATUSES["received"], ("received",)),
    ("needs_information", STATUSES["needs_information"], ("needs_information",)),
    ("accepted", "Accepted", ("accepted",)),
    ("finished", "Finished", FINISHED),
    ("all", "All", tuple(STATUSES)),
)
EMPTY = {
    "received": ("Nothing to triage.", "Every referral has been looked at."),
    "needs_information": ("No referral waits for information.", ""),
    "accepted": ("No accepted referrals.", "Those that you accept for joint assessment stand here."),
    "finished": ("Nothing finished yet.", "Referrals that were closed, declined or pointed elsewhere stand here."),
    "all": ("No referrals yet.", "The first one will stand here."),
}


@part.get("/<borough>/referrals")
@needs("referrals.read_own")
def index(borough: str) -> Response:
    """List referrals; a referrer sees their own, as far as each family allows."""
    if not current.may("referrals.read"):
        return _own()
    shown = _chosen_status()
    sort = "newest" if request.args.get("sort") == "newest" else "oldest"
    mine = request.args.get("whose") == "mine"
    statuses = next(statuses for code, _, statuses in FILTERS if code == shown)
    found = current.call(LIST_REFERRALS, status=list(statuses), sort=sort, mine=mine or None, after=request.args.get("after"), limit=25)
    return listing(found, shown=shown, sort=sort, mine=mine)


def _chosen_status() -> str:
    asked = request.args.get("status", "received")
    return asked if asked in EMPTY else "received"


def listing(found: dict[str, Any], *, shown: str, sort: str, mine: bool) -> Response:
    """Return the list page for a page of referrals."""
    return page(
        "referrals/index.html",
        title="Referrals",
        found=found,
        shown=shown,
        sort=sort,
        mine=mine,
        filters=FILTERS,
        empty_words=EMPTY[shown],
        statuses=STATUSES,
        sources=SOURCES,
        is_late=waits_too_long(own_policy()["first_contact_days"]),
    )


def _own() -> Response:
    found = current.call(OWN_REFERRALS, after=request.args.get("after"), limit=25)
    return page("referrals/own.html", title="Your referrals", found=found)


@part.get("/<borough>/referrals/<uuid:referral_id>")
@needs("referrals.read")
def show(borough: str, referral_id: UUID) -> Response:
    """Show one referral with the decisions that can be made."""
    referral, others = _referral(referral_id)
    return detail(referral, others)


def _referral(referral_id: UUID) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    one = current.ask(GET_REFERRAL, referral_id=referral_id)
    if not current.may("referrals.triage"):
        return current.gather(one)[0], []
    referral, page_of_others = current.gather(one, current.ask(LIST_REFERRALS, sort="newest", limit=100))
    return referral, [other for other in page_of_others["items"] if other["id"] != referral_id]


def detail(referral: dict[str, Any], others: list[dict[str, Any]], tried: str = "", refused: Filled | None = None) -> Response:
    """Return the page of a referral; ``refused`` is the form of the decision ``tried``, to be put right."""
    moves = [
        (move, refused if refused is not None and move.name == tried else form_of(move, others).blank())
        for move in (moves_from(referral) if current.may("referrals.triage") else [])
    ]
    return page(
        "referrals/page.html",
        title=referral["family_name"],
        tab="A referral",
        status=422 if refused else 200,
        has_faults=bool(refused),
        referral=referral,
        moves=moves,
        tried=tried,
        refused=refused,
    )


@part.post("/<borough>/referrals/<uuid:referral_id>/<move_name>")
@needs("referrals.triage")
def decide(borough: str, referral_id: UUID, move_name: str) -> Response | AnyResponse:
    """Make one decision with its reason."""
    move = MOVES.get(move_name)
    if move is None:
        raise NotFound
    filled = form_of(move).sent(request.form)
    if attempt(filled, move.operation, referral_id=referral_id, version=request.form.get("version", "")):
        return onward("referrals.show", f"referral_{move.name}", referral_id=referral_id)
    referral, others = _referral(referral_id)
    filled.form = form_of(move, others)
    return detail(referral, others, move.name, filled)
