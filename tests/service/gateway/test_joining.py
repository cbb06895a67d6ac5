"""A borough comes onto the platform, and people join it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from gateway.contract import kept_policy
from tests.support.boroughs import described
from tests.support.gateway import PASSWORD, Borough, Gateway, Someone


def test_an_operator_onboards_a_borough_and_its_administrator_joins_and_signs_in(gateway: Gateway) -> None:
    borough = gateway.onboard(name="Camden")
    me = borough.administrator().get(f"{borough.base}/me").json
    assert (me["name"], me["roles"]) == ("Ada Minister", ["administrator"])


def test_a_new_borough_has_the_platforms_policy_where_it_names_none(administrator: Someone, southwark: Borough) -> None:
    policy = administrator.get(f"{southwark.base}/borough").json["policy"]
    assert policy == kept_policy({})


def test_a_new_borough_keeps_the_policy_that_it_names(gateway: Gateway) -> None:
    borough = gateway.onboard(policy={"child_max_age_months": 36})
    assert borough.answer["policy"]["child_max_age_months"] == 36
    assert borough.answer["policy"]["missed_before_outreach"] == 2


def test_an_invitation_says_what_it_invites_to_and_not_more(gateway: Gateway) -> None:
    borough = gateway.onboard(name="Camden")
    shown = gateway.anyone.get(f"/api/v1/invitations/{borough.answer['invitation']['token']}").json
    assert shown.pop("expires_at")
    assert shown == {
        "borough_name": "Camden", "programme_name": "Southwark Stay & Play", "name": "Ada Minister",
        "email": f"ada@{borough.slug}.example", "roles": ["administrator"],
    }  # fmt: skip


def test_an_invitation_works_once(gateway: Gateway) -> None:
    invitation = gateway.onboard().answer["invitation"]
    path = f"/api/v1/invitations/{invitation['token']}"
    assert gateway.anyone.post(path, {"password": PASSWORD}).status_code == 200
    assert gateway.anyone.post(path, {"password": PASSWORD}).status_code == 404
    assert gateway.anyone.get(path).status_code == 404


def test_an_old_invitation_is_as_unknown_as_one_that_never_was(gateway: Gateway) -> None:
    borough = gateway.onboard()
    with gateway.database.session(UUID(borough.id)) as session:
        session.execute(text("UPDATE invitations SET expires_at = now() - interval '1 second'"))
        session.commit()
    old = gateway.anyone.post(f"/api/v1/invitations/{borough.answer['invitation']['token']}", {"password": PASSWORD})
    never = gateway.anyone.post(f"/api/v1/invitations/{uuid4().hex}", {"password": PASSWORD})
    assert (old.status_code, old.data) == (never.status_code, never.data)
    assert old.status_code == 404


def test_the_database_holds_no_token_of_an_invitation(gateway: Gateway) -> None:
    borough = gateway.onboard()
    token = borough.answer["invitation"]["token"]
    with gateway.database.session(UUID(borough.id)) as session:
        rows = [*session.execute(text("SELECT * FROM invitations")), *session.execute(text("SELECT * FROM answers"))]
    assert rows
    assert token not in str(rows)


def test_a_weak_password_is_refused_and_the_invitation_stays_open(gateway: Gateway) -> None:
    path = f"/api/v1/invitations/{gateway.onboard().answer['invitation']['token']}"
    for weak in ("short", "aaaaaaaaaaaaaa"):
        refused = gateway.anyone.post(path, {"password": weak})
        assert refused.status_code == 422
        assert "password" in refused.json["faults"]
    assert gateway.anyone.post(path, {"password": PASSWORD}).status_code == 200


def test_somebody_who_has_an_account_joins_another_borough_with_its_password(gateway: Gateway, southwark: Borough) -> None:
    person = southwark.invite(southwark.administrator(), "Ruth Osei", ["facilitator"])
    southwark.join(person)
    other = gateway.onboard(name="Lewisham")
    body = {"name": "Ruth Osei", "email": person["email"].upper(), "roles": ["referrer"], "agency_id": None}
    again = other.administrator().post(f"{other.base}/invitations", body).json
    path = f"/api/v1/invitations/{again['token']}"
    assert gateway.anyone.post(path, {"password": "somebody else's guess"}).status_code == 401
    assert gateway.anyone.post(path, {"password": PASSWORD}).json == {"slug": other.slug}
    answer = gateway.anyone.post("/api/v1/session", {"email": person["email"], "password": PASSWORD}).json
    assert {borough["slug"]: borough["roles"] for borough in answer["boroughs"]} == {
        southwark.slug: ["facilitator"], other.slug: ["referrer"],
    }  # fmt: skip


def test_an_invitation_to_a_member_adds_its_roles(southwark: Borough, administrator: Someone) -> None:
    person = southwark.invite(administrator, "Jo Marsh", ["facilitator"])
    jo = southwark.join(person)
    again = {"name": "Jo Marsh", "email": person["email"], "roles": ["referrer"]}
    southwark.join(administrator.post(f"{southwark.base}/invitations", again).json)
    assert jo.get(f"{southwark.base}/me").json["roles"] == ["facilitator", "referrer"]


def test_a_practitioner_is_invited_for_one_of_the_two_agencies_only(southwark: Borough, administrator: Someone) -> None:
    agencies = {agency["kind"]: agency["id"] for agency in administrator.get(f"{southwark.base}/agencies").json["items"]}
    body = {"name": "Paul Lang", "email": "paul@southwark.example", "roles": ["practitioner"]}
    for agency_id, status in ((None, 422), (agencies["childrens_centre"], 422), (agencies["camhs"], 201)):
        assert administrator.post(f"{southwark.base}/invitations", {**body, "agency_id": agency_id}).status_code == status


def test_an_invitation_can_be_taken_back(gateway: Gateway, southwark: Borough, administrator: Someone) -> None:
    person = southwark.invite(administrator, "Too Soon", ["referrer"])
    taken_back = administrator.post(f"{southwark.base}/invitations/{person['id']}/withdraw").json
    assert taken_back["state"] == "withdrawn"
    assert gateway.anyone.get(f"/api/v1/invitations/{person['token']}").status_code == 404


def test_the_list_of_invitations_holds_no_token(southwark: Borough, administrator: Someone) -> None:
    person = southwark.invite(administrator, "Listed Person", ["referrer"])
    listed = administrator.get(f"{southwark.base}/invitations", limit=100)
    assert person["id"] in [one["id"] for one in listed.json["items"]]
    assert person["token"] not in listed.text


def test_an_invitation_is_dated_by_the_real_clock_even_where_the_work_is_dated(southwark: Borough) -> None:
    administrator = southwark.administrator()
    administrator.headers = {"Stay-Play-At": "2020-03-02T10:00:00+00:00"}
    person = southwark.invite(administrator, "Long Ago", ["referrer"])
    assert datetime.fromisoformat(person["expires_at"]) > datetime.now(UTC) + timedelta(days=6)
    assert southwark.join(person).token


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "Southwark"), ("slug", "api"), ("slug", "a--b"), ("slug", ""), ("slug", "x" * 41), ("gss_code", "SOUTHWARK"),
        ("agencies", []), ("agencies", [{"name": "X", "kind": "club"}]), ("administrator", {"name": "Ada"}), ("practice", "perhaps"),
        ("policy", {"child_max_age_months": 5}), ("policy", {"unheard_of": 1}),
    ],
)  # fmt: skip
def test_a_borough_that_is_badly_described_is_not_onboarded(gateway: Gateway, field: str, value: Any) -> None:
    refused = gateway.operator.post("/api/v1/operator/boroughs", described(**{field: value}))
    assert refused.status_code == 422
    assert list(refused.json["faults"]) == [field]


def test_two_boroughs_can_not_have_one_name_in_addresses(gateway: Gateway, southwark: Borough) -> None:
    assert gateway.operator.post("/api/v1/operator/boroughs", described(slug=southwark.slug, name="X")).status_code == 409


def test_onboarding_again_with_the_same_key_gives_the_same_borough_and_invitation(gateway: Gateway) -> None:
    body = described()
    key = uuid4().hex
    first = gateway.operator.post("/api/v1/operator/boroughs", body, key=key)
    again = gateway.operator.post("/api/v1/operator/boroughs", body, key=key)
    other = gateway.operator.post("/api/v1/operator/boroughs", {**body, "name": "Y"}, key=key)
    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert (other.status_code, other.json["code"]) == (422, "idempotency_mismatch")


def test_every_service_is_told_of_a_new_borough(gateway: Gateway) -> None:
    borough = gateway.onboard(name="Hackney")
    with gateway.database.session(UUID(borough.id)) as session:
        event = session.execute(text("SELECT type, subject, sequence, data FROM outbox")).one()
    assert (event.type, str(event.subject), event.sequence) == ("gateway.borough.onboarded", borough.id, 1)
    assert event.data["name"] == "Hackney"
    assert event.data["policy"]["missed_before_outreach"] == 2
