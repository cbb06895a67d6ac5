"""A change that is sent again is not made again."""

from uuid import uuid4

import pytest

from tests.support.gateway import Borough, Gateway, Someone


def agencies(somebody: Someone, borough: Borough) -> list[str]:
    return [one["name"] for one in somebody.get(f"{borough.base}/agencies", limit=100).json["items"]]


def test_the_same_request_with_the_same_key_gets_the_same_answer_and_is_done_once(southwark: Borough, administrator: Someone) -> None:
    key, body = uuid4().hex, {"name": "Twice sent", "kind": "referring"}
    first = administrator.post(f"{southwark.base}/agencies", body, key=key)
    again = administrator.post(f"{southwark.base}/agencies", body, key=key)
    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert agencies(administrator, southwark).count("Twice sent") == 1


def test_the_same_key_with_another_body_is_refused_and_changes_nothing(southwark: Borough, administrator: Someone) -> None:
    key = uuid4().hex
    administrator.post(f"{southwark.base}/agencies", {"name": "First use", "kind": "referring"}, key=key)
    refused = administrator.post(f"{southwark.base}/agencies", {"name": "Second use", "kind": "referring"}, key=key)
    assert (refused.status_code, refused.json["code"]) == (422, "idempotency_mismatch")
    assert "Second use" not in agencies(administrator, southwark)


def test_the_same_key_at_another_address_is_refused(southwark: Borough, administrator: Someone) -> None:
    key = uuid4().hex
    administrator.post(f"{southwark.base}/agencies", {"name": "Here", "kind": "referring"}, key=key)
    other = {"name": "Here", "email": "here@x.example", "roles": ["referrer"]}
    assert administrator.post(f"{southwark.base}/invitations", other, key=key).status_code == 422


def test_a_key_that_was_refused_can_be_used_again(southwark: Borough, administrator: Someone) -> None:
    key = uuid4().hex
    assert administrator.post(f"{southwark.base}/agencies", {"name": "", "kind": "referring"}, key=key).status_code == 422
    assert administrator.post(f"{southwark.base}/agencies", {"name": "Corrected", "kind": "referring"}, key=key).status_code == 201


def test_two_boroughs_may_use_the_same_key(southwark: Borough, administrator: Someone, lambeth: Borough, neighbour: Someone) -> None:
    key = uuid4().hex
    for borough, somebody in ((southwark, administrator), (lambeth, neighbour)):
        assert somebody.post(f"{borough.base}/agencies", {"name": "Same key", "kind": "referring"}, key=key).status_code == 201


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "with blanks in it", "with'quotes;--"])
def test_a_post_without_a_proper_key_is_refused(southwark: Borough, administrator: Someone, key: str) -> None:
    refused = administrator.post(f"{southwark.base}/agencies", {"name": f"No key {key}", "kind": "referring"}, key=key)
    assert (refused.status_code, refused.json["code"]) == (400, "key_needed")
    assert f"No key {key}" not in agencies(administrator, southwark)


def test_the_operators_posts_need_a_key_too(gateway: Gateway) -> None:
    assert gateway.operator.post("/api/v1/operator/boroughs", {}, key="").json["code"] == "key_needed"


def test_a_repeated_invitation_has_the_same_link_which_was_kept_nowhere(southwark: Borough, administrator: Someone) -> None:
    key, body = uuid4().hex, {"name": "Once", "email": "once@x.example", "roles": ["referrer"]}
    first = administrator.post(f"{southwark.base}/invitations", body, key=key).json
    again = administrator.post(f"{southwark.base}/invitations", body, key=key).json
    assert first == again
    assert first["link"].endswith(first["token"])
