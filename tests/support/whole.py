"""All five services inside the test's process, reached by real HTTP."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import httpx

from chassis import clock
from chassis.container import Container
from gateway.service import GatewayService
from services.assessments.service import AssessmentsService
from services.outreach.service import OutreachService
from services.referrals.service import ReferralsService
from services.sessions.service import SessionsService
from stayplay.client import trusted
from tests.support.boroughs import described
from tests.support.desk import until
from tests.support.factors import Phone
from tests.support.gateway import PASSWORD
from tests.support.installation import SECRETS, Templates, installation
from tests.support.ports import free_port

GROUP = {
    "name": "Stay and play", "starts_at": "10:00", "ends_at": "11:30", "capacity": 8, "meets_on_bank_holidays": True,
}  # fmt: skip
SERVICES = (ReferralsService, AssessmentsService, SessionsService, OutreachService, GatewayService)


@dataclass
class Person:
    """Somebody signed in, who speaks HTTP.

    Attributes:
        base: the path that the borough's addresses begin with.
        phone: what their second factor is shown by, where their role needs one.
    """

    http: httpx.Client
    base: str
    me: dict[str, Any]
    phone: Phone | None = None

    def get(self, path: str, **query: Any) -> httpx.Response:
        """Read something of the borough."""
        return self.http.get(f"{self.base}{path}", params=query)

    def post(self, path: str, body: dict[str, Any] | None = None, *, key: str = "", **headers: str) -> httpx.Response:
        """Change something in the borough."""
        return self.http.post(f"{self.base}{path}", json=body or {}, headers={"Idempotency-Key": key or uuid4().hex, **headers})


@dataclass
class Whole:
    """The whole platform.

    Attributes:
        url: where the gateway answers.
        containers: by name of the service; a test may stop one and start it again.
    """

    url: str
    containers: dict[str, Container]

    @property
    def operator_token(self) -> str:
        """What an operator signs requests with."""
        return SECRETS["OPERATOR_TOKEN"]

    def client(self, token: str = "") -> httpx.Client:
        """Return a client, with a token or without."""
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {token}"} if token else {}, verify=trusted(), timeout=20)

    def borough(self, name: str, *, practice: bool = False, opened: bool = True) -> "Town":
        """Return a new borough: a real one set up and open for referrals, unless ``opened`` says not to."""
        slug = f"w-{uuid4().hex[:10]}"
        body = described(slug=slug, name=name, programme_name=f"{name} Stay & Play", practice=practice)
        with self.client(SECRETS["OPERATOR_TOKEN"]) as operator:
            answer = operator.post("/api/v1/operator/boroughs", json=body, headers={"Idempotency-Key": uuid4().hex}).json()
        town = Town(self, slug, answer["id"])
        town.administrator = town.join(answer["invitation"])
        if opened and not practice:
            town.set_up()
            assert town.administrator.post("/borough/open").status_code == 200
        return town


class Town:
    """A borough of the whole platform, and its people."""

    administrator: Person

    def __init__(self, whole: Whole, slug: str, identity: str) -> None:
        self.whole, self.slug, self.id = whole, slug, identity

    def member(self, name: str, role: str, agency_kind: str) -> Person:
        """Return a new member, signed in."""
        agencies = {one["kind"]: one["id"] for one in self.administrator.get("/agencies").json()["items"]}
        email = f"{uuid4().hex[:8]}@{self.slug}.example"
        body = {"name": name, "email": email, "roles": [role], "agency_id": agencies[agency_kind]}
        return self.join(self.administrator.post("/invitations", body).json())

    def join(self, invitation: dict[str, Any]) -> Person:
        """Accept an invitation, and sign in."""
        with self.whole.client() as anyone:
            key = {"Idempotency-Key": uuid4().hex}
            anyone.post(f"/api/v1/invitations/{invitation['token']}", json={"password": PASSWORD}, headers=key)
            token = anyone.post("/api/v1/session", json={"email": invitation["email"], "password": PASSWORD}).json()["token"]
        base = f"/api/v1/{self.slug}"
        client = self.whole.client(token)
        known, phone = client.get(f"{base}/me"), None
        if known.status_code == 403 and known.json()["code"] == "second_factor_needed":
            phone = enrolled(client)
            known = client.get(f"{base}/me")
        return Person(client, base, known.json(), phone)

    def set_up(self) -> None:
        """Do everything that is to be done before the first referral, but open the borough."""
        for name, kind in (("Carla Set-Up", "camhs"), ("Anton Set-Up", "adult_mental_health")):
            self.member(name, "practitioner", kind)
        ask = self.administrator
        ask.post("/policy/reviewed", {"version": ask.get("/policy").json()["version"]})
        ask.post("/branding/check", {"version": ask.get("/branding").json()["version"]})
        venue = _once_heard(lambda: ask.post("/venues", {"name": "The hall"}))
        group = ask.post("/groups", {**GROUP, "venue_id": venue.json()["id"], **_from(clock.today())})
        assert group.status_code == 201, group.text

    def refer(self, referrer: Person, body: dict[str, Any]) -> dict[str, Any]:
        """Refer a family, as soon as the services have heard of the borough."""
        answer = _once_heard(lambda: referrer.post("/referrals", body))
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found


def enrolled(client: httpx.Client) -> Phone:
    """Set up an authenticator app for somebody who has signed in just now; the client goes on with the session that proved it."""
    app, keys = "/api/v1/account/factors/authenticator", [{"Idempotency-Key": uuid4().hex} for _ in range(2)]
    phone = Phone(client.post(app, headers=keys[0]).json()["secret"])
    answer = client.post(f"{app}/confirm", json={"code": phone.code()}, headers=keys[1])
    assert answer.status_code == 201, answer.text
    phone.recovery_codes = answer.json()["recovery_codes"]
    client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return phone


def _from(day: date) -> dict[str, str]:
    return {"weekday": str(day.weekday()), "starts_on": day.isoformat()}


def _once_heard(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """Ask until every service has heard of the borough, and that it is open; return what it answers then."""

    def answered() -> httpx.Response | None:
        answer = ask()
        early = answer.status_code == 503 or answer.json().get("code") == "borough_not_open"
        return None if early else answer

    answer = until(answered)
    assert answer is not None
    return answer


@contextmanager
def whole_platform(templates: Templates, amqp_uri: str, **changed: str) -> Iterator[Whole]:
    """Run every service for the length of a ``with`` block, with some settings changed."""
    urls = templates.fresh()
    port = free_port()
    installed = installation(urls, amqp_uri)
    containers: dict[str, Container] = {}
    with ExitStack() as stack:
        stack.callback(templates.drop, urls)
        for service in SERVICES:
            settings = installed.settings(service.name, STOP_WITHIN_SECONDS="5", PORT=str(port), **changed)
            container = Container(service, {"settings": settings, "max_workers": settings.max_workers, "AMQP_URI": amqp_uri})
            container.start()
            containers[service.name] = container
            stack.callback(lambda name: containers[name].stop(), service.name)  # the one that a test may have put in its place
        yield Whole(f"http://127.0.0.1:{port}", containers)
