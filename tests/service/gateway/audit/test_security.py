"""Signing in and access, in the trail of each borough that it concerns."""

from typing import Any
from uuid import UUID

import pytest

from gateway.access.audit.security import MOST_WAITING, Note, SecurityNotes
from gateway.people.models import real_now
from tests.support.gateway import PASSWORD, Borough, Gateway, Someone


@pytest.fixture
def borough(gateway: Gateway) -> Borough:
    return gateway.onboard()


@pytest.fixture
def boss(borough: Borough) -> Someone:
    return borough.administrator()


@pytest.fixture
def jo(borough: Borough, boss: Someone) -> str:
    """The mail address of a facilitator who has joined."""
    invitation = borough.invite(boss, "Jo Marsh", ["facilitator"], "childrens_centre")
    borough.join(invitation)
    noted(borough.gateway, borough)
    email: str = invitation["email"]
    return email


def noted(gateway: Gateway, borough: Borough) -> list[Any]:
    """Write what waits, and return the entries about access, oldest first."""
    SecurityNotes(gateway.database).write()
    with gateway.database.session(borough.answer["id"]) as session:
        statement = "SELECT * FROM audit WHERE kind = 'security' ORDER BY number"
        return list(session.connection().exec_driver_sql(statement))


def latest(gateway: Gateway, borough: Borough) -> Any:
    return noted(gateway, borough)[-1]


def test_a_sign_in_is_in_the_trail_with_who_as_what_and_from_where(gateway: Gateway, borough: Borough, jo: str) -> None:
    entry = noted(gateway, borough)[-1]
    assert (entry.operation, entry.person_name, entry.roles, entry.address) == ("gateway.sign_in", "Jo Marsh", "facilitator", "127.0.0.1")
    assert entry.facts == {"method": "password"}


def test_a_wrong_password_for_somebodys_account_is_in_it(gateway: Gateway, borough: Borough, jo: str) -> None:
    assert gateway.anyone.post("/api/v1/session", {"email": jo, "password": "another three words"}).status_code == 401
    assert latest(gateway, borough).operation == "gateway.sign_in_failed"
    assert "another three words" not in str(noted(gateway, borough))


def test_a_wrong_password_for_nobodys_account_is_in_nobodys_trail(gateway: Gateway, borough: Borough, jo: str) -> None:
    before = len(noted(gateway, borough))
    gateway.anyone.post("/api/v1/session", {"email": "nobody@example.org", "password": PASSWORD})
    assert len(noted(gateway, borough)) == before


def test_it_is_in_the_trail_of_every_borough_that_the_person_belongs_to_and_no_other(gateway: Gateway, borough: Borough, jo: str) -> None:
    second, third = gateway.onboard(), gateway.onboard()
    body = {"name": "Jo Marsh", "email": jo, "roles": ["administrator"], "agency_id": None}
    invitation = second.administrator().post(f"{second.base}/invitations", body).json
    second.join(invitation)
    assert (latest(gateway, borough).roles, latest(gateway, second).roles) == ("facilitator", "administrator")
    assert latest(gateway, borough).correlation_id == latest(gateway, second).correlation_id
    assert noted(gateway, third) == []


def test_a_session_that_its_owner_ends_is_in_it(gateway: Gateway, borough: Borough, jo: str) -> None:
    somebody, _other = borough.sign_in(jo), borough.sign_in(jo)
    sessions = somebody.get("/api/v1/account/sessions").json["items"]
    ended = next(one["id"] for one in sessions if not one["present"])
    answer = somebody.delete(f"/api/v1/account/sessions/{ended}")
    assert answer.status_code == 204
    assert latest(gateway, borough).operation == "gateway.end_session"


def test_signing_out_is_in_it(gateway: Gateway, borough: Borough, jo: str) -> None:
    borough.sign_in(jo).delete("/api/v1/session")
    assert [entry.operation for entry in noted(gateway, borough)][-2:] == ["gateway.sign_in", "gateway.sign_out"]


def test_signing_out_of_nothing_is_in_nobodys_trail(gateway: Gateway, borough: Borough, jo: str) -> None:
    somebody = borough.sign_in(jo)
    somebody.delete("/api/v1/session")
    before = len(noted(gateway, borough))
    assert somebody.delete("/api/v1/session").status_code == 401
    assert len(noted(gateway, borough)) == before


def test_an_administrator_who_ends_sessions_is_in_it(gateway: Gateway, borough: Borough, boss: Someone, jo: str) -> None:
    borough.sign_in(jo)
    (member,) = [one for one in boss.get(f"{borough.base}/people").json["items"] if one["email"] == jo]
    path = f"{borough.base}/people/{member['id']}/sessions"
    boss.post(f"{path}/{boss.get(path).json['items'][0]['id']}/end", {})
    boss.post(f"{path}/end", {})
    ended = [entry for entry in noted(gateway, borough) if "end_member" in entry.operation]
    assert [entry.operation for entry in ended] == ["gateway.end_member_session", "gateway.end_member_sessions"]
    assert {(entry.person_name, entry.roles, str(entry.subject_id)) for entry in ended} == {("Ada Minister", "administrator", member["id"])}


def test_the_entries_are_chained_like_all_others(gateway: Gateway, borough: Borough, jo: str) -> None:
    with gateway.database.session(borough.answer["id"]) as session:
        numbers = session.connection().exec_driver_sql("SELECT number FROM audit ORDER BY number").scalars().all()
    assert numbers == list(range(1, len(numbers) + 1))


def test_what_waits_is_bounded(gateway: Gateway) -> None:
    notes = SecurityNotes(gateway.database)
    for _ in range(MOST_WAITING + 5):
        notes.add(Note(UUID(int=0), "gateway.sign_in_failed", real_now(), "", "corr", {}))
    assert len(notes._notes) == MOST_WAITING
    notes._notes.clear()
