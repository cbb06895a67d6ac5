"""The journey of one family: referred, assessed, offered a place, coming, missing, reached, back."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from stayplay.client import Refused
from stayplay.journey.borough import Borough
from stayplay.journey.waiting import until

LONDON = ZoneInfo("Europe/London")
Step = tuple[str, Callable[[], None]]


class StepFailed(Exception):
    """A step did not do what it should."""


class FamilyJourney:
    """Four weeks of one family in one borough, each step dated as it would be.

    Attributes:
        first_week: day of the first session; the fourth is three weeks later and in the past.
    """

    def __init__(self, borough: Borough, surname: str = "Doyle") -> None:
        self.borough, self.surname = borough, surname
        self.first_week = datetime.now(LONDON).date() - timedelta(days=28)
        self.seen: dict[str, Any] = {}

    def steps(self) -> list[Step]:
        """Return the steps in order, each with what it is called."""
        return [
            ("the operator onboards the borough", self.borough.onboard),
            ("the administrator invites the people", self.invite),
            ("the administrator adds a venue and a weekly group", self.add_group),
            ("a health visitor refers a parent and a toddler", self.refer),
            ("triage accepts", self.accept),
            ("a joint visit is arranged and done", self.visit),
            ("one signature is not enough", self.sign_once),
            ("two of the same agency are not enough", self.sign_twice_in_one_agency),
            ("an edit needs both signatures again", self.edit),
            ("both sign the same version: a place is offered", self.sign_both),
            ("the place starts", self.start_place),
            ("the family comes in week 1", lambda: self.week(1, "here")),
            ("does not come in week 2", lambda: self.week(2, "did_not_come")),
            ("does not come in week 3", lambda: self.week(3, "did_not_come")),
            ("an outreach case opens by itself", self.case_opens),
            ("a contact is made", self.contact),
            ("the family is collected", self.collect),
            ("comes in week 4", lambda: self.week(4, "here")),
            ("the case closes by itself", self.case_closes),
            ("the story tells it all in order", self.story),
        ]

    def invite(self) -> None:
        """Two of CAMHS, one of the adult team, a facilitator, a health visitor."""
        invite = self.borough.invite
        invite("camhs", "Ruth Osei", "practitioner", "camhs")
        invite("camhs_too", "Imran Aziz", "practitioner", "camhs")
        invite("adult", "Paul Lang", "practitioner", "adult_mental_health")
        invite("facilitator", "Jo Marsh", "facilitator", "childrens_centre")
        invite("referrer", "Helen Vance", "referrer", "referring")

    def add_group(self) -> None:
        """A weekly group at ten, whose first session is four weeks ago."""
        self._at(-14)
        administrator = self.borough["administrator"]
        venue = administrator.post(self._path("venues"), {"name": "Burgess Park One O'Clock Club", "postcode": "SE5 0RJ"})
        group = {
            "name": "Peckham stay and play",
            "venue_id": venue["id"],
            "weekday": str(self.first_week.weekday()),
            "starts_at": "10:00",
            "ends_at": "11:30",
            "starts_on": self.first_week.isoformat(),
            "capacity": 12,
            "meets_on_bank_holidays": True,
        }
        self.seen["group"] = administrator.post(self._path("groups"), group)

    def refer(self) -> None:
        """The referral, as a health visitor writes it."""
        self._at(-12)
        self.seen["referral"] = self.borough["referrer"].post(self._path("referrals"), referral(self.surname, self._day(-12)))

    def accept(self) -> None:
        """Triage takes it on; assessments and outreach hear of it."""
        self._at(-11)
        seen, camhs = self.seen, self.borough["camhs"]
        accepted = camhs.post(self._referral("accept"), {"version": seen["referral"]["version"], "reason": "A weekly group fits."})
        seen["family_id"] = accepted["family_id"]
        assessments = self._path("assessments")
        seen["assessment"] = until("a joint assessment opens", lambda: first(camhs.get(assessments, family_id=seen["family_id"])["items"]))
        cases = self._path("outreach/cases")
        until("a case before joining opens", lambda: self._cases(cases, "before_joining"))

    def visit(self) -> None:
        """Both assessors at the family's home."""
        self._at(-10)
        camhs, members = self.borough["camhs"], self.borough.members
        starts_at = self._moment(-7, 14)
        visit = camhs.post(
            self._assessment("visits"),
            {"starts_at": starts_at.isoformat(), "assessors": [members["camhs"].id, members["adult"].id]},
        )
        self.borough.dated(starts_at + timedelta(hours=2))
        camhs.post(self._path(f"visits/{visit['id']}/done"))
        self._later()
        self._write("Low mood since birth, isolated, keen to meet other parents.")

    def sign_once(self) -> None:
        """CAMHS signs; nothing is agreed yet."""
        self._sign("camhs")
        expect(self._assessed()["status"] == "visited", "one signature must not agree an assessment")

    def sign_twice_in_one_agency(self) -> None:
        """A second signature of CAMHS is refused."""
        refused(lambda: self._sign("camhs_too"), 409, "two_agencies_needed")
        expect(self._assessed()["status"] == "visited", "two of one agency must not agree an assessment")

    def edit(self) -> None:
        """A new version has no signature, and the old one can't be signed any more."""
        old = self._assessed()["version"]
        self._write("Low mood since birth, isolated, keen to meet other parents. Speaks little English.")
        refused(lambda: self._sign("adult", old), 409, "stale")
        self._sign("adult")
        expect(self._assessed()["status"] == "visited", "a signature on an older version must not count")

    def sign_both(self) -> None:
        """CAMHS signs the version that the adult team signed; the place follows by itself."""
        self._sign("camhs")
        expect(self._assessed()["status"] == "agreed", "two agencies signed the same version")
        places = self._path("places")
        self.seen["place"] = until(
            "a place is offered",
            lambda: first(
                place
                for place in self.borough["facilitator"].get(places, group_id=self.seen["group"]["id"])["items"]
                if place["family_id"] == self.seen["family_id"] and place["status"] == "offered"
            ),
        )

    def start_place(self) -> None:
        """The family takes it up from the first week."""
        self._at(-3)
        place = self.seen["place"]
        body = {"version": place["version"], "starts_on": self._day(0).isoformat()}
        self.borough["facilitator"].post(self._path(f"places/{place['id']}/start"), body)

    def week(self, number: int, mark: str) -> None:
        """Mark the family in the register of one week, and close it."""
        session = self._session(number)
        self.borough.dated(self._moment(7 * (number - 1), 12))
        facilitator = self.borough["facilitator"]
        path = self._path(f"sessions/{session['id']}/register")
        register = facilitator.get(path)
        expect([line["family_id"] for line in register["lines"]] == [self.seen["family_id"]], "the family is expected")
        marks = [{"family_id": self.seen["family_id"], "mark": mark}]
        register = facilitator.post(path, {"version": register["version"], "marks": marks})
        facilitator.post(f"{path}/close", {"version": register["version"]})

    def case_opens(self) -> None:
        """Two weeks missed in a row, and somebody is told to reach out."""
        self._at(15)
        cases = self._path("outreach/cases")
        self.seen["case"] = until("a case of missed sessions opens", lambda: self._cases(cases, "missed_sessions"))

    def contact(self) -> None:
        """A text, which is safe; a letter is not, and is refused."""
        case = self.seen["case"]
        path = self._path(f"outreach/cases/{case['id']}")
        self.borough["facilitator"].post(f"{path}/take", {"version": case["version"]})
        letter = {"channel": "letter", "outcome": "sent"}
        refused(lambda: self.borough["facilitator"].post(f"{path}/contacts", letter), 409, "unsafe_channel")
        self.borough["facilitator"].post(f"{path}/contacts", {"channel": "text", "outcome": "reached"})

    def collect(self) -> None:
        """A car fetches the family before the fourth session."""
        session = self._session(4)
        self.borough.dated(self._moment(21, 9))
        facilitator = self.borough["facilitator"]
        run = facilitator.post(
            self._path("outreach/collections"),
            {
                "session_id": session["id"],
                "session_starts_at": session["starts_at"],
                "group_name": session["group_name"],
                "family_id": self.seen["family_id"],
                "pick_up_at": "09:35",
                "driver_name": "Jo Marsh",
            },
        )
        outcomes = [{"family_id": self.seen["family_id"], "outcome": "collected"}]
        facilitator.post(self._path(f"outreach/collections/{run['id']}/complete"), {"version": run["version"], "outcomes": outcomes})
        register = self._path(f"sessions/{session['id']}/register")
        until(
            "the register says that they were collected",
            lambda: any(line["collection"] == "collected" for line in facilitator.get(register)["lines"]),
        )

    def case_closes(self) -> None:
        """They are back: nobody closes the case by hand."""
        case = self._path(f"outreach/cases/{self.seen['case']['id']}")

        def closed() -> dict[str, Any] | None:
            found = self.borough["facilitator"].get(case)
            return found if found["status"] == "closed" else None

        expect(until("the case closes", closed)["closed_because"] == "back", "the case closed because the family is back")

    def story(self) -> None:
        """Every service's part of the story, in the order in which it happened."""
        path = self._path(f"families/{self.seen['family_id']}/story")
        entries = self.borough["facilitator"].get(path)["entries"]
        kinds = [entry["kind"] for entry in reversed(entries)]
        expect(in_order(STORY, kinds), f"the story in order: {', '.join(kinds)}")
        moments = [entry["occurred_at"] for entry in entries]
        expect(moments == sorted(moments, reverse=True), "newest first")

    def _session(self, number: int) -> dict[str, Any]:
        on = self._day(7 * (number - 1)).isoformat()
        sessions = self.borough["facilitator"].get(self._path("sessions"), on=on)["sessions"]
        return next(session for session in sessions if session["group_id"] == self.seen["group"]["id"])

    def _cases(self, path: str, reason: str) -> dict[str, Any] | None:
        return first(self.borough["facilitator"].get(path, reason=reason, family_id=self.seen["family_id"])["items"])

    def _write(self, shared: str) -> None:
        group = self.seen["group"]
        decision = {"outcome": "offer_place", "group_id": group["id"], "group_name": group["name"], "reason": "Wants to meet others."}
        now = self._assessed()
        both = {"shared": shared, "decision": decision}
        theirs = {"adult": {"parent_side": "Low mood."}, "camhs": {"child_side": "Cautious."}}
        for who, side in theirs.items():
            now = self.borough[who].post(self._assessment("edit"), {"version": now["version"], **both, **side})

    def _sign(self, who: str, version: int | None = None) -> None:
        self._later()
        self.borough[who].post(self._assessment("sign"), {"version": version or self._assessed()["version"]})

    def _assessed(self) -> dict[str, Any]:
        return self.borough["camhs"].get(self._path(f"assessments/{self.seen['assessment']['id']}"))

    def _assessment(self, what: str) -> str:
        return self._path(f"assessments/{self.seen['assessment']['id']}/{what}")

    def _referral(self, what: str) -> str:
        return self._path(f"referrals/{self.seen['referral']['id']}/{what}")

    def _path(self, what: str) -> str:
        return f"{self.borough.base}/{what}"

    def _day(self, days: int) -> date:
        return self.first_week + timedelta(days=days)

    def _moment(self, days: int, hour: int) -> datetime:
        return datetime.combine(self._day(days), time(hour), LONDON).astimezone(UTC)

    def _later(self) -> None:
        """Date what follows ten minutes after what went before, as it would be."""
        now = self.borough["camhs"].at
        self.borough.dated(now + timedelta(minutes=10) if now else None)

    def _at(self, days: int) -> None:
        """Date what follows at nine in the morning, ``days`` after the first week's session."""
        self.borough.dated(self._moment(days, 9))


