"""Two practice boroughs to look at: one in which every state can be seen, one that has just begun."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from stayplay.client import Client
from stayplay.demo import partners
from stayplay.journey import Borough, FamilyJourney
from stayplay.journey.family import LONDON, first, referral
from stayplay.journey.waiting import until
from tests.browser import known
from tests.support import drafts

PASSWORD = "three quiet words"
PLUM = "#7a1f5c"
"""The accent colour of the empty borough."""


class Guest(FamilyJourney):
    """A family with a name of its own, on the same way as every other."""

    def __init__(self, borough: Borough, group: dict[str, Any], parent: str, surname: str, child: str, **details: Any) -> None:
        super().__init__(borough, surname)
        self.parent, self.child, self.details = parent, child, details
        self.seen["group"] = group

    def refer(self) -> None:
        """The referral, with this family's names and whatever else is different about it."""
        self._at(self.details.pop("days", -12))
        body = referral(self.surname, self._day(-12))
        body["parents"][0] |= {"given_name": self.parent}
        body["children"][0] |= {"given_name": self.child}
        body["children"] += self.details.pop("more_children", [])
        body["referrer"] |= {"source": self.details.pop("source", "A2")}
        self.seen["referral"] = self.borough["referrer"].post(self._path("referrals"), body | self.details)

    def accepted(self) -> "Guest":
        self.refer()
        self.accept()
        return self

    def visited(self) -> "Guest":
        self.accepted()
        self.visit()
        return self

    def offered(self) -> "Guest":
        self.visited()
        self._sign("adult")
        self.sign_both()
        return self

    def starting(self, on: date) -> "Guest":
        self.offered()
        self._at(-2)
        place = self.seen["place"]
        self.borough["facilitator"].post(
            self._path(f"places/{place['id']}/start"), {"version": place["version"], "starts_on": on.isoformat()}
        )
        return self

    @property
    def family_id(self) -> str:
        return str(self.seen["family_id"])


