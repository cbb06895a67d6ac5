"""What needs you: one line for each list with something in it, the most urgent first."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from chassis import clock
from gateway.pages.own_policy import waits_too_long
from gateway.pages.set_up.steps import Step
from gateway.pages.words import age_of, clock_time, count, day, due, listed

Reply = dict[str, Any]
TOO_LONG = "Overdue"


class Link(NamedTuple):
    """Where a line leads: an endpoint of the pages, and its arguments."""

    endpoint: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Need:
    """One line: how many of what, which list it opens, how pressing it is.

    Attributes:
        rank: lower is more urgent.
        pill: a word or two on its age or state; ``tone`` as in `gateway.pages.tones`.
    """

    rank: int
    count: int
    name: str
    rest: str
    link: Link
    pill: str = ""
    tone: str = ""

    @property
    def urgent(self) -> bool:
        """Whether it is shown as urgent."""
        return self.tone == "urgent"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the services answered; None for what the person may not see, or what could not be asked now."""

    sessions: Reply | None = None
    triage: Reply | None = None
    waiting: Reply | None = None
    outreach: Reply | None = None
    runs: Reply | None = None
    notices: Reply | None = None
    records: Reply | None = None
    may_record: bool = False
    may_place: bool = False
    agency_kind: str = ""
    register_hours: int = 24
    first_contact_days: int = 5
    assessment_days: int = 20
    to_set_up: list[Step] = field(default_factory=list)


def what_needs_you(answers: Answers) -> list[Need]:
    """Return the lines, most urgent first."""
    lines = [*_notices(answers.notices), *_records(answers.records), *_outreach(answers.outreach), *_triage(answers)]
    lines += [*_assessments(answers), *_groups(answers)]
    return sorted((line for line in lines if line.count), key=lambda line: line.rank)


_OF_NOTICES = {
    "glass_broken": (
        "Restricted record opened by breaking the glass", "Restricted records opened by breaking the glass", ", look at who and why",
    ),
    "system_stopped": ("System no longer gets updates", "Systems no longer get updates", ", see what is waiting"),
}  # fmt: skip
"""How notices of a kind are called: one, several, and what is to be done."""


def _notices(found: Reply | None) -> Iterator[Need]:
    if found is None:
        return
    kinds = {one["kind"] for one in found["items"]}
    one, many, what = _OF_NOTICES[kinds.pop()] if len(kinds) == 1 else ("Notice", "Notices", ", look at each")
    yield Need(
        0,
        found["total"],
        one if found["total"] == 1 else many,
        what,
        Link("notices.index", {}),
        "New",
        "urgent",
    )


def _records(found: Reply | None) -> Iterator[Need]:
    if found is None:
        return
    late = found["overdue"]
    yield Need(
        1 if late else 5,
        found["open"],
        "Request about a record" if found["open"] == 1 else "Requests about records",
        ", to be answered",
        Link("records.index", {}),
        f"{late} overdue" if late else _due(found["next_due_on"]),
        "urgent" if late else "",
    )


def _outreach(found: Reply | None) -> Iterator[Need]:
    if found is None:
        return
    late = found["missed_no_contact_overdue"]
    yield Need(
        1 if late else 5,
        found["missed_no_contact"],
        "Family who missed two weeks" if found["missed_no_contact"] == 1 else "Families who missed two weeks",
        ", no contact yet",
        Link("outreach.index", {"reason": "missed_sessions"}),
        "Overdue" if late else _due(found["next_due_on"]),
        "urgent" if late else "",
    )
    yield Need(6, found["mine"], "Families you are reaching out to", "", Link("outreach.index", {"whose": "mine"}))
    yield Need(7, found["unowned"], "Outreach with no owner", ", take one on", Link("outreach.index", {"whose": "unowned"}))


def _due(on: date | None) -> str:
    return due(on).capitalize() if on else ""


def _triage(answers: Answers) -> Iterator[Need]:
    found = answers.triage
    if found is None:
        return
    oldest, urgent = found["oldest_received_at"], found["urgent"]
    late = oldest is not None and waits_too_long(answers.first_contact_days)(oldest)
    yield Need(
        2 if urgent or late else 3,
        found["to_triage"],
        "Referral to triage" if found["to_triage"] == 1 else "Referrals to triage",
        f", oldest {age_of(oldest)}" if oldest else "",
        Link("referrals.index", {"status": "received"}),
        f"{urgent} urgent" if urgent else TOO_LONG if late else "",
        "urgent" if urgent or late else "",
    )
    yield Need(
        4, found["mine"], "Referral that you took" if found["mine"] == 1 else "Referrals that you took", ", not decided yet",
        Link("referrals.index", {"whose": "mine"}),
    )  # fmt: skip
    late_answers = found["late_answers"]
    yield Need(
        3, late_answers, "Answer from a referrer" if late_answers == 1 else "Answers from referrers", ", after the decision",
        Link("referrals.index", {"only": "answered_late"}), "New", "accent",
    )  # fmt: skip
    yield Need(
        5, found["imports"], "Waiting list" if found["imports"] == 1 else "Waiting lists", " to look through, sent as a file",
        Link("imports.index", {}),
    )  # fmt: skip
    yield Need(
        9,
        found["waiting_for_information"],
        "Waiting for information",
        " from a referrer",
        Link("referrals.index", {"status": "needs_information"}),
    )


