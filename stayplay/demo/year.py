"""A year of a borough, lived week by week through the public interface.

Every family has a way it goes (`Way`): how far its referral gets, and how it comes once it has a place. The
weeks are walked in order, and everything is dated at the moment at which it would have happened.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from stayplay.client import Refused
from stayplay.demo import people
from stayplay.demo.asked import asked
from stayplay.demo.duplicates import duplicates, parted
from stayplay.demo.partners import partners
from stayplay.demo.record import with_record
from stayplay.demo.records import records
from stayplay.demo.restricted import restrict
from stayplay.demo.triage import triage
from stayplay.demo.written import written
from stayplay.journey import Borough, until

LONDON = ZoneInfo("Europe/London")
WEEKS = 48
FAMILIES = 60

OPEN_ENDS = (
    ["received"] * 4 + ["needs_information"] * 2 + ["to_arrange"] * 2 + ["visit_arranged"] * 2 + ["one_signature"] * 2
    + ["offered"] * 2
)  # fmt: skip
"""Ways that are still open today; such families are referred in the last weeks."""
CLOSED_ENDS = ["redirected", "declined", "withdrawn", "duplicate", "not_now", "refer_on"]
COMING = ["settled"] * 5 + ["patchy"] * 3 + ["drifting", "away_and_back", "ended", "paused"]
CHANCE = {"settled": 0.92, "patchy": 0.65, "drifting": 0.85, "away_and_back": 0.9, "ended": 0.8, "paused": 0.85}
"""How likely a family is to come in a week when nothing special is up with it."""


def way_of(number: int, count: int) -> str:
    """Return how one of ``count`` families goes: all ends are there once; where there are too few for that, half of them come."""
    ends = OPEN_ENDS + CLOSED_ENDS
    coming = max(count - len(ends), (count + 1) // 2)
    return COMING[number % len(COMING)] if number < coming else ends[(number - coming) % len(ends)]


@dataclass
class Family:
    """A family on its way.

    Attributes:
        way: one of the ends above, or how it comes once it has a place.
        week: the week in which it is referred, counted from the beginning of the year.
    """

    household: people.Household
    way: str
    week: int
    group: dict[str, Any]
    referral: dict[str, Any] = field(default_factory=dict)
    assessment_id: str = ""
    place: dict[str, Any] = field(default_factory=dict)
    case_ids: set[str] = field(default_factory=set)

    @property
    def family_id(self) -> str:
        """Return the family's identifier; empty until it was referred."""
        return str(self.referral.get("family_id", ""))