@dataclass
class Stage:
    """The full borough with what happened in it.

    Attributes:
        borough: the borough in which every state can be seen.
        empty: one with people, and nothing else.
        mails: folder into which mails are written.
        ids: what the addresses of pages need, by name.
    """

    url: str
    operator: Client
    mails: Path
    borough: Borough = field(init=False)
    empty: Borough = field(init=False)
    ids: dict[str, str] = field(default_factory=dict)

    def build(self) -> "Stage":
        """Fill both boroughs."""
        self.empty = self._borough("Lewisham", "E09000023")
        self._recolour(self.empty, PLUM)
        self.borough = self._borough("Southwark", "E09000028")
        doyle = Guest(self.borough, {}, "Sinead", "Doyle", "Finn")
        doyle.add_group()
        self._weeks(doyle)
        self._assessments(doyle)
        self._triage(doyle)
        self._today(doyle)
        self.borough.dated(None)
        self._restrict(doyle)
        self._twice(doyle)
        self._people()
        self._drafts()
        self._partners(doyle)
        self.ids |= known.record_in_full(self.borough, self._guest(doyle, "Maureen", "Walsh", "Rory", days=22).accepted().family_id)
        return self

    def _partners(self, doyle: Guest) -> None:
        """A waiting list under review, a system that is told, and what a family agreed to."""
        today = date.today()
        self.ids |= {
            "import": partners.waiting_list(self.borough, today),
            "told_system": partners.system_that_is_told(self.borough, today),
            "consent": partners.consents(self.borough, doyle.family_id, today),
        }

    def _drafts(self) -> None:
        """A referral that is half written, and one that was just sent, both of the referrer."""
        referrer, base = self.borough["referrer"], f"{self.borough.base}/drafts"
        for name, steps in {"draft": ("you", "children", "parents"), "sent_draft": tuple(drafts.answers())}.items():
            draft = referrer.post(base, {"kind": "professional"})
            for step, given in drafts.answers().items():
                if step in steps:
                    draft = referrer.post(f"{base}/{draft['id']}/save", {"version": draft["version"], "step": step, "answers": given})
            self.ids[name] = str(draft["id"])
        baby = {"expected_date": (date.today() + timedelta(days=90)).isoformat()}
        two = {"version": 9, "step": "children", "answers": {"children": [*drafts.answers()["children"]["children"], baby]}}
        referrer.post(f"{base}/{self.ids['draft']}/save", two)
        referrer.post(f"{base}/{self.ids['sent_draft']}/send", {})

    def _twice(self, doyle: Guest) -> None:
        """A family that is on record twice, spelt otherwise, and a second referral of it that waits."""
        first = self._guest(doyle, "Fatima", "Rahman", "Hana", days=-9).accepted()
        second = self._guest(doyle, "Fatimah", "Rahmen", "Hana", days=-8, language="Bengali").accepted()
        third = self._guest(doyle, "Fatima", "Rahman", "Hanna", days=-2)
        third.refer()
        self.borough.dated(None)
        self.ids |= {"twice": first.family_id, "twice_too": second.family_id, "twice_referral": str(third.seen["referral"]["id"])}
        listed, camhs = f"{self.borough.base}/families/duplicates", self.borough["camhs"]
        until("the pairs are on the list", lambda: len(camhs.get(listed)["items"]) >= 3)

    def _restrict(self, doyle: Guest) -> None:
        """A family with a place that only named people may see; one of the others broke the glass."""
        nadia = self._guest(doyle, "Nadia", "Haddad", "Noor", days=-11).starting(doyle._day(28))
        self.borough.dated(None)
        self.ids["restricted"] = nadia.family_id
        path, named = f"{self.borough.base}/families/{nadia.family_id}", [self.borough.members["adult"].id]
        self.borough["camhs"].post(f"{path}/restrict", {"reason": "staff_member", "words": "Her sister works here.", "people": named})
        self.borough["camhs_too"].post(f"{path}/break-glass", {"reason": "She rang from the ward and asked for us."})
        notices, administrator = f"{self.borough.base}/notices", self.borough["administrator"]
        until("the administrator is told", lambda: administrator.get(notices)["items"])

    def _people(self) -> None:
        """Somebody to look at, somebody who is invited, and systems."""
        administrator, base = self.borough["administrator"], self.borough.base
        self.ids["member"] = str(self.borough["facilitator"].get(f"{base}/me")["id"])
        guest = {"name": "Kit Reid", "email": f"kit@{self.borough.slug}.example", "roles": ["facilitator"], "agency_id": None}
        self.borough.invite("records", "Rosa Delgado", "records_lead", "camhs")
        self.ids["invitation"] = str(administrator.post(f"{base}/invitations", guest)["token"])
        self._systems()

    def _systems(self) -> None:
        """A system whose token ends soon, one whose token has long to go, and one that lost it."""
        administrator, base = self.borough["administrator"], f"{self.borough.base}/systems"
        scopes = ["referrals.refer", "referrals.read_own"]
        soon = administrator.post(base, {"name": "Health visiting record", "scopes": scopes, "days": 12})
        administrator.post(base, {"name": "Council website", "scopes": ["groups.read"], "days": 300})
        lost = administrator.post(base, {"name": "Old website", "scopes": ["groups.read", "boroughs.read"], "days": 300})
        administrator.post(f"{base}/{lost['id']}/withdraw")
        self.ids |= {"system": str(soon["id"]), "lost_system": str(lost["id"])}

    @staticmethod
    def _recolour(borough: Borough, accent: str) -> None:
        administrator, path = borough["administrator"], f"{borough.base}/branding"
        now = administrator.get(path)
        administrator.post(path, {"version": now["version"], "programme_name": now["programme_name"], "accent": accent})

    def _borough(self, name: str, code: str) -> Borough:
        borough = Borough(self.operator, name, f"{name.lower()}-{uuid4().hex[:6]}", code, password=PASSWORD)
        borough.onboard()
        FamilyJourney(borough).invite()
        borough.dated(datetime.now(UTC) - timedelta(days=60))
        return borough

    def _guest(self, doyle: Guest, *names: str, **details: Any) -> Guest:
        return Guest(self.borough, doyle.seen["group"], *names, **details)

    def _weeks(self, doyle: Guest) -> None:
        """Four weeks: one family that went away and came back, one that comes, one that has gone quiet."""
        start = doyle.first_week
        doyle.starting(start)
        steady = self._guest(doyle, "Fatima", "Ibrahim", "Yusuf", language="Somali", interpreter=True).starting(start)
        quiet = self._guest(doyle, "Thandi", "Mbeki", "Lindi", source="A1").starting(start)
        for number, marks in enumerate(
            [("here", "here", "here"), ("did_not_come", "told_us", "here"), ("did_not_come", "here", "did_not_come")], 1
        ):
            self._week(doyle, number, dict(zip((doyle, steady, quiet), marks, strict=True)))
        doyle.case_opens()
        doyle.contact()
        doyle.collect()
        self._week(doyle, 4, {doyle: "here", steady: "late", quiet: "did_not_come"})
        doyle.case_closes()
        quiet_case = until("a case opens for the quiet family", lambda: self._case(quiet))
        self.ids |= {
            "family": doyle.family_id,
            "case": str(quiet_case["id"]),
            "quiet": quiet.family_id,
            "closed_case": str(doyle.seen["case"]["id"]),
        }

    def _case(self, guest: Guest) -> dict[str, Any] | None:
        cases = self.borough["facilitator"].get(f"{self.borough.base}/outreach/cases", reason="missed_sessions", family_id=guest.family_id)
        return first(cases["items"])

    def _week(self, doyle: Guest, number: int, marks: dict[Guest, str]) -> None:
        session, facilitator = doyle._session(number), self.borough["facilitator"]
        self.borough.dated(doyle._moment(7 * (number - 1), 12))
        path = f"{self.borough.base}/sessions/{session['id']}/register"
        given = [{"family_id": guest.family_id, "mark": mark} for guest, mark in marks.items()]
        register = facilitator.post(path, {"version": facilitator.get(path)["version"], "marks": given})
        facilitator.post(f"{path}/close", {"version": register["version"]})
        self.ids["closed_session"] = str(session["id"])

    def _assessments(self, doyle: Guest) -> None:
        """One to arrange, one arranged, one signed by one agency in an older version, one whose place waits."""
        self.ids["to_arrange"] = str(self._guest(doyle, "Ayesha", "Khan", "Musa", days=23).accepted().seen["assessment"]["id"])
        luz = self._guest(doyle, "Luz", "Castillo", "Mateo", language="Spanish", interpreter=True).visited()
        luz._sign("adult")
        luz._write("Mateo is cautious with adults, and settles with Luz.")
        luz._sign("camhs")
        self.ids |= {"assessment": str(luz.seen["assessment"]["id"]), "assessed_family": luz.family_id}
        tran = self._guest(doyle, "Linh", "Tran", "Bao").accepted()
        members = self.borough.members
        starts_at = datetime.combine(date.today() + timedelta(days=1), time(14), LONDON).astimezone(UTC)
        assessors = [members["camhs"].id, members["adult"].id]
        tran.borough["camhs"].post(tran._assessment("visits"), {"starts_at": starts_at.isoformat(), "assessors": assessors})
        self.ids["arranged"] = str(tran.seen["assessment"]["id"])
        self._just_visited(doyle, assessors)
        self.ids["offered"] = self._guest(doyle, "Abena", "Mensah", "Yaw").offered().family_id
        self._waiting(doyle)

    def _just_visited(self, doyle: Guest, assessors: list[str]) -> None:
        """Two visits that began an hour ago, of which nobody has said yet how they went."""
        starts_at = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
        for name, names in {"visiting": ("Priya", "Patel", "Dev"), "not_in": ("Efua", "Boateng", "Kofi")}.items():
            guest = self._guest(doyle, *names).accepted()
            guest.borough["camhs"].post(guest._assessment("visits"), {"starts_at": starts_at, "assessors": assessors})
            self.ids[name] = str(guest.seen["assessment"]["id"])

    def _waiting(self, doyle: Guest) -> None:
        guest = self._guest(doyle, "Anna", "Jansen", "Otto").visited()
        body = {"outcome": "offer_place", "reason": "Wants company, on any day of the week."}
        now = guest._assessed()
        self.borough["camhs"].post(guest._assessment("edit"), {"version": now["version"], "shared": "Warm and tired.", "decision": body})
        guest._sign("adult")
        guest._sign("camhs")
        self.ids["waiting"] = guest.family_id

    def _triage(self, doyle: Guest) -> None:
        urgent = self._guest(
            doyle, "Maria", "Lopes", "Rafa", days=24, urgency="urgent", risks_to_visitors="A dog that is wary of strangers."
        )
        urgent.refer()
        self._guest(doyle, "Ines", "Silva", "Lara", days=26, more_children=[_baby("Silva")]).refer()
        asked = self._guest(doyle, "Eszter", "Varga", "Bence", days=20)
        asked.refer()
        camhs = self.borough["camhs"]
        camhs.post(
            asked._referral("ask"), {"version": asked.seen["referral"]["version"], "reason": "Does the health visitor see them weekly?"}
        )
        declined = self._guest(doyle, "Carys", "Walsh", "Mabli", days=18)
        declined.refer()
        camhs.post(
            declined._referral("decline"),
            {"version": declined.seen["referral"]["version"], "because": "outside_borough", "reason": "They moved to another borough."},
        )
        self.ids |= {"referral": str(urgent.seen["referral"]["id"]), "other_referral": str(asked.seen["referral"]["id"])}

    def _today(self, doyle: Guest) -> None:
        """Two families come for the first time today; one of them is fetched."""
        today = doyle._day(28)
        tola = self._guest(doyle, "Tola", "Adeyemi", "Kemi", more_children=[_baby("Adeyemi")]).starting(today)
        self._guest(doyle, "Kieran", "Brennan", "Niamh", days=-11).starting(today)
        session = doyle._session(5)
        self.borough.dated(None)
        facilitator = self.borough["facilitator"]
        about = {"session_id": session["id"], "session_starts_at": session["starts_at"], "group_name": session["group_name"]}
        run = {"family_id": tola.family_id, "pick_up_at": "09:35", "driver_name": "Jo Marsh"}
        facilitator.post(f"{self.borough.base}/outreach/collections", about | run)
        self.ids |= {"session": str(session["id"]), "group": str(doyle.seen["group"]["id"]), "collected": tola.family_id}


def _baby(surname: str) -> dict[str, str]:
    return {"given_name": "Sam", "family_name": surname, "birth_date": (date.today() - timedelta(days=280)).isoformat()}
