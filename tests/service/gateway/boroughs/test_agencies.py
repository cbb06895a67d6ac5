"""Agencies are added, renamed, and retired once nobody belongs to them."""

from typing import Any

import pytest

from tests.support.gateway import Borough, Gateway, Someone


@pytest.fixture
def borough(gateway: Gateway) -> Borough:
    return gateway.onboard()


@pytest.fixture
def boss(borough: Borough) -> Someone:
    return borough.administrator()


def agency(boss: Someone, borough: Borough, kind: str = "referring") -> dict[str, Any]:
    listed = boss.get(f"{borough.base}/agencies", retired="true").json["items"]
    found: dict[str, Any] = next(one for one in listed if one["kind"] == kind)
    return found


def retire(boss: Someone, borough: Borough, one: dict[str, Any]) -> Any:
    return boss.post(f"{borough.base}/agencies/{one['id']}/retire", {"version": one["version"]})


def test_an_agency_is_renamed(borough: Borough, boss: Someone) -> None:
    one = agency(boss, borough)
    renamed = boss.post(f"{borough.base}/agencies/{one['id']}/rename", {"version": one["version"], "name": "Health visitors"})
    assert (renamed.status_code, renamed.json["name"]) == (200, "Health visitors")
    assert agency(boss, borough)["version"] == one["version"] + 1


def test_two_who_rename_one_do_not_overwrite_each_other(borough: Borough, boss: Someone) -> None:
    one = agency(boss, borough)
    path = f"{borough.base}/agencies/{one['id']}/rename"
    boss.post(path, {"version": one["version"], "name": "First"})
    refused = boss.post(path, {"version": one["version"], "name": "Second"})
    assert (refused.status_code, refused.json["code"]) == (409, "stale")
    assert (refused.json["yours"]["name"], refused.json["theirs"]["name"]) == ("Second", "First")


def test_two_present_agencies_never_have_one_name(borough: Borough, boss: Someone) -> None:
    one = agency(boss, borough)
    taken = boss.post(f"{borough.base}/agencies/{one['id']}/rename", {"version": one["version"], "name": "CAMHS"})
    assert (taken.status_code, taken.json["code"]) == (409, "conflict")


def test_an_agency_that_nobody_belongs_to_is_retired(borough: Borough, boss: Someone) -> None:
    one = agency(boss, borough)
    assert retire(boss, borough, one).json["retired_at"]
    assert one["id"] not in [each["id"] for each in boss.get(f"{borough.base}/agencies").json["items"]]
    assert agency(boss, borough)["retired_at"]


def test_an_agency_with_members_is_not_retired_and_says_who(borough: Borough, boss: Someone) -> None:
    borough.join(borough.invite(boss, "Helen Vance", ["referrer"], "referring"))
    borough.invite(boss, "Carol Finch", ["referrer"], "referring")
    refused = retire(boss, borough, agency(boss, borough))
    assert (refused.status_code, refused.json["code"]) == (409, "conflict")
    assert [one["name"] for one in refused.json["belonging"]] == ["Carol Finch", "Helen Vance"]
    assert "Vance" not in refused.json["detail"]
    assert agency(boss, borough)["retired_at"] is None


def test_once_everybody_has_left_it_can_be_retired(borough: Borough, boss: Someone) -> None:
    helen = borough.join(borough.invite(boss, "Helen Vance", ["referrer"], "referring"))
    member = helen.get(f"{borough.base}/me").json
    boss.post(f"{borough.base}/people/{member['id']}/end", {"version": member["version"]})
    assert retire(boss, borough, agency(boss, borough)).status_code == 200


def test_nobody_is_invited_or_moved_to_a_retired_agency(borough: Borough, boss: Someone) -> None:
    one = agency(boss, borough)
    retire(boss, borough, one)
    invited = {"name": "Late Comer", "email": "late@b.example", "roles": ["referrer"], "agency_id": one["id"]}
    assert boss.post(f"{borough.base}/invitations", invited).status_code == 409
    me = boss.get(f"{borough.base}/me").json
    moved = {"version": me["version"], "roles": ["administrator"], "agency_id": one["id"]}
    assert boss.post(f"{borough.base}/people/{me['id']}/change", moved).status_code == 409


def test_a_retired_agency_is_retired_once_and_renamed_no_more(borough: Borough, boss: Someone) -> None:
    retire(boss, borough, agency(boss, borough))
    assert retire(boss, borough, agency(boss, borough)).status_code == 409
    one = agency(boss, borough)
    assert boss.post(f"{borough.base}/agencies/{one['id']}/rename", {"version": one["version"], "name": "Other"}).status_code == 409


def test_the_name_of_a_retired_agency_is_free_again(borough: Borough, boss: Someone) -> None:
    one = agency(boss, borough)
    retire(boss, borough, one)
    assert boss.post(f"{borough.base}/agencies", {"name": one["name"], "kind": "referring"}).status_code == 201


def test_the_list_says_how_many_belong_to_each(borough: Borough, boss: Someone) -> None:
    borough.join(borough.invite(boss, "Helen Vance", ["referrer"], "referring"))
    assert (agency(boss, borough)["members"], agency(boss, borough, "camhs")["members"]) == (1, 0)


def test_another_boroughs_agency_is_not_found(borough: Borough, boss: Someone, southwark: Borough, administrator: Someone) -> None:
    theirs = agency(administrator, southwark)
    assert retire(boss, borough, theirs).status_code == 404
    renamed = boss.post(f"{borough.base}/agencies/{theirs['id']}/rename", {"version": 1, "name": "Mine"})
    assert renamed.status_code == 404


def test_only_administrators_manage_agencies(borough: Borough, boss: Someone) -> None:
    jo = borough.join(borough.invite(boss, "Jo Marsh", ["facilitator"], "childrens_centre"))
    assert retire(jo, borough, agency(boss, borough)).status_code == 403
