"""Whoever manages people reads no family by their own hand: a role that does comes from another administrator."""

from typing import Any

import pytest

from tests.support.gateway import Borough, Gateway, Someone


@pytest.fixture
def borough(gateway: Gateway) -> Borough:
    """A borough of the test's own."""
    return gateway.onboard()


@pytest.fixture
def boss(borough: Borough) -> Someone:
    return borough.administrator()


@pytest.fixture
def second(borough: Borough, boss: Someone) -> Someone:
    """Another administrator."""
    return borough.join(borough.invite(boss, "Second Boss", ["administrator"]))


def me(somebody: Someone, borough: Borough) -> dict[str, Any]:
    found: dict[str, Any] = somebody.get(f"{borough.base}/me").json
    return found


def agency(somebody: Someone, borough: Borough, kind: str) -> str:
    return next(str(one["id"]) for one in somebody.get(f"{borough.base}/agencies").json["items"] if one["kind"] == kind)


def give(by: Someone, borough: Borough, member: dict[str, Any], *roles: str, kind: str = "") -> Any:
    body = {"version": member["version"], "roles": list(roles), "agency_id": agency(by, borough, kind) if kind else None}
    return by.post(f"{borough.base}/people/{member['id']}/change", body)


@pytest.mark.parametrize(("role", "kind"), [("practitioner", "camhs"), ("practitioner", "adult_mental_health"), ("facilitator", "")])
def test_nobody_gives_themselves_a_role_that_reads_families(borough: Borough, boss: Someone, role: str, kind: str) -> None:
    refused = give(boss, borough, me(boss, borough), "administrator", role, kind=kind)
    assert (refused.status_code, refused.json["code"]) == (409, "conflict")
    assert "Another administrator" in refused.json["detail"]
    assert me(boss, borough)["roles"] == ["administrator"]


def test_nobody_invites_themselves_to_one(borough: Borough, boss: Someone) -> None:
    own = me(boss, borough)
    body = {"name": "Me", "email": own["email"].upper(), "roles": ["facilitator"], "agency_id": None}
    refused = boss.post(f"{borough.base}/invitations", body)
    assert (refused.status_code, refused.json["code"]) == (409, "conflict")
    assert boss.post(f"{borough.base}/invitations", {**body, "roles": ["referrer"]}).status_code == 201


def test_another_administrator_gives_it(borough: Borough, boss: Someone, second: Someone) -> None:
    assert give(second, borough, me(boss, borough), "administrator", "facilitator").status_code == 200
    assert me(boss, borough)["roles"] == ["administrator", "facilitator"]


def test_who_has_one_keeps_or_gives_it_up_by_their_own_hand(borough: Borough, boss: Someone, second: Someone) -> None:
    give(second, borough, me(boss, borough), "administrator", "facilitator")
    assert give(boss, borough, me(boss, borough), "administrator", "facilitator", kind="childrens_centre").status_code == 200
    assert give(boss, borough, me(boss, borough), "administrator").status_code == 200
    assert give(boss, borough, me(boss, borough), "administrator", "facilitator").status_code == 409


def test_a_role_that_reads_no_family_is_anybodys_to_take(borough: Borough, boss: Someone) -> None:
    assert give(boss, borough, me(boss, borough), "administrator", "commissioner").status_code == 200


def test_a_new_agency_does_not_open_the_halves_of_assessments(borough: Borough, boss: Someone, second: Someone) -> None:
    """A practitioner who administers may not move to the other side by their own hand either: it opens another half to write."""
    give(second, borough, me(boss, borough), "administrator", "practitioner", kind="camhs")
    refused = give(boss, borough, me(boss, borough), "administrator", "practitioner", kind="adult_mental_health")
    assert refused.status_code == 409
    assert give(second, borough, me(boss, borough), "administrator", "practitioner", kind="adult_mental_health").status_code == 200
