"""Whatever `tests.support.isolation.neighbours` does not do in a borough: with it, everything that anybody can do was done once."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from chassis.caller import Caller
from chassis.contract import Operation
from chassis.rpc import wire
from gateway.contract import (
    GET_SIGN_ON,
    NOTE_AUDIT_EXPORT,
    NOTE_FAMILY_AUDIT_EXPORT,
    NOTE_SIGN_ON_CHECK,
    SET_SIGN_ON,
    SWITCH_SIGN_ON,
)
from gateway.runtime import Runtime
from stayplay.client import Client
from stayplay.journey import until
from stayplay.journey.family import first, referral
from tests.browser.stage import Guest
from tests.support import drafts, partners_done
from tests.support.boroughs import described
from tests.support.isolation.neighbours import Neighbour
from tests.support.merged import merge_twice
from tests.support.triage_done import triage_everything

LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="#0f5c63"/></svg>'
ISSUER = "https://login.example.org"
SECRET = f"kept by nobody {uuid4()}"


class Everything:
    """Does the rest in a borough in which a family came, went quiet and came back.

    Attributes:
        family_id: that family's.
    """

    def __init__(self, lived: Neighbour, runtime: Runtime) -> None:
        self.borough, self._runtime = lived.borough, runtime
        self.base = self.borough.base
        self.administrator, self.camhs, self.facilitator = (self.borough[who] for who in ("administrator", "camhs", "facilitator"))
        self.group: dict[str, Any] = first(self.facilitator.get(f"{self.base}/groups")["items"]) or {}
        active = first(self.facilitator.get(f"{self.base}/places", status="active")["items"]) or {}
        self.family_id = str(active["family_id"])

    def do(self) -> None:
        """Do it all, each thing as somebody who may."""
        self.borough.dated(None)
        for step in (self.lists, self.drafts, self.moves_of_referrals, self.triage, self.a_family, self.visits, self.places, self.cases):
            step()
        for step in (self.partners, self.profile, self.policy, self.branding, self.people, self.systems, self.sign_on, self.notices):
            step()
        merge_twice(self.borough, "Twofold")
        self.trails()
        self.records()
        self.operators()

    def lists(self) -> None:
        """What is looked at and not changed."""
        self.borough["referrer"].get(f"{self.base}/referrals/mine")
        referrals = self.camhs.get(f"{self.base}/referrals")["items"]
        assessments = self.camhs.get(f"{self.base}/assessments", family_id=self.family_id)["items"]
        for what in (f"referrals/{referrals[0]['id']}", "referrals/summary", "families", "assessments/waiting"):
            self.camhs.get(f"{self.base}/{what}")
        self.camhs.post(f"{self.base}/families/search", {"query": "doyle 16/7/2024"})
        self.camhs.get(f"{self.base}/assessments/{assessments[0]['id']}/changes", earlier=1, later=2)
        for what in (f"groups/{self.group['id']}", "sessions", "sessions/unclosed", "outreach/summary", "outreach/collections"):
            self.facilitator.get(f"{self.base}/{what}")

    def drafts(self) -> None:
        """A referral that is written and sent, one that is thrown away, and one without an account whose code is wrong."""
        referrer, base = self.borough["referrer"], f"{self.base}/drafts"
        begun = referrer.post(base, {"kind": "professional"})
        for step, given in drafts.answers().items():
            begun = referrer.post(f"{base}/{begun['id']}/save", {"version": begun["version"], "step": step, "answers": given})
        referrer.get(f"{base}/{begun['id']}")
        referrer.get(base)
        referrer.post(f"{base}/{begun['id']}/send")
        referrer.post(f"{base}/{referrer.post(base, {'kind': 'professional'})['id']}/discard")
        stranger, kept = self.borough.operator.with_token(""), {"secret": drafts.new_secret()}
        own = stranger.post(base, {"kind": "professional", **kept})
        stranger.post(f"{base}/{own['id']}/code", {"email": drafts.EMAIL, **kept})
        stranger.post(f"{base}/{own['id']}/proof", {"code": "none", **kept})

    def moves_of_referrals(self) -> None:
        """Referrals that go every other way."""
        asked = self._referred("Asked")
        moved = self._moved(asked, "ask", reason="Who else lives there?")
        moved = self._moved(moved, "answer", reason="Her mother.")
        moved = self._moved(moved, "redirect", to="The library's rhyme time", reason="Nearer.")
        self._moved(moved, "close", reason="Dealt with.")
        self._moved(self._referred("Declined"), "decline", because="child_age", reason="Too old.")
        self._moved(self._referred("Twice"), "duplicate", of=self._referred("Once")["id"], reason="Sent twice.")
        self._moved(self._referred("Gone"), "withdraw", reason="They moved away.")

    def triage(self) -> None:
        """The board, and what is done on it; a question that is answered by its link."""
        mails = self._runtime.settings.mail_url
        triage_everything(self.camhs, self.borough["referrer"], self.base, self._member("camhs"), mails)

    def a_family(self) -> None:
        """Its details are changed; then it is restricted, found by somebody who is not named, and open to all again."""
        path = f"{self.base}/families/{self.family_id}"
        family = self.camhs.get(path)
        names = ("version", "language", "interpreter", "safe_contact", "address", "parents", "children")
        self.parts_of_a_record(path, self.camhs.post(path, {**{name: family[name] for name in names}, "language": "Yoruba"}))
        self.camhs.post(f"{path}/restrict", {"reason": "other", "people": []})
        restriction = self.camhs.get(f"{path}/restriction")
        self.facilitator.post(f"{self.base}/families/find-restricted", {"reference": self.family_id})
        named = {"version": restriction["version"], "add": [self._member("facilitator")], "remove": []}
        restriction = self.camhs.post(f"{path}/restriction/change", named)
        self.camhs.post(f"{path}/restriction/lift", {"version": restriction["version"], "reason": "It is over."})

    def parts_of_a_record(self, path: str, family: dict[str, Any]) -> None:
        """Each part of its record is changed by itself; somebody joins the family and leaves it."""
        version = {"version": family["version"]}
        names = {"given_name": "Rosa", "family_name": "Doyle"}
        family = self.camhs.post(f"{path}/parents", {**version, **names, "relationship": "GRMTH"})
        left = {"version": family["version"], "why": "She moved away."}
        self.camhs.post(f"{path}/people/{family['parents'][-1]['id']}/take-out", left)
        child = family["children"][0]
        kept = {name: child[name] for name in ("given_name", "family_name", "birth_date")}
        self.camhs.post(f"{path}/children", {**version, **kept, "person_id": child["id"], "school_or_nursery": "Grove Nursery School"})
        self.camhs.post(f"{path}/contact", {**version, "safe_contact": {**family["safe_contact"], "times": "After 1pm"}})
        self.camhs.post(f"{path}/addresses", {**version, "addresses": [{"line": "16 Rye Lane", "postcode": "SE15 5BY"}]})
        self.camhs.post(f"{path}/needs", {**version, "language": "Yoruba", "interpreter": not family["interpreter"]})
        self.camhs.post(f"{path}/safety", {**version, "risks_to_visitors": "A large dog"})

    def partners(self) -> None:
        """What other agencies have to do with it."""
        partners_done.waiting_lists(self.camhs, self.base)
        yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
        partners_done.webhooks(self.administrator, self.base, referral("Told", yesterday), self.camhs)
        partners_done.consents(self.camhs, self.base, self.family_id)

    def visits(self) -> None:
        """Nobody is in; another is called off."""
        guest = Guest(self.borough, self.group, "Vera", "Visited", "Vik").accepted()
        path = f"{self.base}/assessments/{guest.seen['assessment']['id']}/visits"
        for what, reason in (("missed", "Nobody answered the door."), ("cancel", "He is ill.")):
            starts_at = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
            self.borough.dated(starts_at - timedelta(days=1))
            visit = self.camhs.post(path, {"starts_at": starts_at.isoformat(), "assessors": [self._member("camhs"), self._member("adult")]})
            self.borough.dated(starts_at + timedelta(hours=2) if what == "missed" else starts_at - timedelta(hours=2))
            self.camhs.post(f"{self.base}/visits/{visit['id']}/{what}", {"reason": reason})
        self.borough.dated(None)

    def places(self) -> None:
        """A break, the end, and the waiting list again."""
        found = self.facilitator.get(f"{self.base}/places", status="active")["items"]
        place = next(one for one in found if one["family_id"] == self.family_id)
        for what, body in (("pause", {"reason": "Away."}), ("resume", {}), ("end", {"reason": "They decided so."})):
            place = self.facilitator.post(f"{self.base}/places/{place['id']}/{what}", {"version": place["version"], **body})
        place = self.facilitator.post(f"{self.base}/families/{self.family_id}/places")
        offer = {"version": place["version"], "group_id": self.group["id"]}
        self.facilitator.post(f"{self.base}/places/{place['id']}/offer", offer)

    def cases(self) -> None:
        """One that somebody opens, and closes."""
        opened = {"family_id": self.family_id, "reason": "referrers_concern", "words": "The nursery rang."}
        case = self.facilitator.post(f"{self.base}/outreach/cases", opened)
        closed = {"version": case["version"], "because": "no_longer_needed", "words": "All is well."}
        self.facilitator.post(f"{self.base}/outreach/cases/{case['id']}/close", closed)

    def profile(self) -> None:
        """The borough's profile, its agencies, its policy and its looks."""
        for what in ("borough", "borough/set-up", "policy", "policy/versions", "branding", "me", "people", "invitations", "venues"):
            self.administrator.get(f"{self.base}/{what}")
        now = self.administrator.get(f"{self.base}/borough")
        self._administer("borough", {"version": now["version"], "programme_name": "Another name", "policy": now["policy"]})
        agency = self._administer("agencies", {"name": "Library", "kind": "referring"})
        agency = self._administer(f"agencies/{agency['id']}/rename", {"version": agency["version"], "name": "Libraries"})
        self._administer(f"agencies/{agency['id']}/retire", {"version": agency["version"]})

    def policy(self) -> None:
        """Looked through, decided on from next year on, and taken back."""
        self._administer("policy/reviewed", {"version": self.administrator.get(f"{self.base}/policy")["version"]})
        policy = self.administrator.get(f"{self.base}/policy")
        later = (datetime.now(UTC) + timedelta(days=300)).date().isoformat()
        self._administer("policy", {"version": policy["version"], "effective_on": later, "reason": "We learned."})
        number = max(one["number"] for one in self.administrator.get(f"{self.base}/policy/versions")["items"])
        version = self.administrator.get(f"{self.base}/policy")["version"]
        self._administer(f"policy/versions/{number}/withdraw", {"version": version})

    def branding(self) -> None:
        """Another colour, a logo and none, and the page looked at."""
        colour = {"programme_name": "Another name", "accent": "#7a1f5c"}
        for what, body in (("", colour), ("/logo", {"logo": b64encode(LOGO).decode()}), ("/logo/remove", {}), ("/check", {})):
            version = self.administrator.get(f"{self.base}/branding")["version"]
            self._administer(f"branding{what}", {"version": version, **body})

    def people(self) -> None:
        """Sessions that the administrator ends, a second factor set up anew, other roles, a membership that ends."""
        self.borough.invite("leaver", "Lee Ver", "facilitator", "childrens_centre")
        path = f"people/{self._member('leaver')}"
        (session,) = self.administrator.get(f"{self.base}/{path}/sessions")["items"]
        self._administer(f"{path}/sessions/{session['id']}/end")
        self._administer(f"{path}/sessions/end")
        self._administer(f"{path}/factors/reset", {"reason": "Lost the telephone."})
        member = first(self.administrator.get(f"{self.base}/people", member_id=self._member("leaver"))["items"]) or {}
        agency = self.borough.agencies["referring"]["id"]
        member = self._administer(f"{path}/change", {"version": member["version"], "roles": ["commissioner"], "agency_id": agency})
        self._administer(f"{path}/end", {"version": member["version"]})
        asked = {"name": "Vi Sitor", "email": f"vi@{self.borough.slug}.example", "roles": ["commissioner"], "agency_id": agency}
        invitation = self._administer("invitations", asked)
        self._administer(f"invitations/{invitation['id']}/resend")
        self._administer(f"invitations/{invitation['id']}/withdraw")

    def systems(self) -> None:
        """A system that uses the API, its next token, and both taken back."""
        made = self._administer("systems", {"name": "Health visiting record", "scopes": ["groups.read"]})
        self.administrator.get(f"{self.base}/systems")
        self.administrator.get(f"{self.base}/systems/{made['id']}")
        system = self.administrator.with_token(made["token"])
        system.get(f"{self.base}/system")
        system.close()
        self._administer(f"systems/{made['id']}/renew")
        self._administer(f"systems/{made['id']}/withdraw")

    def sign_on(self) -> None:
        """Single sign-on: its pages call these."""
        self._locally(GET_SIGN_ON)
        told = {"label": "Council account", "issuer": ISSUER, "client_id": "stay-and-play", "trusts_factor": True}
        now = self._locally(SET_SIGN_ON, version=0, acr_values="", factor_values="mfa", client_secret=SECRET, **told)
        now = self._locally(NOTE_SIGN_ON_CHECK, issuer=ISSUER, fault="")
        self._locally(SWITCH_SIGN_ON, version=now["version"], use="beside")

    def notices(self) -> None:
        """What somebody broke the glass for is looked into."""
        notice = first(self.administrator.get(f"{self.base}/notices")["items"]) or {}
        self._administer(f"notices/{notice['id']}/look-at", {"version": notice["version"], "note": "Asked her: all in order."})

    def trails(self) -> None:
        """The trail is read, and handed over."""
        self.administrator.get(f"{self.base}/audit")
        self.camhs.get(f"{self.base}/families/{self.family_id}/audit")
        self._locally(NOTE_AUDIT_EXPORT, count=3)
        self._locally(NOTE_FAMILY_AUDIT_EXPORT, family_id=UUID(self.family_id), count=3)

    def records(self) -> None:
        """Somebody asks what is held, and is erased; another record is held, not to be used, and kept longer."""
        lead, path = self.borough["records"], f"{self.base}/families/{self.family_id}/records"
        asked = {"kind": "access", "asked_by": "Sinead", "asked_as": "self", "identity_checked": "known", "received_on": "2026-11-01"}
        requests = [lead.post(f"{path}/requests", asked) for _ in range(2)]
        for what in ("records/summary", "records/requests", f"records/requests/{requests[0]['id']}", "records/due", "records/erasures"):
            lead.get(f"{self.base}/{what}")
        lead.get(f"{path}/state")
        self._pack(lead, requests[0])
        closing = lead.post(f"{self.base}/records/requests/{requests[1]['id']}/extend", {"version": 1, "reason": "It is much."})
        refusal = {"version": closing["version"], "outcome": "refused", "reason": "The same was asked last week."}
        lead.post(f"{self.base}/records/requests/{requests[1]['id']}/close", refusal)
        for what, because in (("hold", "claim"), ("limit", "contested")):
            control = lead.post(f"{path}/{what}", {"because": because, "reason": "Their solicitor wrote."})
            lifted = {"version": control["version"], "reason": "Settled."}
            lead.post(f"{self.base}/records/controls/{control['id']}/lift", lifted)
        person = lead.get(path)["people"][0]
        until_day = (datetime.now(UTC) + timedelta(days=900)).date().isoformat()
        lead.post(f"{self.base}/records/people/{person['person_id']}/keep", {"until": until_day, "reason": "A claim may come."})
        self._erased(lead)

    def _pack(self, lead: Client, request: Mapping[str, Any]) -> None:
        path = f"{self.base}/records/requests/{request['id']}/pack"
        lead.post(path)
        pack = lead.get(path)
        decisions = [{"number": item["number"], "decision": "give"} for item in pack["items"]]
        pack = lead.post(f"{path}/review", {"version": pack["version"], "decisions": decisions})
        self.borough.invite("records_too", "Ray Cords", "records_lead", "camhs")
        pack = self.borough["records_too"].post(f"{path}/second-look", {"version": pack["version"], "words": "All is well."})
        lead.post(f"{path}/give", {"version": pack["version"], "given_as": "hand"})
        lead.get(f"{path}/file")

    def _erased(self, lead: Client) -> None:
        guest = Guest(self.borough, self.group, "Ella", "Erased", "Eli").accepted()
        self.borough.dated(None)
        body = {"because": "asked", "confirm": "ERASE"}
        erasure = lead.post(f"{self.base}/families/{guest.family_id}/records/erase", body)
        path = f"{self.base}/records/erasures/{erasure['id']}"
        until("the family is erased", lambda: lead.get(path)["state"] == "done" or None)

    def operators(self) -> None:
        """What operators do with a borough that stays."""
        path, operator = f"/api/v1/operator/boroughs/{self.borough.id}", self.borough.operator
        operator.get(path)
        archive = {"manifest_checksum": "0" * 64, "made_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "by": "Olu Ops"}
        operator.post(f"{path}/archives", {**archive, "running": True})
        operator.post(f"{path}/suspend", {"reason": "For a test."})
        operator.post(f"{path}/resume", {"reason": "The test was made."})

    def another_borough(self) -> str:
        """One that comes, twice with the same description, and goes again; return its id."""
        operator, body = self.borough.operator, described()
        made = operator.post("/api/v1/operator/boroughs", body)
        assert operator.post("/api/v1/operator/boroughs", body)["already"]
        operator.delete(f"/api/v1/operator/boroughs/{made['id']}")
        return str(made["id"])

    def trail_as_shown(self) -> Iterator[dict[str, Any]]:
        """Yield every entry of the borough, as its administrator is shown it."""
        after: str | None = None
        while True:
            page = self.administrator.get(f"{self.base}/audit", limit=200, after=after)
            yield from page["items"]
            after = page["next"]
            if after is None:
                return

    def _referred(self, surname: str) -> dict[str, Any]:
        yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
        return self.borough["referrer"].post(f"{self.base}/referrals", referral(surname, yesterday))

    def _moved(self, now: Mapping[str, Any], how: str, **words: str) -> dict[str, Any]:
        return self.camhs.post(f"{self.base}/referrals/{now['id']}/{how}", {"version": now["version"], **words})

    def _member(self, who: str) -> str:
        return self.borough.members[who].id

    def _administer(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        return self.administrator.post(f"{self.base}/{path}", body)

    def _locally(self, operation: Operation, **values: Any) -> dict[str, Any]:
        """Ask for what has a page and no address of the API, as the page asks."""
        who = self.borough.members["camhs" if "family" in operation.name else "administrator"]
        caller = Caller(
            borough_id=UUID(self.borough.id), person_id=UUID(who.person_id), person_name=who.name, member_id=UUID(who.id),
            permissions=frozenset({operation.permission}), roles=("administrator",), address="127.0.0.1",
        )  # fmt: skip
        loaded = operation.request().load(wire.arguments_to_json(operation, values))
        found: dict[str, Any] = self._runtime.local.answer(operation, caller, uuid4().hex, loaded)
        return found
