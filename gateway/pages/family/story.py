"""The story of a family in words: what happened, newest first, each on one line with a quieter one below."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from chassis import clock
from gateway.pages.words import (
    clock_time,
    count,
    day,
    in_words,
    initial_name,
    listed,
    lower_first,
    near_day,
    ordinal,
    parts,
    sentence,
)
from services.assessments.contract import OUTCOMES as DECISIONS
from services.outreach.contract import CHANNELS, CLOSED_BECAUSE, OUTCOMES, REASONS
from services.referrals.contract import SOURCES
from services.referrals.contract.consent import CONSENT_PURPOSES, SHARING_BASES

Facts = Mapping[str, Any]
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened, in words."""

    id: UUID
    kind: str
    at: datetime
    words: str
    more: str = ""


def _by(facts: Facts) -> str:
    name = str(facts.get("by") or facts.get("by_name") or "")
    return parts(f"by {name}" if name and not _itself(name) else "", str(facts.get("agency") or ""))


def _itself(name: str) -> bool:
    return name.startswith("Stay & Play")


def _referred(facts: Facts) -> tuple[str, str]:
    return f"Referred by {lower_first(SOURCES.get(facts['source'], 'another service'))}", str(facts.get("service") or "")


def _moved(words: str) -> "Teller":
    return lambda facts: (words, sentence(_by(facts)))


def _agreed(facts: Facts) -> tuple[str, str]:
    signed = listed(f"{initial_name(one['name'])} ({one['agency']})" for one in facts.get("signed_by", []))
    outcome = lower_first(DECISIONS.get(facts.get("outcome", ""), ""))
    group = f", {facts['group_name']}" if facts.get("group_name") else ""
    return f"Joint assessment agreed: {outcome}{group}", f"Signed by {signed}, version {facts.get('version')}"


def _visit(words: str) -> "Teller":
    def told(facts: Facts) -> tuple[str, str]:
        starts = datetime.fromisoformat(facts["starts_at"])
        return words.format(when=f"{day(starts)} {clock_time(starts)}"), listed(facts.get("who", []))

    return told


def _place(words: str) -> "Teller":
    def told(facts: Facts) -> tuple[str, str]:
        starts = facts.get("starts_on")
        since = f"from {day(date.fromisoformat(starts))}" if starts and words == "Place started" else ""
        return words, parts(str(facts.get("group_name") or ""), since, _by(facts))

    return told


def _attended(facts: Facts) -> tuple[str, str]:
    away = int(facts.get("missed_before") or 0)
    who = f"{in_words(facts['people'])} came" if facts.get("people") else ""
    where = str(facts["group_name"])
    if facts.get("first"):
        return "Came for the first time", parts(where, who)
    if away:
        return f"Back after {'a week' if away == 1 else in_words(away) + ' weeks'} away", parts(where, who)
    return "Here, late" if facts["mark"] == "late" else "Here", parts(where, who)


def _missed(facts: Facts) -> tuple[str, str]:
    missed = int(facts.get("missed") or 1)
    return "Missed a week" if missed == 1 else f"Missed a {ordinal(missed)} week", str(facts["group_name"])


def _at_group(words: str) -> "Teller":
    return lambda facts: (words, str(facts.get("group_name") or ""))


def _case_opened(facts: Facts) -> tuple[str, str]:
    how = "Outreach opened by itself" if _itself(str(facts.get("by_name", ""))) else f"Outreach opened by {facts['by_name']}"
    owner = f"owner {facts['owner_name']}" if facts.get("owner_name") else "no owner yet"
    due = f"first contact due {near_day(date.fromisoformat(facts['due_on']))}" if facts.get("due_on") else ""
    return how, sentence(", ".join(filter(None, [lower_first(REASONS.get(facts.get("reason", ""), "")), owner, due])))


def _case_closed(facts: Facts) -> tuple[str, str]:
    how = "Outreach closed by itself" if _itself(str(facts.get("by_name", ""))) else f"Outreach closed by {facts['by_name']}"
    return how, CLOSED_BECAUSE.get(facts.get("because", ""), "")


