"""Today."""

from typing import Any

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from chassis import clock
from chassis.contract import Operation
from chassis.errors import StayPlayError
from gateway.access import current
from gateway.access.calls import Question
from gateway.access.guard import needs
from gateway.contract import GET_SET_UP, LIST_NOTICES
from gateway.pages.own_policy import own_policy
from gateway.pages.set_up.steps import Step, left, steps
from gateway.pages.show import onward, page
from gateway.pages.today.needs import Answers, out_today, this_week, what_needs_you
from gateway.pages.words import counted, sentence, weekday_day
from services.assessments.contract import ASSESSMENTS_WAITING
from services.outreach.contract import LIST_RUNS, OUTREACH_SUMMARY
from services.referrals.contract import TRIAGE_SUMMARY
from services.referrals.contract.records.requests import RECORDS_SUMMARY
from services.sessions.contract import LIST_GROUPS, LIST_VENUES, SESSIONS_ON

part = Blueprint("today", __name__)

_ASKED: dict[str, Operation] = {
    "sessions": SESSIONS_ON,
    "triage": TRIAGE_SUMMARY,
    "waiting": ASSESSMENTS_WAITING,
    "outreach": OUTREACH_SUMMARY,
    "runs": LIST_RUNS,
    "notices": LIST_NOTICES,
    "records": RECORDS_SUMMARY,
}
_VALUES: dict[str, dict[str, Any]] = {"notices": {"new": True, "limit": 25}}

_INSTEAD = {"records.manage": "records.index", "referrals.read_own": "referrals.index"}
"""Where somebody begins who may do this, and sees no groups; a commissioner has no page of their own yet but their account."""


@part.get("/<borough>/")
@needs("boroughs.read")
def show(borough: str) -> Response | AnyResponse:
    """Show what is on today and what needs this person; whoever has no groups goes straight to what they are here for."""
    if not current.may("groups.read"):
        return onward(next((where for needed, where in _INSTEAD.items() if current.may(needed)), "account.index"))
    answers, missing = _answers()
    return board(answers, missing=missing)


def _answers() -> tuple[Answers, bool]:
    allowed = {
        name: current.ask(operation, **_VALUES.get(name, {})) for name, operation in _ASKED.items() if current.may(operation.permission)
    }
    asked = {**allowed, **_asked_of_set_up()}
    replies = dict(zip(asked, current.gather_what_answers(*asked.values()), strict=True))
    found: dict[str, Any] = {name: reply for name, reply in replies.items() if not isinstance(reply, StayPlayError)}
    policy = own_policy()
    known: dict[str, Any] = {
        **{name: found.get(name) for name in allowed},
        **{name: policy[name] for name in ("register_hours", "first_contact_days", "assessment_days")},
        "may_record": current.may("registers.record"),
        "may_place": current.may("places.manage"),
    }
    return Answers(**known, to_set_up=_to_set_up(found)), len(found) < len(asked)


def _asked_of_set_up() -> dict[str, Question]:
    """Return what the checklist of a new borough asks; only its administrators see it."""
    if not current.may(GET_SET_UP.permission):
        return {}
    lists = {"venues": current.ask(LIST_VENUES, limit=1), "groups": current.ask(LIST_GROUPS, limit=1)}
    return {"set_up": current.ask(GET_SET_UP), **lists}


def _to_set_up(found: dict[str, Any]) -> list[Step]:
    """Return the checklist while something is left of it, or the borough is not open yet."""
    if not {"set_up", "venues", "groups"} <= found.keys():
        return []
    every = steps(found["set_up"], found["venues"], found["groups"])
    return every if left(every) or not found["set_up"]["opened_at"] else []


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
        left=left(answers.to_set_up),
        missing=missing,
    )


def _lede(sessions: list[dict[str, Any]]) -> str:
    if not sessions:
        return "No groups today"
    collect = sum(session["to_collect"] for session in sessions)
    groups = f"{sentence(counted(len(sessions), 'group'))} today"
    return f"{groups}, {counted(collect, 'family', 'families')} to be collected" if collect else groups
