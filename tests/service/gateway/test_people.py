"""Members, their roles, and leaving."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.support.gateway import Borough, Gateway, Someone


@pytest.fixture
def borough(gateway: Gateway) -> Borough:
    """A borough of the test's own."""
    return gateway.onboard()


@pytest.fixture
def boss(borough: Borough) -> Someone:
    return borough.administrator()


@pytest.fixture
def jo(borough: Borough, boss: Someone) -> Someone:
    return borough.join(borough.invite(boss, "Jo Marsh", ["facilitator"], "childrens_centre"))


def me(somebody: Someone, borough: Borough) -> dict[str, Any]:
    found: dict[str, Any] = somebody.get(f"{borough.base}/me").json
    return found


def test_members_are_listed_by_name_with_role_and_agency(borough: Borough, boss: Someone, jo: Someone) -> None:
    listed = boss.get(f"{borough.base}/people").json["items"]
    assert [(one["name"], one["roles"]) for one in listed] == [("Ada Minister", ["administrator"]), ("Jo Marsh", ["facilitator"])]
    assert listed[1]["agency"]["kind"] == "childrens_centre"


def test_members_can_be_listed_by_role_and_by_kind_of_agency(borough: Borough, boss: Someone, jo: Someone) -> None:
    def names(**wanted: str) -> list[str]:
        return [one["name"] for one in boss.get(f"{borough.base}/people", **wanted).json["items"]]

    assert names(role="administrator") == ["Ada Minister"]
    assert names(agency_kind="childrens_centre") == ["Jo Marsh"]
    assert names(agency_kind="camhs") == []


def test_only_those_members_are_listed_that_are_asked_for(borough: Borough, boss: Someone, jo: Someone) -> None:
    wanted = [me(jo, borough)["id"], str(uuid4())]
    listed = boss.get(f"{borough.base}/people", member_id=wanted).json["items"]
    assert [one["name"] for one in listed] == ["Jo Marsh"]
    refused = boss.get(f"{borough.base}/people", member_id=["jo"])
    assert (refused.status_code, list(refused.json["faults"])) == (422, ["member_id"])