def _visit_missed(facts: Facts) -> tuple[str, str]:
    return f"Contact due {near_day(date.fromisoformat(facts['due_on']))}", ""


def _escalated(facts: Facts) -> tuple[str, str]:
    return "Outreach became urgent", f"Missed {in_words(int(facts.get('missed') or 0))} weeks"


def _contact(facts: Facts) -> tuple[str, str]:
    channel = CHANNELS.get(facts["channel"], "Contact")
    if facts.get("direction") == "in":
        return f"The family got in touch: {lower_first(channel)}", sentence(_by(facts))
    return f"{channel}: {lower_first(OUTCOMES.get(facts['outcome'], ''))}", sentence(_by(facts))


def _collection(facts: Facts) -> tuple[str, str]:
    at = datetime.fromisoformat(facts["pick_up_at"])
    return "Collection arranged", parts(str(facts.get("group_name") or ""), f"{day(at)} {clock_time(at)}")


def _collected(facts: Facts) -> tuple[str, str]:
    words = {"collected": "Collected and brought to the group", "not_in": "Not in when we came to collect them"}
    return words.get(facts.get("outcome", ""), "Did not want to be collected"), str(facts.get("group_name") or "")


Teller = Callable[[Facts], tuple[str, str]]


def _consented(words: str) -> Teller:
    return lambda facts: (
        f"{words}: {lower_first(CONSENT_PURPOSES.get(facts['purpose'], ''))}",
        parts(str(facts.get("partner") or ""), f"recorded {_by(facts)}" if _by(facts) else ""),
    )


def _shared(words: str) -> Teller:
    return lambda facts: (f"{words} {facts['partner']}", parts(SHARING_BASES.get(facts.get("basis", ""), ""), _by(facts)))


TELLERS: dict[str, Teller] = {
    "consent.given": _consented("The family agreed"),
    "consent.withdrawn": _consented("The family took back"),
    "sharing.shared": _shared("Information was shared with"),
    "sharing.not_shared": _shared("Information was not shared with"),
    "referral.received": _referred,
    "referral.needs_information": _moved("More information was asked for"),
    "referral.informed": _moved("The referrer answered"),
    "referral.accepted": _moved("Accepted for joint assessment"),
    "referral.redirected": _moved("Pointed to another service"),
    "referral.declined": _moved("The referral was declined"),
    "referral.duplicate": _moved("Referred again"),
    "referral.withdrawn": _moved("The family decided not to go on"),
    "referral.closed": _moved("The referral was closed"),
    "assessment.opened": lambda _: ("Joint assessment opened", ""),
    "assessment.agreed": _agreed,
    "assessment.closed": lambda _: ("Joint assessment closed", ""),
    "visit.arranged": _visit("Joint visit arranged for {when}"),
    "visit.done": _visit("Joint visit at home"),
    "visit.missed": _visit("Joint visit: the family was not in"),
    "visit.cancelled": _visit("The joint visit of {when} was cancelled"),
    "place.waiting": _place("On the waiting list"),
    "place.offered": _place("Place offered"),
    "place.started": _place("Place started"),
    "place.paused": _place("Taking a break"),
    "place.resumed": _place("Break over"),
    "place.ended": _place("Place ended"),
    "family.attended": _attended,
    "family.told_us": _at_group("Told us they could not come"),
    "family.missed": _missed,
    "session.cancelled": _at_group("We cancelled the session"),
    "case.opened": _case_opened,
    "case.taken": lambda facts: (f"Outreach taken on by {facts.get('owner_name') or facts['by_name']}", ""),
    "case.escalated": _escalated,
    "case.visit_missed": _visit_missed,
    "case.closed": _case_closed,
    "contact.made": _contact,
    "collection.arranged": _collection,
    "collection.done": _collected,
    "record.moved": lambda _: ("The family moved", ""),
    "record.left": lambda facts: (f"{facts['name']} no longer belongs to the family", ""),
}
"""What each kind of entry says: the line, and the quieter one below."""

