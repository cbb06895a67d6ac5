"""The triage board: the referrals of one status, narrowed down and sorted, each with its age against policy."""

from typing import Any, Final

from flask import Response, request

from gateway.access import current
from gateway.pages.show import page, same_page
from services.referrals.contract import FITS, ORDERS, SOURCES, STATUSES, TRIAGE_BOARD

FINISHED: Final = ("redirected", "declined", "duplicate", "withdrawn", "closed")
SHOWN: Final = {
    "received": ("received",),
    "needs_information": ("needs_information",),
    "accepted": ("accepted",),
    "finished": FINISHED,
    "all": tuple(STATUSES),
}
"""What the first row of filters shows, by the word in the address."""
EMPTY: Final = {
    "received": ("Nothing to triage.", "Every referral has been looked at."),
    "needs_information": ("No referral waits for information.", ""),
    "accepted": ("No accepted referrals.", "Those you accept for joint assessment appear here."),
    "finished": ("Nothing finished yet.", "Referrals that were closed, declined or pointed elsewhere appear here."),
    "all": ("No referrals yet.", "The first one will appear here."),
}
NARROWED: Final = ("None of these.", "Choose “Everybody's” to see the others.")
ONLY: Final = ("urgent", "late", "answered_late")
FIT_SIGNS: Final = {"fits": "\u2713", "find_out": "?", "flagged": "!", "does_not_fit": "\u2717", "hidden": ""}
"""A sign for each, beside its words and its colour."""


def index() -> Response:
    """Show the board as the address says."""
    shown, only, whose, sort = (_chosen(name, known) for name, known in _KNOWN.items())
    shown, sort = shown or "received", sort or "turn"
    wanted: dict[str, Any] = {
        "status": list(SHOWN[shown]),
        "whose": whose or None,
        "sort": sort,
        **{name: name == only or None for name in ONLY},
    }
    if only == "answered_late":
        shown, wanted["status"] = "all", list(SHOWN["all"])
    found = current.call(TRIAGE_BOARD, **wanted, after=request.args.get("after"), limit=25)
    return listing(found, shown=shown, sort=sort, whose=whose, only=only)


_KNOWN: Final = {"status": tuple(SHOWN), "only": ONLY, "whose": ("mine", "nobodys"), "sort": tuple(ORDERS)}


def _chosen(name: str, known: tuple[str, ...]) -> str:
    asked = request.args.get(name, "")
    return asked if asked in known else ""


def listing(found: dict[str, Any], *, shown: str, sort: str = "turn", whose: str = "", only: str = "") -> Response:
    """Return the board."""
    return page(
        "referrals/index.html",
        title="Referrals",
        found=found,
        shown=shown,
        sort=sort,
        orders=ORDERS,
        statuses_shown=_statuses(found["counts"], shown, only),
        narrowed=_narrowed(found["counts"], shown, whose, only),
        empty_words=NARROWED if whose or only else EMPTY[shown],
        statuses=STATUSES,
        sources=SOURCES,
        fits=FITS,
        fit_signs=FIT_SIGNS,
    )


def _statuses(counts: dict[str, Any], shown: str, only: str) -> list[tuple[str, str, bool]]:
    words = {**STATUSES, "accepted": "Accepted", "finished": "Finished", "all": "All"}
    counted = {name: f" ({counts[name]['number']})" for name in ("received", "needs_information")}
    is_all = only == "answered_late"
    found = [
        (f"{words[name]}{counted.get(name, '')}", same_page(status=name, after=None, only=None if is_all else only or None))
        for name in SHOWN
    ]
    return [(text, address, name == shown and not is_all) for name, (text, address) in zip(SHOWN, found, strict=True)]


def _narrowed(counts: dict[str, Any], shown: str, whose: str, only: str) -> list[tuple[str, str, bool]]:
    """Return the second row of filters: whose, and what presses; each can be chosen beside the status, and counts what it leads to."""
    waiting = counts.get(shown)

    def named(words: str, name: str) -> str:
        return f"{words} ({waiting[name]})" if waiting else words

    late = counts["late_answers"]
    plain = [
        ("Everybody's", same_page(whose=None, only=None, after=None), not whose and not only),
        (named("Yours", "mine"), same_page(whose="mine", only=None, after=None), whose == "mine"),
        (named("Not taken", "nobodys"), same_page(whose="nobodys", only=None, after=None), whose == "nobodys"),
        (named("Urgent", "urgent"), same_page(only="urgent", whose=None, after=None), only == "urgent"),
        *([(named("Overdue", "late"), same_page(only="late", whose=None, after=None), only == "late")] if waiting else []),
    ]
    answers = (f"Answered after the decision ({late})", same_page(only="answered_late", whose=None, after=None), only == "answered_late")
    return [*plain, answers] if late or only == "answered_late" else plain
