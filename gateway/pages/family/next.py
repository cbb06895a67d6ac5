"""What comes next for a family over all services, the soonest first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from chassis import clock
from gateway.pages.words import clock_time, day, due, near_day, sentence
from services.referrals.contract import called

Reply = Mapping[str, Any] | None
Entries = Sequence[Mapping[str, Any]]


class Step(NamedTuple):
    """Something that is to come, or that waits.

    Attributes:
        on: the day it is due, or since when it waits.
        page: endpoint of the page where it is done, with its ``values`` and the ``permission`` that it needs; "" where there is none.
    """

    on: date
    term: str
    words: str
    page: str = ""
    permission: str = ""
    values: Mapping[str, Any] | None = None


def next_steps(family: Mapping[str, Any], entries: Entries, attendance: Reply, outreach: Reply) -> list[Step]:
    """Return what is due next, or waits for somebody, whichever service knows of it; what has no day yet stands by the day it began."""
    steps = [
        *_referrals(entries),
        *_assessments(entries),
        *_visits(entries),
        *_place(attendance),
        *_contact(outreach),
        *_session(attendance),
        *_babies(family),
    ]
    return sorted(steps, key=lambda step: step.on)


def _referrals(entries: Entries) -> Iterator[Step]:
    words: Final = {
        "referral.received": "Waits for triage since {}",
        "referral.informed": "Waits for triage since {}",
        "referral.needs_information": "The referrer was asked {}",
    }
    for entry in _latest(entries, "referral.", "referral_id"):
        if entry["kind"] in words:
            on = _day_of(entry)
            where = {"referral_id": entry["facts"]["referral_id"]}
            yield Step(on, "Referral", words[entry["kind"]].format(day(on)), "referrals.show", "referrals.read", where)


def _assessments(entries: Entries) -> Iterator[Step]:
    visited = any(entry["kind"] == "visit.done" for entry in entries)
    words = "To be written and signed by both agencies" if visited else "Open since {}"
    for entry in _latest(entries, "assessment.", "assessment_id"):
        if entry["kind"] == "assessment.opened":
            on = _day_of(entry)
            where = {"assessment_id": entry["facts"]["assessment_id"]}
            yield Step(on, "Joint assessment", words.format(day(on)), "assessments.show", "assessments.read", where)


def _visits(entries: Entries) -> Iterator[Step]:
    for entry in _latest(entries, "visit.", "visit_id"):
        if entry["kind"] == "visit.arranged":
            starts = datetime.fromisoformat(entry["facts"]["starts_at"])
            over = starts < clock.now()
            when = f"{sentence(near_day(starts))}, {clock_time(starts)}"
            yield Step(clock.london(starts).date(), "Joint visit", f"Was due {day(starts)}: say what came of it" if over else when)


def _place(attendance: Reply) -> Iterator[Step]:
    place = attendance["place"] if attendance else None
    words: Final = {"offered": "Offered, not taken up yet: asked for", "waiting": "On the waiting list"}
    if place and place["status"] in words:
        yield Step(place["asked_on"], "Place", f"{words[place['status']]} since {day(place['asked_on'])}")


def _contact(outreach: Reply) -> Iterator[Step]:
    for case in outreach["open_cases"] if outreach else ():
        owner = f", {case['owner_name']}" if case["owner_name"] else ", not taken yet"
        words = sentence(due(case["due_on"])) + owner
        yield Step(case["due_on"], "Contact", words, "outreach.show", "outreach.read", {"case_id": case["id"]})


def _session(attendance: Reply) -> Iterator[Step]:
    session = attendance["next_session"] if attendance else None
    if session:
        when = f"{sentence(near_day(session['on']))}, {clock_time(session['starts_at'])}"
        yield Step(session["on"], "Session", when + (", to be collected" if session["collection"] == "arranged" else ""))


def _babies(family: Mapping[str, Any]) -> Iterator[Step]:
    for child in family["children"]:
        expected = child.get("expected_date")
        if expected and not child["birth_date"]:
            yield Step(expected, "Baby", f"{sentence(called(child))}, {day(expected)}")


def _latest(entries: Entries, start: str, key: str) -> list[Mapping[str, Any]]:
    """Return what happened last with each thing of a kind."""
    of_kind: Iterable[Mapping[str, Any]] = (entry for entry in entries if str(entry["kind"]).startswith(start) and key in entry["facts"])
    oldest_first = sorted(of_kind, key=lambda entry: entry["occurred_at"])
    return list({entry["facts"][key]: entry for entry in oldest_first}.values())


def _day_of(entry: Mapping[str, Any]) -> date:
    return clock.london(entry["occurred_at"]).date()
