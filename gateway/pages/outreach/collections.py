"""Collections: a family put on a session's run, the run sheet of a day, and what came of each stop."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis import clock
from gateway.access import current
from gateway.access.guard import needs
from gateway.pages.attempt import attempt, send
from gateway.pages.forms import Filled, Form
from gateway.pages.show import onward, page
from gateway.pages.words import clock_time, day, weekday_day
from services.outreach.contract import (
    ARRANGE_COLLECTION,
    CHANNELS,
    COMPLETE_COLLECTION,
    LIST_RUNS,
    RUN_STATUSES,
    STOP_OUTCOMES,
    STOP_STATES,
    CollectionIncomplete,
)
from services.referrals.contract import GET_FAMILY
from services.sessions.contract import FAMILY_ATTENDANCE, GET_GROUP


@needs("outreach.work")
def arrange(borough: str, family_id: UUID) -> Response | AnyResponse:
    """Ask which session a family is collected for, when and by whom; arrange it."""
    family, attendance = current.gather(current.ask(GET_FAMILY, family_id=family_id), current.ask(FAMILY_ATTENDANCE, family_id=family_id))
    sessions = _sessions_ahead(attendance)
    form = form_for(sessions)
    if request.method == "GET":
        first = sessions[0]["id"] if sessions else None
        return asked(family, form.blank(session_id=first), sessions)
    filled = form.sent(request.form)
    if arranged := attempt(filled, ARRANGE_COLLECTION, family_id=family_id, **_about(filled, sessions)):
        return onward("outreach.runs", "collection_arranged", on=arranged["on"].isoformat())
    return asked(family, filled, sessions)


def _sessions_ahead(attendance: dict[str, Any]) -> list[dict[str, Any]]:
    place = attendance["place"]
    if not place or not place["group_id"]:
        return []
    group = current.call(GET_GROUP, group_id=place["group_id"])
    ahead = [session for session in group["sessions"] if session["on"] >= clock.today() and session["status"] != "closed"]
    return sorted(ahead, key=lambda session: session["starts_at"])


def form_for(sessions: list[dict[str, Any]]) -> Form:
    """Return the form of a collection for one of these sessions."""
    named = {str(one["id"]): f"{weekday_day(one['on'])}, {clock_time(one['starts_at'])}" for one in sessions}
    return Form(
        ARRANGE_COLLECTION.request,
        "family_id",
        "session_starts_at",
        "group_name",
        choices={"session_id": named},
        labels={"session_id": "Which session?"},
    )


def _about(filled: Filled, sessions: list[dict[str, Any]]) -> dict[str, Any]:
    chosen = next((one for one in sessions if str(one["id"]) == filled.posted.get("session_id")), None)
    return {"session_starts_at": chosen["starts_at"], "group_name": chosen["group_name"]} if chosen else {}


def asked(family: dict[str, Any], filled: Filled, sessions: list[dict[str, Any]]) -> Response:
    """Return the page that asks for a collection."""
    return page(
        "outreach/collect.html",
        title="Arrange a collection",
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        family=family,
        filled=filled,
        w=filled.widgets,
        sessions=sessions,
        channels=CHANNELS,
    )


@needs("outreach.read")
def runs(borough: str) -> Response:
    """Show the collection runs of a day, today where none is named."""
    return sheet(_day())


def _day() -> date:
    try:
        return date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return clock.today()


def sheet(on: date, problem: CollectionIncomplete | None = None, tried: UUID | None = None) -> Response:
    """Return the run sheets of a day; ``problem`` is why the run ``tried`` could not be completed."""
    found = current.call(LIST_RUNS, on=on, limit=100)
    return run_sheet(found, on, problem, tried)


def run_sheet(found: dict[str, Any], on: date, problem: CollectionIncomplete | None = None, tried: UUID | None = None) -> Response:
    """Return the page of these runs."""
    without = {one["family_id"] for one in problem.facts["families"]} if problem else set()
    return page(
        "outreach/runs.html",
        title=f"Collections, {day(on)}",
        status=409 if problem else 200,
        has_faults=bool(problem),
        found=found,
        on=on,
        problem=problem,
        missing=[stop for run in found["items"] if run["id"] == tried for stop in run["stops"] if str(stop["family_id"]) in without],
        states=STOP_STATES,
        outcomes=STOP_OUTCOMES,
        statuses=RUN_STATUSES,
        sent=request.form,
    )


@needs("outreach.work")
def complete(borough: str, run_id: UUID) -> Response | AnyResponse:
    """Keep what came of every stop; the register hears who was collected."""
    on = _day()
    outcomes = [
        {"family_id": name.removeprefix("outcome-"), "outcome": outcome}
        for name, outcome in request.form.items()
        if name.startswith("outcome-")
    ]
    key, version = request.form.get("form_key", ""), request.form.get("version", "")
    try:
        send(COMPLETE_COLLECTION, key, run_id=run_id, version=version, outcomes=outcomes)
    except CollectionIncomplete as problem:
        return sheet(on, problem, run_id)
    return onward("outreach.runs", "collection_completed", on=on.isoformat())