class Year:
    """Fills one practice borough."""

    def __init__(self, borough: Borough, *, families: int = FAMILIES, say: Callable[[str], None] = print) -> None:
        self.borough, self.count, self.say = borough, families, say
        self.today = datetime.now(LONDON).date()
        self.start = self.today - timedelta(weeks=WEEKS)
        self.groups: list[dict[str, Any]] = []
        self.families: list[Family] = []
        self.pick = random.Random(2026)  # noqa: S311 - invented data, not a secret

    def live(self) -> None:
        """Live the whole year, up to this morning."""
        self.set_up()
        self.families = [self._family(number) for number in range(self.count)]
        for week in range(WEEKS + 1):
            self._week(week)
            if week % 12 == 0:
                self.say(f"  week {week} of {WEEKS}")
        self._today()
        written(self.borough, self.today)
        triage(self.borough, self.today)
        asked(self.borough, self.today)
        self._restrict()

    def set_up(self) -> None:
        """People, venues and groups."""
        for who, name, role, kind in people.MEMBERS:
            self.borough.invite(who, name, role, kind)
        administrator = self.borough["administrator"]
        venues = [
            administrator.post(self._path("venues"), {"name": name, "address": address, "postcode": postcode})
            for name, address, postcode in people.VENUES
        ]
        self.groups = [self._add_group(venues, *group) for group in people.GROUPS]

    def _add_group(self, venues: list[dict[str, Any]], name: str, venue: int, days: int, starts: str, ends: str) -> dict[str, Any]:
        weekday = (self.today.weekday() + days) % 7
        day = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[weekday]
        body = {
            "name": f"{name} {day}", "venue_id": venues[venue]["id"], "room": "Garden room", "weekday": str(weekday),
            "starts_at": starts, "ends_at": ends, "starts_on": self.start.isoformat(), "capacity": 14,
        }  # fmt: skip
        return self.borough["administrator"].post(self._path("groups"), body)

    def _family(self, number: int) -> Family:
        way = way_of(number, self.count)
        week = WEEKS - 3 + number % 3 if way in OPEN_ENDS else 1 + (number * 7) % (WEEKS - 9)
        return Family(people.household(number, self.today), way, week, self.groups[number % len(self.groups)])

    def _week(self, week: int) -> None:
        monday = self.start + timedelta(weeks=week)
        new = [family for family in self.families if family.week == week]
        for family in new:
            self._refer(family, monday)
        self._triage([family for family in new if family.way != "received"], monday)
        assessed = [family for family in new if family.assessment_id]
        for family in assessed:
            self._assess(family, monday + timedelta(days=2))
        self._give_places([family for family in assessed if family.way in {*CHANCE, "offered"}], monday)
        for group in self.groups:
            self._meet(group, monday, week)
        self._reach_out(monday + timedelta(days=6))
        self._move_places(week, monday)

    def _refer(self, family: Family, on: date) -> None:
        self._dated(on, 10)
        known = people.referral(family.household, on, urgent=family.household.number % 11 == 4)
        body = with_record(known, family.household, on, self.today)
        family.referral = self.borough["referrer"].post(self._path("referrals"), body)

    def _triage(self, families: list[Family], monday: date) -> None:
        self._dated(monday + timedelta(days=1), 11)
        for family in families:
            self._decide(family)
        for family in families:
            if family.referral["status"] == "accepted":
                family.assessment_id = self._opened(family)["id"]

    def _decide(self, family: Family) -> None:
        what, body = DECISIONS.get(family.way, ("accept", {"reason": "Fits the group well."}))
        if what == "duplicate":
            body = {**body, "of": self.families[0].referral["id"]}
        path = self._path(f"referrals/{family.referral['id']}/{what}")
        family.referral = self.borough["camhs"].post(path, {**body, "version": family.referral["version"]})

    def _opened(self, family: Family) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            items = self.borough["camhs"].get(self._path("assessments"), family_id=family.family_id)["items"]
            return items[0] if items else None

        return until("a joint assessment opens", look)

    def _assess(self, family: Family, on: date) -> None:
        if family.way == "to_arrange":
            return
        camhs, adult = self._pair(family)
        path = self._path(f"assessments/{family.assessment_id}")
        visit_day = self.today + timedelta(days=1 + family.household.number % 4) if family.way == "visit_arranged" else on
        self._dated(min(on, self.today) - timedelta(days=1), 15)
        assessors = [self.borough.members[who].id for who in (camhs, adult)]
        starts_at = self._moment(visit_day, 14)
        visit = self.borough[camhs].post(f"{path}/visits", {"starts_at": starts_at.isoformat(), "assessors": assessors})
        if family.way == "visit_arranged":
            return
        self.borough.dated(starts_at + timedelta(hours=2))
        self.borough[camhs].post(self._path(f"visits/{visit['id']}/done"))
        version = self.borough[camhs].get(path)["version"]
        for who, side in ((adult, "parent_side"), (camhs, "child_side")):
            written = self._written(family, side)
            version = self.borough[who].post(f"{path}/edit", {"version": version, **written})["version"]
        self.borough[camhs].post(f"{path}/sign", {"version": version})
        if family.way != "one_signature":
            self.borough[adult].post(f"{path}/sign", {"version": version})

    def _pair(self, family: Family) -> tuple[str, str]:
        return ("camhs", "adult") if family.household.number % 2 else ("camhs_2", "adult_2")

    def _written(self, family: Family, side: str) -> dict[str, Any]:
        outcome = family.way if family.way in {"not_now", "refer_on"} else "offer_place"
        group = family.group if outcome == "offer_place" else {}
        sides = {
            "parent_side": f"{family.household.parent} is worn out and low, sleeps badly, has kept going for {family.household.child}.",
            "child_side": f"{family.household.child} is cautious with adults and settles close to {family.household.parent}.",
        }
        return {
            side: sides[side],
            "shared": "They enjoy each other when nobody hurries them. Singing works.",
            "decision": {
                "outcome": outcome, "group_id": group.get("id"), "group_name": group.get("name"),
                "reason": "Isolated, and keen to meet other parents." if group else "Another service fits better for now.",
                "before_joining": "One more visit; collect for the first weeks." if group else None,
            },
        }  # fmt: skip

    def _give_places(self, families: list[Family], monday: date) -> None:
        for family in families:
            family.place = self._offered(family)
        self._dated(monday + timedelta(days=5), 16)
        for family in families:
            if family.way != "offered" and family.place["status"] == "offered":
                starts_on = min(monday + timedelta(days=7), self.today)
                body = {"version": family.place["version"], "starts_on": starts_on.isoformat()}
                family.place = self.borough["facilitator"].post(self._path(f"places/{family.place['id']}/start"), body)

    def _offered(self, family: Family) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            places = self.borough["facilitator"].get(self._path("places"), group_id=family.group["id"], limit=100)["items"]
            return next((place for place in places if place["family_id"] == family.family_id), None)

        return until("a place is offered", look)

    def _meet(self, group: dict[str, Any], monday: date, week: int) -> None:
        on = monday + timedelta(days=(int(group["weekday"]) - monday.weekday()) % 7)
        if on >= self.today:
            return
        facilitator = self.borough["facilitator"]
        sessions = facilitator.get(self._path("sessions"), on=on.isoformat())["sessions"]
        session = next((session for session in sessions if session["group_id"] == group["id"]), None)
        if session is None:
            return
        self.borough.dated(datetime.fromisoformat(session["starts_at"]) + timedelta(hours=2))
        path = self._path(f"sessions/{session['id']}/register")
        register = facilitator.get(path)
        marks = [self._mark(line, week) for line in register["lines"]]
        left_open = on > self.today - timedelta(days=7) and group is self.groups[-1]
        if marks:
            register = facilitator.post(path, {"version": register["version"], "marks": marks[:-1] if left_open else marks})
        if not left_open:
            facilitator.post(f"{path}/close", {"version": register["version"]})

    def _mark(self, line: dict[str, Any], week: int) -> dict[str, Any]:
        family = next(family for family in self.families if family.family_id == line["family_id"])
        return {"family_id": family.family_id, "mark": self._comes(family, week)}

    def _comes(self, family: Family, week: int) -> str:
        if family.way == "drifting" and week > WEEKS - 4:
            return "did_not_come"
        if family.way == "away_and_back" and 3 <= (week - family.week) % 24 <= 6:
            return "did_not_come"
        if self.pick.random() < CHANCE.get(family.way, 0.8):
            return "here" if self.pick.random() < 0.85 else "late"
        return "told_us" if self.pick.random() < 0.6 else "did_not_come"

    def _reach_out(self, on: date) -> None:
        if on >= self.today:
            return
        self._dated(on, 10)
        client = self.borough["facilitator_2"]
        for case in client.get(self._path("outreach/cases"), status="open", limit=100)["items"]:
            family = next((family for family in self.families if family.family_id == case["family_id"]), None)
            if family and case["id"] not in family.case_ids and self._contact(family, case):
                family.case_ids.add(case["id"])

    def _contact(self, family: Family, case: dict[str, Any]) -> bool:
        """Reach a family; False if its case changed or closed by itself meanwhile: the family came, or missed again."""
        client, path = self.borough["facilitator_2"], self._path(f"outreach/cases/{case['id']}")
        channel = "visit" if case["reason"] == "before_joining" or family.household.number % 3 == 0 else self._safe(client.get(path))
        outcome = {"visit": "reached", "text": "sent", "phone": self.pick.choice(["reached", "no_answer"])}[channel]
        try:
            client.post(f"{path}/take", {"version": case["version"]})
            client.post(f"{path}/contacts", {"channel": channel, "outcome": outcome})
        except Refused as refused:
            if refused.status != HTTPStatus.CONFLICT:
                raise
            return False
        return True

    def _safe(self, case: dict[str, Any]) -> str:
        channels = (case.get("safe_contact") or {}).get("channels") or []
        return next((channel for channel in ("text", "phone") if channel in channels), "visit")

    def _move_places(self, week: int, monday: date) -> None:
        for family in self.families:
            if family.place.get("status") != "active" or monday > self.today:
                continue
            self._dated(min(monday + timedelta(days=6), self.today - timedelta(days=1)), 12)
            if family.way == "ended" and week == min(family.week + 20, WEEKS - 1):
                self._move_place(family, "end", "Started nursery, and they said goodbye to everybody.")
            elif family.way == "paused" and week == WEEKS - 2:
                self._move_place(family, "pause", "Staying with grandparents until the new year.")

    def _move_place(self, family: Family, how: str, reason: str) -> None:
        place = self._offered(family)
        path = self._path(f"places/{place['id']}/{how}")
        family.place = self.borough["facilitator"].post(path, {"version": place["version"], "reason": reason})

    def _today(self) -> None:
        """Somebody is to be collected this morning."""
        self.borough.dated(None)
        facilitator = self.borough["facilitator"]
        for session in facilitator.get(self._path("sessions"), on=self.today.isoformat())["sessions"]:
            lines = facilitator.get(self._path(f"sessions/{session['id']}/register"))["lines"]
            for number, line in enumerate(lines[:3]):
                self._collect(session, line, f"{int(session['starts_at'][11:13]) - 1:02}:{20 + 10 * number}")

    def _restrict(self) -> None:
        """One of the families that come is restricted to named people."""
        coming = next((family for family in self.families if family.way == "settled" and family.place), None)
        if coming:
            restrict(self.borough, coming.family_id)
        others = [family.family_id for family in self.families if family.place and family is not coming]
        partners(self.borough, others[:2], self.today)
        records(self.borough, others[2:5])
        self._twice([family for family in self.families if family.place and family is not coming][5:8])

    def _twice(self, families: list[Family]) -> None:
        """Two families that come are referred again, and of one the two records become one; a third is taken for its cousins."""
        if len(families) == 3:
            again, merged, apart = ((family.household, family.family_id) for family in families)
            duplicates(self.borough, again, merged, self.today)
            parted(self.borough, apart, self.today)

    def _collect(self, session: dict[str, Any], line: dict[str, Any], pick_up_at: str) -> None:
        body = {
            "session_id": session["id"], "session_starts_at": session["starts_at"], "group_name": session["group_name"],
            "family_id": line["family_id"], "pick_up_at": pick_up_at, "driver_name": "Jo Marsh", "seats": 15, "child_seats": 8,
        }  # fmt: skip
        self.borough["facilitator_2"].post(self._path("outreach/collections"), body)

    def _path(self, what: str) -> str:
        return f"{self.borough.base}/{what}"

    def _moment(self, on: date, hour: int) -> datetime:
        return datetime.combine(on, time(hour), LONDON).astimezone(UTC)

    def _dated(self, on: date, hour: int) -> None:
        self.borough.dated(min(self._moment(on, hour), datetime.now(UTC)))


DECISIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "needs_information": ("ask", {"reason": "Who else lives at home, and is anybody else visiting at the moment?"}),
    "redirected": ("redirect", {"to": "Start for Life drop-in", "reason": "They want company rather than a weekly group."}),
    "declined": ("decline", {"because": "outside_borough", "reason": "The family lives outside the borough and uses no service in it."}),
    "withdrawn": ("withdraw", {"reason": "She has found a group near her sister and is happy there."}),
    "duplicate": ("duplicate", {"reason": "The same family was referred by the health visitor."}),
}
"""What triage does with the families that don't go on."""