def _assessments(answers: Answers) -> Iterator[Need]:
    found = answers.waiting
    if found is None:
        return
    items = found["to_sign_items"]
    signed = listed(dict.fromkeys(name for item in items for name in item["signed_by"])) if len(items) == 1 else ""
    yield Need(
        3,
        found["to_sign"],
        "Assessment waiting for your signature" if found["to_sign"] == 1 else "Assessments waiting for your signature",
        "",
        Link("assessments.index", {"status": "visited"}),
        f"Signed by {signed}" if signed else "",
        "accent",
    )
    oldest = found["oldest_to_arrange"]
    late = oldest is not None and waits_too_long(answers.assessment_days)(oldest)
    yield Need(
        3 if late else 4,
        found["to_arrange"],
        "Visit to arrange" if found["to_arrange"] == 1 else "Visits to arrange",
        f", oldest {age_of(oldest)}" if oldest else "",
        Link("assessments.index", {"status": "waiting"}),
        TOO_LONG if late else "",
        "urgent" if late else "",
    )
    yield Need(8, found["to_write"], "To write and sign", "", Link("assessments.index", {"status": "visited"}))


def _groups(answers: Answers) -> Iterator[Need]:
    found = answers.sessions
    if found is None:
        return
    if answers.may_record and found["unclosed"]:
        first, total = found["unclosed"][0], found["unclosed_total"]
        late = clock.now() > first["ends_at"] + timedelta(hours=answers.register_hours)
        yield Need(
            2,
            total,
            "Register not closed" if total == 1 else "Registers not closed",
            f", {first['group_name']}, {day(first['on'])}" if total == 1 else f", oldest {day(first['on'])}",
            Link("register.show", {"session_id": first["id"]}),
            "Overdue" if late else age_of(first["ends_at"]),
            "urgent" if late else "",
        )
    if answers.may_place:
        yield Need(
            6,
            found["waiting"],
            "Family waiting for a place" if found["waiting"] == 1 else "Families waiting for a place",
            "",
            Link("groups.index", {"_anchor": "waiting"}),
        )


class Out(NamedTuple):
    """Somebody who is out, or will be: who, where to, and when."""

    who: str
    what: str
    pill: str
    tone: str


def out_today(answers: Answers) -> list[Out]:
    """Return today's joint visits and collection runs in the order of their times."""
    now, today = clock.now(), clock.today()
    visits = [] if answers.waiting is None else answers.waiting["visits"]
    found = []
    for visit in visits:
        starts, ends = visit["starts_at"], visit["starts_at"] + timedelta(minutes=visit["minutes"])
        if clock.london(starts).date() == today and visit["status"] == "arranged":
            out = starts <= now <= ends
            names = listed(assessor["name"] for assessor in visit["assessors"])
            what = f"Joint visit to {visit['family_name']}. Due back {clock_time(ends)}"
            found.append((starts, Out(names, what, "Out now" if out else clock_time(starts), "good" if out else "")))
    for run in [] if answers.runs is None else answers.runs["items"]:
        first = min((stop["pick_up_at"] for stop in run["stops"]), default=run["session_starts_at"])
        pill = "Done" if run["status"] == "completed" else clock_time(first)
        what = f"Collecting {count(len(run['stops']), 'family', 'families')} for {run['group_name']}"
        found.append((first, Out(run["driver_name"], what, pill, "good" if run["status"] == "completed" else "")))
    return [out for _, out in sorted(found, key=lambda pair: pair[0])]


def this_week(answers: Answers) -> list[tuple[str, str]]:
    """Return what the week holds, as term and words."""
    lines = []
    if answers.waiting is not None:
        lines.append(("Visits", count(len(answers.waiting["visits"]), "joint visit") if answers.waiting["visits"] else "None arranged"))
    if answers.sessions is not None:
        starting = answers.sessions["starting"]
        lines.append(("First sessions", f"{count(starting, 'family', 'families')} to welcome" if starting else "Nobody new this week"))
    if answers.outreach is not None:
        lines.append(("Outreach", f"{count(answers.outreach['open'], 'family', 'families')}, {answers.outreach['overdue']} overdue"))
    return lines
