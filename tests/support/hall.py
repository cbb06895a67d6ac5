"""A borough's hall: its groups, places and registers, worked through the services as people do, week by week."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from chassis.caller import Caller
from chassis.clock import LONDON
from chassis.contract import Operation
from chassis.events.envelope import Envelope
from chassis.ids import new_id
from services.assessments.contract import ASSESSMENT_AGREED, ASSESSMENT_CLOSED, VISIT_MISSED
from services.outreach import contract as outreach
from services.referrals.contract import FAMILY_CHANGED, FAMILY_REGISTERED, FAMILY_RESTRICTED, REFERRAL_ACCEPTED
from services.sessions import contract as sessions
from tests import factories
from tests.support.desk import Desk
from tests.support.families import family_facts
from tests.support.post import Post

FIRST = date(2025, 3, 4)
"""The first Tuesday of the tests' year."""

WEEK = timedelta(weeks=1)

FACILITATOR = frozenset(
    {
        "families.read",
        "families.break_glass",
        "groups.read",
        "groups.manage",
        "places.manage",
        "registers.read",
        "registers.record",
        "outreach.read",
        "outreach.work",
    }
)
GLASS_REASON = "She is in A&E and asks for us"
"""Why somebody broke the glass."""
ADMINISTRATOR = frozenset({"boroughs.manage", "people.manage", "groups.read", "groups.manage"})


def moment(on: date, hour: int = 12, minute: int = 0) -> datetime:
    """Return the moment at which London's clocks show a time on a day."""
    return datetime.combine(on, time(hour, minute), tzinfo=LONDON)