STORY = [
    "referral.received", "referral.accepted", "case.opened", "visit.arranged", "visit.done", "assessment.agreed",
    "place.offered", "place.started", "family.attended", "family.missed", "family.missed", "case.opened", "contact.made", "collection.done",
    "family.attended", "case.closed",
]  # fmt: skip
"""The story's kinds that must be there, in this order; others may stand between."""


def referral(surname: str, on: date) -> dict[str, Any]:
    """Return a professional's referral of a mother and her son."""
    return {
        "parents": [{"given_name": "Sinead", "family_name": surname, "relationship": "MTH", "phone": "07700 900123"}],
        "children": [{"given_name": "Finn", "family_name": surname, "birth_date": _two_years_before(on).isoformat()}],
        "language": "English",
        "interpreter": False,
        "safe_contact": {"channels": ["text", "visit"], "times": "Weekdays 9:30 to 14:30", "avoid": "Never leave a voicemail"},
        "address": {"line": "14 Rye Lane", "postcode": "SE15 5BY"},
        "why_now": "She has stopped going out since the summer.",
        "concern": "Low in mood, alone with him all day.",
        "secondary_care": "no",
        "urgency": "routine",
        "referrer": {
            "name": "Helen Vance", "service": "Bermondsey health visiting team", "source": "A2", "may_be_told": "outcome",
            "email": "helen.vance@example.org",
        },
        "family_agrees": True,
    }  # fmt: skip


def _two_years_before(day: date) -> date:
    return day - timedelta(days=850)


def first(items: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the first of ``items``, or None."""
    return next(iter(items), None)


def expect(true: object, what: str) -> None:
    """Fail the step where something is not so."""
    if not true:
        raise StepFailed(what)


def refused(act: Callable[[], object], status: int, code: str) -> None:
    """Fail the step unless the platform refuses with this status and code."""
    try:
        act()
    except Refused as refusal:
        expect((refusal.status, refusal.problem.get("code")) == (status, code), f"refused otherwise: {refusal}")
    else:
        raise StepFailed(f"should have been refused with {code}")


def in_order(wanted: list[str], seen: list[str]) -> bool:
    """Tell whether ``wanted`` is a subsequence of ``seen``."""
    rest = iter(seen)
    return all(kind in rest for kind in wanted)