def test_a_long_list_comes_in_pages(borough: Borough, boss: Someone) -> None:
    for number in range(5):
        boss.post(f"{borough.base}/agencies", {"name": f"Agency {number}", "kind": "referring"})
    seen, after = [], None
    while True:
        page = boss.get(f"{borough.base}/agencies", limit=4, **({"after": after} if after else {})).json
        seen += [one["name"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == 9


def test_a_change_of_roles_counts_from_the_next_request(borough: Borough, boss: Someone, jo: Someone) -> None:
    assert jo.get(f"{borough.base}/invitations").status_code == 403
    member = me(jo, borough)
    body = {"version": member["version"], "roles": ["facilitator", "administrator"], "agency_id": member["agency"]["id"]}
    assert boss.post(f"{borough.base}/people/{member['id']}/change", body).status_code == 200
    assert jo.get(f"{borough.base}/invitations").status_code == 200


def test_leaving_ends_access_at_once(borough: Borough, boss: Someone, jo: Someone) -> None:
    member = me(jo, borough)
    assert boss.post(f"{borough.base}/people/{member['id']}/end", {"version": member["version"]}).json["left_at"]
    gone = jo.get(f"{borough.base}/me")
    unknown = jo.get("/api/v1/no-such-borough/me")
    assert (gone.status_code, gone.data) == (unknown.status_code, unknown.data)
    assert gone.status_code == 404


def test_somebody_who_left_can_be_invited_again(borough: Borough, boss: Someone, jo: Someone) -> None:
    member = me(jo, borough)
    boss.post(f"{borough.base}/people/{member['id']}/end", {"version": member["version"]})
    body = {"name": "Jo Marsh", "email": member["email"], "roles": ["referrer"]}
    borough.join(boss.post(f"{borough.base}/invitations", body).json)
    assert me(jo, borough)["roles"] == ["referrer"]


def test_two_people_who_change_one_member_do_not_overwrite_each_other(borough: Borough, boss: Someone, jo: Someone) -> None:
    member = me(jo, borough)
    path = f"{borough.base}/people/{member['id']}/change"
    body = {"version": member["version"], "roles": ["referrer"], "agency_id": None}
    assert boss.post(path, body).status_code == 200
    refused = boss.post(path, {**body, "roles": ["administrator"]})
    assert (refused.status_code, refused.json["code"]) == (409, "stale")
    assert refused.json["yours"] == {"version": member["version"], "roles": ["administrator"], "agency_id": None}
    assert refused.json["theirs"] == {"version": member["version"] + 1, "roles": ["referrer"], "agency_id": None}


def test_a_borough_keeps_an_administrator(borough: Borough, boss: Someone) -> None:
    member = me(boss, borough)
    ended = boss.post(f"{borough.base}/people/{member['id']}/end", {"version": member["version"]})
    changed = boss.post(f"{borough.base}/people/{member['id']}/change", {"version": member["version"], "roles": ["referrer"]})
    assert (ended.status_code, changed.status_code) == (409, 409)
    assert "only administrator" in ended.json["detail"]


def test_only_an_administrator_manages_people(borough: Borough, boss: Someone, jo: Someone) -> None:
    person = {"name": "X", "email": "x@x.example", "roles": ["referrer"]}
    refused = jo.post(f"{borough.base}/invitations", person)
    assert (refused.status_code, refused.json["permission"]) == (403, "people.manage")


def test_an_agency_is_added_once(borough: Borough, boss: Someone) -> None:
    agency = {"name": "Home-Start", "kind": "referring"}
    assert boss.post(f"{borough.base}/agencies", agency).status_code == 201
    assert boss.post(f"{borough.base}/agencies", agency).status_code == 409


def test_a_borough_changes_its_policy_and_everybody_is_told(gateway: Gateway, borough: Borough, boss: Someone) -> None:
    now = boss.get(f"{borough.base}/borough").json
    body = {"version": now["version"], "programme_name": "Play Together", "policy": {**now["policy"], "missed_before_outreach": 3}}
    changed = boss.post(f"{borough.base}/borough", body).json
    assert changed["programme_name"] == "Play Together"
    assert changed["version"] > now["version"]
    with gateway.database.operating() as connection:
        newest = "SELECT type, sequence, data FROM outbox WHERE subject = :id ORDER BY created_at DESC LIMIT 1"
        event = connection.execute(text(newest), {"id": borough.id}).one()
    assert (event.type, event.sequence) == ("gateway.borough.changed", changed["version"])
    assert event.data["policy"]["missed_before_outreach"] == 3


def test_a_stale_change_of_the_borough_shows_both(borough: Borough, boss: Someone) -> None:
    now = boss.get(f"{borough.base}/borough").json
    body = {"version": now["version"], "programme_name": "First", "policy": now["policy"]}
    boss.post(f"{borough.base}/borough", body)
    refused = boss.post(f"{borough.base}/borough", {**body, "programme_name": "Second"})
    assert refused.status_code == 409
    assert (refused.json["yours"]["programme_name"], refused.json["theirs"]["programme_name"]) == ("Second", "First")


def test_what_is_done_to_people_is_in_the_audit_trail(gateway: Gateway, borough: Borough, boss: Someone, jo: Someone) -> None:
    member = me(jo, borough)
    boss.post(f"{borough.base}/people/{member['id']}/end", {"version": member["version"]})
    with gateway.database.session(UUID(borough.id)) as session:
        trail = session.execute(text("SELECT operation, person_name, kind, subject_id FROM audit ORDER BY recorded_at")).all()
    last = trail[-1]
    assert (last.operation, last.person_name, str(last.subject_id)) == ("gateway.end_membership", "Ada Minister", member["id"])
    assert {"gateway.onboard", "gateway.invite", "gateway.accept_invitation"} <= {entry.operation for entry in trail}


def test_a_member_that_is_not_there_is_not_found(borough: Borough, boss: Someone) -> None:
    assert boss.post(f"{borough.base}/people/{uuid4()}/end", {"version": 1}).status_code == 404
