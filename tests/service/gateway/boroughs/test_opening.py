"""The first referral: refused until everything is set up and the administrator opens the borough, in pages and API alike."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.referrals.contract import ReferRequest
from tests import factories
from tests.support.desk import until
from tests.support.gateway import Borough, Gateway
from tests.support.whole import Person, Town, Whole

LEFT = [
    "Review the policy",
    "Check the public page",
    "A practitioner from CAMHS",
    "A practitioner from the adult mental health team",
    "A venue",
    "A group",
]


@pytest.fixture(scope="module")
def camden(whole: Whole) -> Town:
    """A real borough that has just been onboarded."""
    return whole.borough("Camden", opened=False)


@pytest.fixture(scope="module")
def referrer(camden: Town) -> Person:
    return camden.member("Helen Vance", "referrer", "referring")


def referral() -> dict[str, Any]:
    return factories.as_json(ReferRequest, factories.referral_details())


def referred(who: Person) -> Any:
    """Refer a family, as soon as the service has heard of the borough."""
    return until(lambda: answer if (answer := who.post("/referrals", referral())).status_code != 503 else None)


def test_nobody_refers_to_a_borough_that_is_being_set_up(camden: Town, referrer: Person) -> None:
    refused = referred(referrer)
    assert (refused.status_code, refused.json()["code"]) == (409, "borough_not_open")
    assert "still being set up" in refused.json()["detail"]


def test_a_borough_is_not_opened_before_everything_is_there_and_all_that_is_left_is_told_at_once(camden: Town) -> None:
    refused = camden.administrator.post("/borough/open")
    assert refused.status_code == 409
    assert refused.json()["left"] == LEFT
    assert all(name in refused.json()["detail"] for name in LEFT)
    assert camden.administrator.get("/borough").json()["opened_at"] is None


def test_nobody_but_an_administrator_opens_it(camden: Town, referrer: Person) -> None:
    assert referrer.post("/borough/open").status_code == 403


def test_a_client_can_not_say_that_there_is_a_group(camden: Town) -> None:
    refused = camden.administrator.post("/borough/open", {"has_venue": True, "has_group": True})
    assert refused.status_code == 422


def test_once_everything_is_there_it_is_opened_once_and_the_first_referral_is_taken(camden: Town, referrer: Person) -> None:
    camden.set_up()
    assert camden.administrator.get("/borough").json()["opened_at"] is None
    key = uuid4().hex
    opened = camden.administrator.post("/borough/open", key=key)
    assert opened.status_code == 200, opened.text
    assert opened.json()["opened_at"]
    assert camden.administrator.post("/borough/open", key=key).json() == opened.json()
    again = camden.administrator.post("/borough/open")
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")
    assert camden.refer(referrer, referral())["id"]


def test_it_stays_open_whatever_is_taken_away_later(camden: Town, referrer: Person) -> None:
    people = camden.administrator.get("/people", role="practitioner").json()["items"]
    camden.administrator.post(f"/people/{people[0]['id']}/end", {"version": people[0]["version"]})
    assert camden.administrator.get("/borough").json()["opened_at"]
    assert camden.refer(referrer, referral())["id"]


def test_a_borough_that_was_there_before_boroughs_were_opened_takes_referrals(gateway: Gateway, southwark: Borough) -> None:
    """The column of every service says so, unless it is told otherwise: an event of an older gateway says nothing of it."""
    with gateway.database.session(southwark.id) as session:  # type: ignore[arg-type]  # an id in either form does
        default = "SELECT column_default FROM information_schema.columns WHERE table_name = 'boroughs' AND column_name = 'opened'"
        assert session.execute(text(default)).scalar_one() == "true"


def test_a_practice_borough_is_open_from_the_start(southwark: Borough) -> None:
    assert southwark.answer["opened_at"]


def test_operators_find_the_boroughs_that_are_being_set_up(gateway: Gateway) -> None:
    begun = gateway.onboard(name="Camden", practice=False)
    listed = gateway.operator.get("/api/v1/operator/boroughs", state="setting_up", q=begun.slug).json["items"]
    assert [one["slug"] for one in listed] == [begun.slug]
    assert gateway.operator.get("/api/v1/operator/boroughs", state="working", q=begun.slug).json["items"] == []


def test_opening_is_in_the_audit_trail(camden: Town) -> None:
    entries = camden.administrator.get("/audit", operation="gateway.open_borough").json()["items"]
    assert entries
    assert entries[0]["person_name"] == "Ada Minister"