IN_A_ROW = 3
_AFTER = (
    "collection.done", "contact.made", "assessment.opened", "assessment.agreed", "place.waiting", "place.offered", "case.opened",
    "case.escalated", "case.visit_missed", "case.closed",
)  # fmt: skip
_FOLDED = {
    "case.opened": {"family.missed", "referral.accepted"},
    "case.escalated": {"family.missed"},
    "case.visit_missed": {"visit.missed"},
    "case.closed": {"family.attended", "place.ended", "assessment.closed"},
    "assessment.opened": {"referral.accepted"},
    "place.waiting": {"assessment.agreed"},
    "place.offered": {"assessment.agreed"},
}
"""What happened because of something else on the same day is said on that line."""


def told(entries: Iterable[Entry]) -> list[Line]:
    """Return the story in words, newest first; what followed by itself stands with what it followed from."""
    lines: list[Line] = []
    for entry in sorted(entries, key=_in_order):
        line = _line(entry)
        place = _cause(lines, line)
        if place is None:
            lines.append(line)
        elif line.kind != "assessment.opened":
            lines[place] = replace(lines[place], more=_with(lines[place].more, line))
    return list(reversed(_shortened(_collected_first(lines))))


def _collected_first(lines: list[Line]) -> list[Line]:
    """Say on the line of a session that the family was collected for it."""
    fetched = {_day_of(line) for line in lines if line.kind == "collection.done" and line.words.startswith("Collected")}
    came = {_day_of(line) for line in lines if line.kind == "family.attended"} & fetched
    return [
        replace(line, more=parts(line.more, "collected")) if line.kind == "family.attended" and _day_of(line) in came else line
        for line in lines
        if not (line.kind.startswith("collection.") and _day_of(line) in came)
    ]


def _day_of(line: Line) -> date:
    return clock.london(line.at).date()


def _in_order(entry: Entry) -> tuple[datetime, int]:
    """Sort by moment; of one moment, what follows from something else comes after it."""
    return entry["occurred_at"], _AFTER.index(entry["kind"]) + 1 if entry["kind"] in _AFTER else 0


def _shortened(lines: list[Line]) -> list[Line]:
    """Say several ordinary weeks in a row in one line; every week stands under Attendance."""
    kept: list[Line] = []
    for words, group in groupby(lines, key=lambda line: line.words if line.words == "Here" and line.kind == "family.attended" else line.id):
        run = list(group)
        kept += run if words != "Here" or len(run) < IN_A_ROW else [_in_a_row(run)]
    return kept


def _in_a_row(run: list[Line]) -> Line:
    since = f"Every week since {day(run[0].at)}" if (run[-1].at - run[0].at).days < len(run) * 7 else f"Since {day(run[0].at)}"
    return replace(run[-1], words=f"Here {in_words(len(run))} times in a row", more=parts(since, run[-1].more.split(" · ")[0]))


def _line(entry: Entry) -> Line:
    teller = TELLERS.get(entry["kind"])
    words, more = teller(entry["facts"]) if teller else (sentence(str(entry["kind"]).replace("_", " ").replace(".", " ")), "")
    return Line(entry["id"], entry["kind"], entry["occurred_at"], words, more)


def _with(more: str, line: Line) -> str:
    if line.kind == "place.offered":
        return parts(more.replace(" · On the waiting list", ""), line.words)
    rest = ", ".join(part for part in line.more.split(", ")[1:]) if line.kind == "case.opened" else ""
    return parts(more, f"{line.words}{', ' + rest if rest else ''}")


def _cause(lines: list[Line], line: Line) -> int | None:
    causes = _FOLDED.get(line.kind, set())
    for place in range(len(lines) - 1, -1, -1):
        if _day_of(lines[place]) < _day_of(line):
            return None
        if lines[place].kind in causes:
            return place
    return None


def attended_words(attendance: Mapping[str, Any], weeks: int) -> str:
    """Return "36 weeks, came to 22 of 30"."""
    came = f"came to {attendance['attended']} of {attendance['of']}" if attendance["of"] else "no session yet"
    return f"{count(weeks, 'week')}, {came}"
