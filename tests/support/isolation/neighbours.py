"""Two practice boroughs in which everything has happened, and a session of every role in each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from gateway.access.scopes import SCOPES
from stayplay.client import Client, Refused
from stayplay.demo import partners
from stayplay.journey import Borough, until
from stayplay.journey.family import first, referral
from tests.browser.stage import Guest
from tests.support import drafts
from tests.support.installation import SECRETS
from tests.support.isolation.kept import keep_records
from tests.support.isolation.rows import Databases, Holdings
from tests.support.merged import merge_twice
from tests.support.whole import Whole

PATIENCE = 15
MORE = 12
"""How many more changes are made than it takes to live: so many keys were used that each change can be tried with another."""


@dataclass(frozen=True)
class Neighbour:
    """One of the two boroughs.

    Attributes:
        sessions: tokens of signed-in members, by what they are.
        marks: words that are written in this borough only.
        doors: what opens a referral that somebody without an account began, by its id.
    """

    borough: Borough
    sessions: Mapping[str, str]
    marks: tuple[str, ...]
    people: frozenset[str]
    doors: Mapping[str, str]

    def holdings(self, databases: Databases) -> Holdings:
        """Return everything that the databases hold of it now."""
        return databases.of(self.borough.id, self.people)


def neighbour(whole: Whole, name: str, surname: str, hook: str = partners.HOOK) -> Neighbour:
    """Return a new borough with rows of every kind; one of its systems is told at ``hook``."""
    operator = Client(whole.url, token=SECRETS["OPERATOR_TOKEN"], patience=PATIENCE)
    slug = f"{surname.lower()}-{uuid4().hex[:6]}"
    borough = Borough(operator, name, slug, "E09000028")
    family = Guest(borough, {}, "Sinead", surname, "Finn")
    borough.onboard()
    family.invite()
    borough.invite("commissioner", "Cora Counts", "commissioner", "referring")
    borough.invite("records", "Rhea Cords", "records_lead", "camhs")
    for member in borough.members.values():
        member.client.patience = PATIENCE
    live(family, surname, hook)
    borough.dated(None)
    half_written(borough)
    ask_by_mail(borough, surname)
    doors = dict(without_an_account(borough, kind, surname) for kind in ("self", "professional"))
    sessions = {who: member.client.token for who, member in borough.members.items() if who != "camhs_too"}
    names = (f"Old records of {surname}", f"Records of {surname}", f"New records of {surname}")
    sessions["system"] = [system(borough, one) for one in names][1]  # requests are about the oldest or the newest, which may end
    people = frozenset(member.person_id for member in borough.members.values())
    return Neighbour(borough, sessions, (surname, slug, f"{name} Stay"), people, doors)


def half_written(borough: Borough) -> None:
    """A referral that its referrer has put aside."""
    referrer, base = borough["referrer"], f"{borough.base}/drafts"
    draft = referrer.post(base, {"kind": "professional"})
    for step in ("you", "children"):
        saved = {"version": draft["version"], "step": step, "answers": drafts.answers()[step]}
        draft = referrer.post(f"{base}/{draft['id']}/save", saved)


def ask_by_mail(borough: Borough, surname: str) -> None:
    """A question whose link was mailed to a referrer, who may know how it stands."""
    path, body = f"{borough.base}/referrals", referral(surname, datetime.now(UTC).date())
    now = borough["referrer"].post(path, {**body, "referrer": {**body["referrer"], "may_be_told": "status"}})
    borough["camhs"].post(f"{path}/{now['id']}/ask", {"version": now["version"], "reason": "Is there a good time to ring?"})


def without_an_account(borough: Borough, kind: str, surname: str) -> tuple[str, str]:
    """A referral that somebody without an account has begun; return its id and the secret that opens it."""
    stranger, base, secret = borough.operator.with_token(""), f"{borough.base}/drafts", drafts.new_secret()
    draft = stranger.post(base, {"kind": kind, "secret": secret})
    if kind == "self":
        answers = {"given_name": "Ana", "family_name": surname, "relationship": "MTH"}
        stranger.post(f"{base}/{draft['id']}/save", {"version": draft["version"], "step": "you", "answers": answers, "secret": secret})
    stranger.close()
    return str(draft["id"]), secret


def system(borough: Borough, name: str) -> str:
    """Let another system use the API, for all that any may do; return its token, which was used once."""
    made = borough["administrator"].post(f"{borough.base}/systems", {"name": name, "scopes": list(SCOPES), "days": 30})
    token = str(made["token"])
    borough.operator.with_token(token).get(f"{borough.base}/system")
    return token


def live(family: Guest, surname: str, hook: str) -> None:
    """One family comes, goes quiet and comes back; others stand at every step before."""
    steps = dict(family.steps())
    skipped = {"the operator onboards the borough", "the administrator invites the people"}
    for words, step in steps.items():
        if words not in skipped:
            step()
    others = [_guest(family, *names) for names in _OTHERS]
    others[0].refer()
    others[1].accepted()
    others[2].visited()
    others[2]._write(f"The {surname} family keeps close.")
    others[2]._sign("adult")
    others[3].offered()
    _leave_open(others[1])
    _disagree(others[2])
    _restrict(others[3])
    _correct(family)
    _fetch(family)
    family.borough.dated(None)
    merge_twice(family.borough, f"{surname}-Twice")
    today = datetime.now(UTC).date()
    partners.waiting_list(family.borough, today)
    partners.system_that_is_told(family.borough, today, hook)
    partners.consents(family.borough, family.family_id, today)
    limited, erased = (_guest(family, *names).accepted().family_id for names in (("Noor", "Sami"), ("Ella", "Eli")))
    keep_records(family.borough, family.family_id, limited, erased)


def _guest(family: Guest, given: str, child: str) -> Guest:
    return Guest(family.borough, family.seen["group"], given, family.surname, child)


_OTHERS = (("Maria", "Rafa"), ("Ayesha", "Musa"), ("Luz", "Mateo"), ("Abena", "Yaw"))


def _leave_open(family: Guest) -> None:
    """A visit to come, a case with an owner, an invitation that nobody accepted yet."""
    borough, base = family.borough, family.borough.base
    borough.dated(None)
    starts_at = datetime.now(UTC).replace(hour=14, minute=0, second=0, microsecond=0).isoformat()
    assessors = [borough.members[who].id for who in ("camhs", "adult")]
    borough["camhs"].post(family._assessment("visits"), {"starts_at": starts_at, "assessors": assessors})
    about = {"family_id": family.seen["family_id"]}
    case = until("a case opens", lambda: first(borough["facilitator"].get(f"{base}/outreach/cases", **about)["items"]))
    borough["facilitator"].post(f"{base}/outreach/cases/{case['id']}/take", {"version": case["version"]})
    agency = borough.agencies["childrens_centre"]["id"]
    invited: dict[str, Any] = {"name": "Ina Vited", "email": f"ina@{borough.slug}.example", "roles": ["facilitator"], "agency_id": agency}
    borough["administrator"].post(f"{base}/invitations", invited)
    for number in range(MORE):
        borough["administrator"].post(f"{base}/agencies", {"name": f"Nursery {number}", "kind": "referring"})


def _restrict(family: Guest) -> None:
    """A family that named people may see, and somebody who opened its record in need all the same."""
    borough, path = family.borough, family._path(f"families/{family.seen['family_id']}")
    borough.dated(None)
    people = [borough.members["adult"].id]
    borough["camhs"].post(f"{path}/restrict", {"reason": "staff_member", "people": people})
    until("the restriction is known everywhere", lambda: _may_not(borough["facilitator"], f"{path}/attendance"))
    borough["facilitator"].post(f"{path}/break-glass", {"reason": "The mother rang, and nobody who is named is in today."})
    notices = family._path("notices")
    until("the administrator is told", lambda: first(borough["administrator"].get(notices)["items"]))


def _may_not(client: Client, path: str) -> bool:
    try:
        client.get(path)
    except Refused:
        return True
    return False


def _correct(family: Guest) -> None:
    """A register that was opened again, to be corrected."""
    session = family._session(4)
    path = family._path(f"sessions/{session['id']}/register")
    facilitator = family.borough["facilitator"]
    facilitator.post(f"{path}/reopen", {"version": facilitator.get(path)["version"], "reason": "wrong_mark"})


def _fetch(family: Guest) -> None:
    """A run that is still to be driven."""
    session = family._session(5)
    about = {"session_id": session["id"], "session_starts_at": session["starts_at"], "group_name": session["group_name"]}
    run = {"family_id": family.seen["family_id"], "pick_up_at": "09:35", "driver_name": "Jo Marsh"}
    family.borough["facilitator"].post(family._path("outreach/collections"), about | run)


def _disagree(family: Guest) -> None:
    now = family._assessed()
    family.borough["camhs"].post(family._assessment("disagree"), {"version": now["version"], "reason": f"Not yet, says {family.surname}."})
