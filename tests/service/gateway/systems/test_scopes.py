"""A system on the whole platform: what it refers is its own, and no service tells it more than its scopes say."""

import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from stayplay.client import Client
from stayplay.journey import Borough, FamilyJourney
from stayplay.journey.family import referral
from stayplay.journey.waiting import until
from tests.browser.stage import Guest
from tests.support.hooks import receiver
from tests.support.installation import SECRETS
from tests.support.whole import Whole

KNOWN = ("Quixote", "Dulcinea", "Rocinante")
"""Names of a family that has a place: no system referred it."""
SCOPES = ["boroughs.read", "groups.read", "referrals.read_own", "referrals.refer"]


class System:
    """Another system, and its token."""

    def __init__(self, whole: Whole, base: str, answer: dict[str, Any]) -> None:
        self.id, self.acts_as, self.token = answer["id"], answer["acts_as"], answer["token"]
        self.base = base
        self.http = whole.client(self.token)

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.http.get(f"{self.base}{path}", params=query)

    def post(self, path: str, body: dict[str, Any], *, key: str = "", **headers: str) -> httpx.Response:
        return self.http.post(f"{self.base}{path}", json=body, headers={"Idempotency-Key": key or uuid4().hex, **headers})

    def own(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.get("/referrals/mine", limit=100).json()["items"]
        return items


@pytest.fixture(scope="module")
def family(whole: Whole) -> Guest:
    """A family that goes to a group of a borough, where a session has its register."""
    borough = Borough(Client(whole.url, token=SECRETS["OPERATOR_TOKEN"]), "Peckham", f"s-{uuid4().hex[:8]}", "E09000028")
    borough.onboard()
    FamilyJourney(borough).invite()
    for member in borough.members.values():
        member.client.patience = 15
    borough.dated(datetime.now(UTC) - timedelta(days=60))
    guest = Guest(borough, {}, KNOWN[1], KNOWN[0], KNOWN[2])
    guest.add_group()
    guest.starting(guest.first_week)
    guest.week(1, "here")
    borough.dated(None)
    return guest


@pytest.fixture(scope="module")
def borough(family: Guest) -> Borough:
    return family.borough


@pytest.fixture
def system(whole: Whole, borough: Borough) -> System:
    """A system of the test's own, with every scope."""
    return made(whole, borough)


def made(whole: Whole, borough: Borough, *scopes: str, name: str = "Health visiting record") -> System:
    body = {"name": name, "scopes": list(scopes) or SCOPES, "days": 30}
    return System(whole, borough.base, borough["administrator"].post(f"{borough.base}/systems", body))


def family_of(surname: str) -> dict[str, Any]:
    return referral(surname, datetime.now(UTC).date())


def referred(system: System, surname: str, **sent: Any) -> dict[str, Any]:
    answer = system.post("/referrals", family_of(surname), **sent)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def trail(borough: Borough, **narrowed: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = borough["administrator"].get(f"{borough.base}/audit", limit=100, **narrowed)["items"]
    return items


def test_a_system_refers_a_family_and_the_team_sees_which_system_it_was(system: System, borough: Borough) -> None:
    sent = referred(system, "Abara")
    found = borough["camhs"].get(f"{borough.base}/referrals/{sent['id']}")
    assert (found["referred_by_name"], found["status"]) == ("Health visiting record", "received")
    assert (found["steps"][0]["by_name"], found["steps"][0]["agency_name"]) == ("Health visiting record", "")


def test_what_a_system_referred_is_its_own_and_nobody_else_s(whole: Whole, system: System, borough: Borough) -> None:
    sent, other = referred(system, "Bello"), made(whole, borough, name="Another record")
    assert [one["id"] for one in system.own()] == [sent["id"]]
    assert other.own() == []
    assert sent["id"] not in [one["id"] for one in borough["referrer"].get(f"{borough.base}/referrals/mine", limit=100)["items"]]


def test_a_system_sees_what_the_family_agreed_to_and_no_more(system: System, borough: Borough) -> None:
    silent = family_of("Chidi") | {}
    silent["referrer"] = {**silent["referrer"], "may_be_told": "nothing"}
    sent = system.post("/referrals", silent).json()
    borough["camhs"].post(
        f"{borough.base}/referrals/{sent['id']}/decline", {"version": 1, "because": "other", "reason": "Comes to another group already."}
    )
    (own,) = system.own()
    assert own["told"] == "received"
    assert "another group" not in json.dumps(own)


def test_a_system_is_told_by_itself_and_asks_for_the_rest(system: System, borough: Borough) -> None:
    """From the move in one service over the news of it to the other side, signed; and no more than the family agreed to."""
    with receiver() as other_side:
        made = borough["administrator"].post(f"{borough.base}/systems/{system.id}/webhook", {"url": other_side.url})
        family = family_of("Told")
        sent = system.post("/referrals", family).json()
        borough["camhs"].post(f"{borough.base}/referrals/{sent['id']}/ask", {"version": 1, "reason": "Is there a good time to ring?"})
        borough["camhs"].post(f"{borough.base}/referrals/{sent['id']}/withdraw", {"version": 2, "reason": "They moved away."})
        until("both arrived", lambda: len(other_side.messages) > 1, 30)
        assert [message.told["data"]["told"] for message in other_side.messages] == ["received", "withdrawn"], "the outcome only, as agreed"
        assert all(message.is_signed_with(made["secret"]) for message in other_side.messages)
        assert not any(word in str(message.body) for message in other_side.messages for word in ("Told", "Sinead", "moved away"))
        own = system.get(f"/referrals/mine/{sent['id']}").json()
        assert (own["told"], own["reference"]) == ("withdrawn", other_side.messages[0].told["data"]["reference"])


def test_how_a_referral_stands_is_told_to_whoever_made_it_and_to_nobody_else(whole: Whole, system: System, borough: Borough) -> None:
    sent, other = referred(system, "Asked"), made(whole, borough, name="Another record")
    assert system.get(f"/referrals/mine/{sent['id']}").json()["told"] == "received"
    assert other.get(f"/referrals/mine/{sent['id']}").status_code == 404


def test_the_next_token_of_a_system_sees_what_it_referred_with_the_one_before(whole: Whole, system: System, borough: Borough) -> None:
    sent = referred(system, "Dogan")
    renewed = System(whole, borough.base, borough["administrator"].post(f"{borough.base}/systems/{system.id}/renew", {"days": 9}))
    assert [one["id"] for one in renewed.own()] == [sent["id"]]
    borough["administrator"].post(f"{borough.base}/systems/{system.id}/withdraw")
    assert system.get("/referrals/mine").status_code == 401
    assert [one["id"] for one in renewed.own()] == [sent["id"]]


def test_a_key_means_the_same_with_the_next_token_and_nothing_to_another_system(whole: Whole, system: System, borough: Borough) -> None:
    key = uuid4().hex
    first = referred(system, "Eze", key=key)
    renewed = System(whole, borough.base, borough["administrator"].post(f"{borough.base}/systems/{system.id}/renew", {"days": 9}))
    assert referred(renewed, "Eze", key=key)["id"] == first["id"]
    assert renewed.post("/referrals", family_of("Other"), key=key).json()["code"] == "idempotency_mismatch"
    other = made(whole, borough, name="Another record")
    assert referred(other, "Eze", key=key)["id"] != first["id"]
    person = borough["referrer"].post(f"{borough.base}/referrals", family_of("Eze"), key=key)
    assert person["id"] != first["id"]


def test_one_key_sent_many_times_at_once_refers_once(system: System) -> None:
    key = uuid4().hex
    with ThreadPoolExecutor(6) as pile:
        answers = list(pile.map(lambda _: system.post("/referrals", family_of("Farah"), key=key), range(6)))
    assert {answer.json()["id"] for answer in answers if answer.status_code == 201} == {system.own()[0]["id"]}
    assert len(system.own()) == 1


@pytest.mark.parametrize(
    "spoilt", [{"family_agrees": False}, {"concern": ""}, {"children": []}, {"borough_id": str(uuid4())}, {"referred_by_id": str(uuid4())}]
)
def test_a_system_refers_by_the_rules_that_hold_for_everybody(system: System, spoilt: dict[str, Any]) -> None:
    assert system.post("/referrals", family_of("Gomez") | spoilt).status_code == 422
    assert system.own() == []


def test_a_system_without_the_scope_refers_nobody(whole: Whole, borough: Borough) -> None:
    reader = made(whole, borough, "groups.read", "boroughs.read")
    answer = reader.post("/referrals", family_of("Hassan"))
    assert (answer.status_code, answer.json()["code"], answer.json()["scope"]) == (403, "scope_missing", "referrals.refer")


def test_no_answer_that_any_scope_opens_names_a_family_that_the_system_did_not_refer(system: System, family: Guest) -> None:
    """Every address that is read, with the ids of what is there; the document that the system sees says which those are."""
    sent = referred(system, "Ibarra")
    group = family.seen["group"]["id"]
    document = system.get("/openapi.json").json()
    read = [path.split("/{borough}")[1] for path, item in document["paths"].items() if "get" in item]
    assert len(read) >= 12
    for path in read:
        answer = system.get(path.replace("{group_id}", group).replace("{referral_id}", sent["id"]))
        assert answer.status_code == 200, path
        assert [name for name in KNOWN if name in answer.text] == [], path
        assert ("Ibarra" in answer.text) == path.startswith("/referrals/mine"), path


def test_a_system_sees_when_a_group_meets_and_how_many_come_and_not_who(system: System, family: Guest) -> None:
    found = system.get(f"/groups/{family.seen['group']['id']}").json()
    assert found["taken"] == 1
    assert found["places"] == []
    assert found["sessions"]


def test_a_system_is_refused_what_is_no_scope_in_every_service(system: System, family: Guest, borough: Borough) -> None:
    session = family._session(1)["id"]
    for path in (
        f"/families/{family.family_id}", "/families", f"/families/{family.family_id}/story", f"/families/{family.family_id}/attendance",
        f"/sessions/{session}/register", "/places", "/referrals", f"/referrals/{family.seen['referral']['id']}", "/assessments",
        f"/assessments/{family.seen['assessment_id']}" if "assessment_id" in family.seen else "/assessments/waiting",
        "/outreach/cases", "/outreach/collections", "/people", "/audit", "/me", "/notices",
    ):  # fmt: skip
        answer = system.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing"), path
        assert [name for name in (*KNOWN, borough.members["camhs"].name) if name in answer.text] == []


def test_what_a_system_does_is_in_the_audit_trail_of_the_service_that_did_it(system: System, borough: Borough) -> None:
    sent = referred(system, "Jallow")
    system.own()
    system.get("/groups")
    entries = trail(borough, person_id=system.acts_as)
    told = {entry["operation"]: entry for entry in entries}
    assert {"referrals.refer", "referrals.own_referrals", "sessions.list_groups"} <= told.keys()
    for entry in entries:
        assert (entry["person_name"], entry["roles"], entry["agency"]) == ("Health visiting record", ["system"], "")
        assert entry["address"]
    assert told["referrals.refer"]["kind"] == "change"
    assert told["referrals.refer"]["family_id"] == sent["family_id"]
    assert told["referrals.own_referrals"]["facts"]["count"] == 1


def test_a_practice_borough_s_system_dates_what_it_refers(system: System) -> None:
    sent = system.post("/referrals", family_of("Kaya"), **{"Stay-Play-At": "2026-03-02T10:00:00+00:00"})
    assert sent.status_code == 201, sent.text
    assert sent.json()["received_at"].startswith("2026-03-02")


def test_a_token_that_is_taken_back_in_the_middle_of_things_stops_at_the_next_request(system: System, borough: Borough) -> None:
    """Requests go on all the time; once it is taken back and that was answered, none is let in any more."""
    with ThreadPoolExecutor(4) as pile:
        before = [pile.submit(system.get, "/groups") for _ in range(20)]
        borough["administrator"].post(f"{borough.base}/systems/{system.id}/withdraw")
        after = [pile.submit(system.get, "/groups") for _ in range(20)]
    assert {one.result().status_code for one in before} <= {200, 401, 429}
    until("the requests that were under way are answered", lambda: all(one.done() for one in [*before, *after]))
    assert {one.result().status_code for one in after} <= {401, 429}, "who goes on with it is told to slow down"


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """Everything that this process logs, as it would in production."""
    import logging

    import structlog

    from chassis import logging as ours

    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    ours.configure("json", service="gateway", stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


def test_no_line_holds_a_token_or_a_part_of_it(
    whole: Whole, borough: Borough, said: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    system = made(whole, borough, name="Quiet record")
    referred(system, "Lopez")
    system.get("/families")
    system.get("/groups", limit="many")
    System(whole, borough.base, {"id": "", "acts_as": "", "token": system.token[:-1]}).get("/groups")
    System(whole, "/api/v1/there-is-none", {"id": "", "acts_as": "", "token": system.token}).get("/groups")
    printed = capfd.readouterr()
    heard = said.getvalue() + printed.out + printed.err
    assert '"status": 401' in heard
    assert system.token[5:20] not in heard
    assert "stay_" not in heard
    assert "Quiet record" not in heard
    assert "Lopez" not in heard
