"""A suspended borough can be read, and nothing in it can be changed: not in the gateway, not in any service."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from chassis import clock
from chassis.caller import Caller
from chassis.context import Context, entered
from chassis.errors import BoroughSuspended
from gateway.boroughs.policy import Beginning
from gateway.contract import OPERATIONS
from tests.support.gateway import PASSWORD, Borough, Gateway, Someone

WHY = {"reason": "Accounts were misused"}


def act(gateway: Gateway, borough: Borough, what: str, **body: str) -> Any:
    return gateway.operator.post(f"/api/v1/operator/boroughs/{borough.id}/{what}", {**WHY, **body})


@pytest.fixture
def borough(gateway: Gateway) -> Borough:
    return gateway.onboard()


@pytest.fixture
def boss(borough: Borough) -> Someone:
    return borough.administrator()


@pytest.fixture
def suspended(gateway: Gateway, borough: Borough, boss: Someone) -> Borough:
    assert act(gateway, borough, "suspend").status_code == 200
    return borough


def test_everything_can_still_be_read(suspended: Borough, boss: Someone) -> None:
    for path in ("/me", "/borough", "/people", "/agencies", "/policy", "/invitations"):
        assert boss.get(f"{suspended.base}{path}").status_code == 200, path
    assert boss.get(f"{suspended.base}/borough").json["suspended_because"] == "Accounts were misused"


def test_nothing_can_be_changed(suspended: Borough, boss: Someone) -> None:
    refused = boss.post(f"{suspended.base}/agencies", {"name": "Home-Start", "kind": "referring"})
    assert (refused.status_code, refused.json["code"], refused.json["because"]) == (403, "borough_suspended", "Accounts were misused")
    assert "nothing can be changed" in refused.json["detail"]


def test_no_address_that_changes_something_is_forgotten(gateway: Gateway, suspended: Borough, boss: Someone) -> None:
    tried = 0
    for rule in gateway.app.url_map.iter_rules():
        if "borough" not in rule.arguments or not {"POST", "PUT", "DELETE", "PATCH"} & (rule.methods or set()):
            continue
        if not rule.rule.startswith("/api/v1/<borough>"):
            continue
        path = rule.rule.replace("<borough>", suspended.slug)
        for part in rule.arguments - {"borough"}:
            path = path.replace(f"<uuid:{part}>", str(uuid4())).replace(f"<int:{part}>", "1").replace(f"<{part}>", "x")
        answer = boss.post(path, {})
        assert answer.status_code in {403, 404}, path
        assert answer.json["code"] in {"borough_suspended", "forbidden", "confirmation_needed"}, (path, answer.json)
        tried += 1
    assert tried > 50


def test_what_was_answered_before_the_suspension_is_answered_again(gateway: Gateway, borough: Borough, boss: Someone) -> None:
    desk = gateway.app.extensions["stayplay"].local
    operation = next(one for one in OPERATIONS if one.name == "add_agency")
    visitor = boss.get(f"{borough.base}/me").json
    caller = Caller(
        borough_id=UUID(borough.id),
        person_id=UUID(visitor["person_id"]),
        person_name="Ada Minister",
        member_id=UUID(visitor["id"]),
        permissions=frozenset({"boroughs.manage"}),
    )
    first = desk.answer(operation, caller, "a-key-of-before", {"name": "Home-Start", "kind": "referring"})
    act(gateway, borough, "suspend")
    assert desk.answer(operation, caller, "a-key-of-before", {"name": "Home-Start", "kind": "referring"}) == first
    with pytest.raises(BoroughSuspended):
        desk.answer(operation, caller, "a-key-of-after", {"name": "Another", "kind": "referring"})


def test_nobody_joins_a_suspended_borough(gateway: Gateway, borough: Borough, boss: Someone) -> None:
    invited = borough.invite(boss, "Jo Marsh", ["facilitator"], "childrens_centre")
    act(gateway, borough, "suspend")
    refused = gateway.anyone.post(f"/api/v1/invitations/{invited['token']}", {"password": PASSWORD})
    assert (refused.status_code, refused.json["code"]) == (403, "borough_suspended")
    act(gateway, borough, "resume")
    assert borough.join(invited).token


def test_a_resumed_borough_works_as_before(gateway: Gateway, suspended: Borough, boss: Someone) -> None:
    assert act(gateway, suspended, "resume").json["suspended_at"] is None
    assert boss.post(f"{suspended.base}/agencies", {"name": "Home-Start", "kind": "referring"}).status_code == 201


def test_other_boroughs_go_on(suspended: Borough, gateway: Gateway) -> None:
    other = gateway.onboard()
    assert other.administrator().post(f"{other.base}/agencies", {"name": "Home-Start", "kind": "referring"}).status_code == 201


def test_everybody_is_told_of_both(gateway: Gateway, suspended: Borough) -> None:
    act(gateway, suspended, "resume")
    with gateway.database.operating() as connection:
        everything = "SELECT type, data FROM outbox WHERE borough_id = :id ORDER BY sequence"
        told = [(row.type, row.data["suspended"]) for row in connection.execute(text(everything), {"id": suspended.id})]
    assert told[-2:] == [("gateway.borough.suspended", True), ("gateway.borough.changed", False)]


def test_a_borough_is_suspended_once_and_resumed_once(gateway: Gateway, suspended: Borough) -> None:
    assert act(gateway, suspended, "suspend").json["code"] == "invalid_transition"
    assert act(gateway, suspended, "resume").status_code == 200
    assert act(gateway, suspended, "resume").json["code"] == "invalid_transition"


def test_a_reason_is_needed_and_the_borough_must_be_there(gateway: Gateway, borough: Borough) -> None:
    assert act(gateway, borough, "suspend", reason="").status_code == 422
    unknown = gateway.operator.post(f"/api/v1/operator/boroughs/{uuid4()}/suspend", WHY)
    assert (unknown.status_code, unknown.json["code"]) == (404, "not_found")


def test_only_an_operator_suspends(borough: Borough, boss: Someone) -> None:
    assert boss.post(f"/api/v1/operator/boroughs/{borough.id}/suspend", WHY).status_code == 401


def test_a_policy_whose_day_comes_waits_until_the_borough_is_resumed(gateway: Gateway, borough: Borough, boss: Someone) -> None:
    found = boss.get(f"{borough.base}/policy").json
    tomorrow = clock.today() + timedelta(days=1)
    body = {**found["current"]["policy"], "group_capacity": 12, "effective_on": tomorrow.isoformat(), "version": 1, "reason": "More room"}
    assert boss.post(f"{borough.base}/policy", body).status_code == 200
    act(gateway, borough, "suspend")
    with entered(Context("a-correlation-id", "gateway")), clock.acting_at(clock.now() + timedelta(days=1)):
        Beginning(gateway.database).begin_due()
    assert boss.get(f"{borough.base}/policy").json["current"]["number"] == 1
    with gateway.database.session(UUID(borough.id)) as session:
        session.execute(text("UPDATE policy_versions SET effective_on = effective_on - 1 WHERE number = 2"))
        session.commit()
    act(gateway, borough, "resume")
    assert boss.get(f"{borough.base}/policy").json["current"]["policy"]["group_capacity"] == 12


def test_operators_find_suspended_boroughs(gateway: Gateway, suspended: Borough) -> None:
    found = gateway.operator.get("/api/v1/operator/boroughs", state="suspended", q=suspended.slug).json["items"]
    assert [one["slug"] for one in found] == [suspended.slug]
    assert gateway.operator.get("/api/v1/operator/boroughs", state="working", q=suspended.slug).json["items"] == []