@dataclass
class Hall:
    """One borough, and whoever works there.

    Attributes:
        today: the day on which people act; `Hall.on` is the same borough on another day.
    """

    desk: Desk
    post: Post
    borough_id: UUID
    today: date = FIRST
    people: dict[str, Caller] = field(default_factory=dict)

    def of(self, borough_id: UUID) -> "Hall":
        """Return the hall of another borough."""
        return Hall(self.desk, self.post, borough_id)

    def on(self, day: date) -> "Hall":
        """Return the hall on a day."""
        return Hall(self.desk, self.post, self.borough_id, day, self.people)

    def week(self, number: int) -> "Hall":
        """Return the hall on the group's day in a week; the first is week 1."""
        return self.on(FIRST + (number - 1) * WEEK)

    def person(self, name: str = "Amina Khan", permissions: frozenset[str] = FACILITATOR) -> Caller:
        """Return somebody who works in the borough, the same person each time, at noon of the day."""
        known = self.people.setdefault(name, factories.caller(self.borough_id, kind="childrens_centre", permissions=permissions, name=name))
        return replace(known, at=moment(self.today))

    def ask(self, operation: Operation, *, by: str | Caller = "Amina Khan", key: str | None = None, **values: Any) -> dict[str, Any]:
        """Ask a service something as somebody of the borough."""
        return self.desk.ask(operation, self.person(by) if isinstance(by, str) else by, key=key, **values)

    def group(self, **changed: Any) -> dict[str, Any]:
        """Add a venue and a group that meets there on Tuesdays at ten."""
        venue = self.ask(sessions.ADD_VENUE, name="1st Place Children's Centre", address="Chumleigh Street", postcode="SE5 0RN")
        plain = {
            "name": "Peckham Tuesday", "venue_id": venue["id"], "room": "Garden room", "weekday": "1", "starts_at": time(10),
            "ends_at": time(11, 30), "starts_on": FIRST, "capacity": 8, "meets_on_bank_holidays": False,
        }  # fmt: skip
        return self.ask(sessions.ADD_GROUP, **{**plain, **changed})

    def family(self, *channels: str, **facts: Any) -> dict[str, Any]:
        """Let the services hear of a family; return what they heard."""
        safe = factories.safe_contact_details(channels=list(channels) or ["text", "phone", "visit"])
        told = family_facts(**{"safe_contact": safe, **facts})
        self.post.deliver(self.borough_id, FAMILY_REGISTERED(told["family_id"], 1, **told), at=moment(self.today, 8))
        return told

    def change(self, family: dict[str, Any], sequence: int, **changed: Any) -> dict[str, Any]:
        """Let the services hear that a family changed."""
        told = {**family, **changed}
        self.post.deliver(self.borough_id, FAMILY_CHANGED(told["family_id"], sequence, **told), at=moment(self.today, 8))
        return told

    def restrict(
        self, family: dict[str, Any], sequence: int, *named: str, lifted: bool = False, lent: dict[str, datetime] | None = None
    ) -> Envelope:
        """Let the services hear who may see a family: people of the hall who are named, and some until a moment."""
        access: list[dict[str, object]] = [{"person_id": self.person(name).person_id, "until": None, "reason": None} for name in named]
        access += [{"person_id": self.person(name).person_id, "until": end, "reason": GLASS_REASON} for name, end in (lent or {}).items()]
        facts = {"family_id": family["family_id"], "in_force": not lifted, "access": access}
        return self.post.deliver(self.borough_id, FAMILY_RESTRICTED(family["family_id"], sequence, **facts))

    def accept(self, family: dict[str, Any], *, at: datetime | None = None) -> None:
        """Let the services hear that a family's referral was accepted."""
        facts = {
            "family_id": family["family_id"], "family_name": family["name"], "status": "accepted", "urgency": "routine", "source": "A2",
            "referrer_service": "Bermondsey health visiting team", "may_be_told": "status", "received_at": moment(self.today, 7),
            "by_name": "Ruth Osei",
        }  # fmt: skip
        self.post.deliver(self.borough_id, REFERRAL_ACCEPTED(new_id(), 2, **facts), at=at or moment(self.today, 8))

    def agree(self, family: dict[str, Any], group: dict[str, Any] | None = None, *, decision: str = "offer_place", **more: Any) -> None:
        """Let the services hear that both agencies agreed on a family."""
        facts = {
            "family_id": family["family_id"], "family_name": family["name"], "referral_id": new_id(), "version": 1, "decision": decision,
            "group_id": group["id"] if group else None, "group_name": group["name"] if group else None, "before_joining": None,
            "agreed_at": moment(self.today, 9), "signed_by": ["CAMHS", "Adult mental health team"], **more,
        }  # fmt: skip
        self.post.deliver(self.borough_id, ASSESSMENT_AGREED(new_id(), 3, **facts), at=moment(self.today, 9))

    def close_assessment(self, family: dict[str, Any], *, at: datetime | None = None) -> None:
        """Let the services hear that a joint assessment was closed with its referral, before anything was agreed."""
        facts = {"family_id": family["family_id"], "family_name": family["name"], "referral_id": new_id()}
        self.post.deliver(self.borough_id, ASSESSMENT_CLOSED(new_id(), 2, **facts), at=at or moment(self.today, 11))

    def miss_visit(self, family: dict[str, Any], *, at: datetime | None = None) -> Envelope:
        """Let the services hear that a family was not in when both agencies came."""
        facts = {
            "assessment_id": new_id(), "family_id": family["family_id"], "family_name": family["name"], "status": "missed",
            "starts_at": moment(self.today, 9), "minutes": 90, "assessors": ["Ruth Osei", "Paul Lang"],
        }  # fmt: skip
        return self.post.deliver(self.borough_id, VISIT_MISSED(new_id(), 2, **facts), at=at or moment(self.today, 11))

    def place(self, family: dict[str, Any]) -> dict[str, Any]:
        """Return a family's place."""
        place: dict[str, Any] = self.ask(sessions.FAMILY_ATTENDANCE, family_id=family["family_id"])["place"]
        return place

    def start(self, family: dict[str, Any], group: dict[str, Any], starts_on: date | None = None) -> dict[str, Any]:
        """Give a family a place in a group, which it takes up."""
        self.agree(family, group)
        place = self.place(family)
        return self.ask(sessions.START_PLACE, place_id=place["id"], version=place["version"], starts_on=starts_on or self.today)

    def joined(self, group: dict[str, Any], *channels: str, **facts: Any) -> dict[str, Any]:
        """Return a family that has a place in a group from today on."""
        family = self.family(*channels, **facts)
        self.start(family, group)
        return family

    def session(self, group: dict[str, Any]) -> dict[str, Any]:
        """Return the group's session of the day."""
        found = self.ask(sessions.SESSIONS_ON, on=self.today)["sessions"]
        session: dict[str, Any]
        (session,) = [one for one in found if one["group_id"] == group["id"]]
        return session

    def register(self, group: dict[str, Any]) -> dict[str, Any]:
        """Return the register of the group's session of the day."""
        return self.ask(sessions.GET_REGISTER, session_id=self.session(group)["id"])

    def mark(self, group: dict[str, Any], marks: dict[UUID, str], *, by: str = "Amina Khan") -> dict[str, Any]:
        """Mark some families on the day's register."""
        register = self.register(group)
        if not marks:
            return register
        given = [{"family_id": family_id, "mark": mark} for family_id, mark in marks.items()]
        return self.ask(sessions.RECORD_REGISTER, by=by, session_id=register["session"]["id"], version=register["version"], marks=given)

    def close(self, group: dict[str, Any], marks: dict[UUID, str]) -> dict[str, Any]:
        """Mark families on the day's register, close it, and wait until everybody has heard."""
        register = self.mark(group, marks)
        closed = self.ask(sessions.CLOSE_REGISTER, session_id=register["session"]["id"], version=register["version"])
        self.post.settle(self.borough_id)
        return closed

    def correct(self, group: dict[str, Any], marks: dict[UUID, str], reason: str = "wrong_mark") -> dict[str, Any]:
        """Open the day's closed register again, mark families otherwise, close it, and wait until everybody has heard."""
        register = self.register(group)
        self.ask(sessions.REOPEN_REGISTER, session_id=register["session"]["id"], version=register["version"], reason=reason)
        return self.close(group, marks)

    def attendance(self, family: dict[str, Any]) -> dict[str, Any]:
        """Return how a family is doing."""
        return self.ask(sessions.FAMILY_ATTENDANCE, family_id=family["family_id"])

    def cases(self, status: str = "open", **filters: Any) -> list[dict[str, Any]]:
        """Return the borough's outreach cases."""
        items: list[dict[str, Any]] = self.ask(outreach.LIST_CASES, status=status, **filters)["items"]
        return items
