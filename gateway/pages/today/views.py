"""Today."""

from typing import Any

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from chassis import clock
from chassis.contract import Operation
from chassis.errors import StayPlayError
from gateway.access import current
from gateway.access.guard import needs
from gateway.pages.show import onward, page
from gateway.pages.today.needs import Answers, out_today, this_week, what_needs_you
from gateway.pages.words import counted, sentence, weekday_day
from services.assessments.contract import ASSESSMENTS_WAITING
from services.outreach.contract import LIST_RUNS, OUTREACH_SUMMARY
from services.referrals.contract import TRIAGE_SUMMARY
from services.sessions.contract import SESSIONS_ON

part = Blueprint("today", __name__)

_ASKED: dict[str, Operation] = {
    "sessions": SESSIONS_ON,
    "triage": TRIAGE_SUMMARY,
    "waiting": ASSESSMENTS_WAITING,
    "outreach": OUTREACH_SUMMARY,
    "runs": LIST_RUNS,
}


@part.get("/<borough>/")
@needs("boroughs.read")
def show(borough: str) -> Response | AnyResponse:
    """Show what is on today and what needs this person; a referrer goes straight to their referrals."""
    if not current.may("groups.read"):
        return onward("referrals.index")
    answers, missing = _answers()
    return board(answers, missing=missing)


def _answers() -> tuple[Answers, bool]:
    allowed = {name: operation for name, operation in _ASKED.items() if current.may(operation.permission)}
    replies = current.gather_what_answers(*(current.ask(operation) for operation in allowed.values()))
    found: dict[str, Any] = {name: reply for name, reply in zip(allowed, replies, strict=True) if not isinstance(reply, StayPlayError)}
    found["may_record"] = current.may("registers.record")
    found["may_place"] = current.may("places.manage")
    return Answers(**found), len(found) < len(allowed) + 2


def board(answers: Answers, *, missing: bool = False) -> Response:
    """Return the page for what the services answered; ``missing`` when one of them could not."""
    sessions = answers.sessions["sessions"] if answers.sessions else []
    return page(
        "today/page.html",
        title=weekday_day(clock.today()),
        lede=_lede(sessions),
        sessions=sessions,
        needs=what_needs_you(answers),
        out=out_today(answers),
        week=this_week(answers),
        answers=answers,
        missing=missing,
    )


def _lede(sessions: list[dict[str, Any]]) -> str:
    if not sessions:
        return "No groups today"
    collect = sum(session["to_collect"] for session in sessions)
    groups = f"{sentence(counted(len(sessions), 'group'))} today"
    return f"{groups}, {counted(collect, 'family', 'families')} to be collected" if collect else groups
