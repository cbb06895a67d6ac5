"""The document of the API is valid, complete, and made from the contracts."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema_rs import Draft202012Validator
from schemathesis.specs.openapi.definitions import OPENAPI_31

from chassis.auditing import READ_AUDIT, READ_FAMILY_AUDIT
from chassis.keeping import HELD
from gateway import contract as gateway
from gateway.access.roles import ALLOWED_TO_ANYBODY, OPERATOR
from gateway.api.routes import AREAS
from gateway.contract import NOTE_AUDIT_EXPORT, NOTE_FAMILY_AUDIT_EXPORT
from gateway.family_story import TELLERS
from services.assessments import contract as assessments
from services.outreach import contract as outreach
from services.referrals import contract as referrals
from services.sessions import contract as sessions

OPERATIONS = [operation for contract in (gateway, referrals, assessments, sessions, outreach) for operation in contract.OPERATIONS]
TRAILS = {*READ_AUDIT.values(), *READ_FAMILY_AUDIT.values(), NOTE_AUDIT_EXPORT, NOTE_FAMILY_AUDIT_EXPORT}
ELSEWHERE = {*(one for one in OPERATIONS if one.permission == OPERATOR), *TELLERS, *TRAILS, *HELD.values()}
"""Operators' operations have views of their own; the four parts of a story are told as one, and so are the five trails and the five
parts of a pack."""
POSTED_TO_ASK = {referrals.SEARCH_FAMILIES}
"""They change nothing, and are posted since no name is to stand in an address."""


VALIDATOR = Draft202012Validator(OPENAPI_31)


@pytest.fixture
def document(http: FlaskClient) -> dict[str, Any]:
    answer = http.get("/api/openapi.json")
    assert answer.status_code == 200
    found: Any = answer.json
    assert isinstance(found, dict)
    return found


def described(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    methods = {"get", "post", "put", "patch", "delete"}
    return [(path, method, what) for path, item in document["paths"].items() for method, what in item.items() if method in methods]


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"] == "Stay & Play"


def test_it_is_valid(document: dict[str, Any]) -> None:
    faults = [f"{'/'.join(map(str, fault.instance_path))}: {fault.message[:200]}" for fault in VALIDATOR.iter_errors(document)]
    assert faults == []


def test_everything_that_it_points_to_is_there(document: dict[str, Any]) -> None:
    def pointers(part: Any) -> list[str]:
        if isinstance(part, dict):
            here = [part["$ref"]] if "$ref" in part else []
            return here + [pointer for value in part.values() for pointer in pointers(value)]
        return [pointer for value in part for pointer in pointers(value)] if isinstance(part, list) else []

    for pointer in pointers(document):
        found: Any = document
        for name in pointer.removeprefix("#/").split("/"):
            found = found[name]


def test_every_operation_of_every_service_has_an_address() -> None:
    reached = {route.operation for routes in AREAS.values() for route in routes}
    assert {operation.full_name for operation in set(OPERATIONS) - reached - ELSEWHERE} == set()


def test_whatever_changes_something_is_a_post_and_nothing_else_is() -> None:
    for routes in AREAS.values():
        for route in routes:
            assert (route.method == "POST") == (route.operation.changes or route.operation in POSTED_TO_ASK), route.path


def test_what_is_posted_to_ask_changes_nothing() -> None:
    assert {one.full_name for one in POSTED_TO_ASK if one.changes} == set()


def test_every_post_but_signing_in_and_asking_needs_an_idempotency_key(document: dict[str, Any]) -> None:
    without = [
        path
        for path, method, what in described(document)
        if method == "post" and not any(one["name"] == "Idempotency-Key" and one["required"] for one in what["parameters"])
    ]
    begun_or_proved = ("", "/second-factor", "/second-factor/passkey/options", "/second-factor/passkey", "/passkey/options", "/passkey")
    asking = ["/api/v1/{borough}/families/search"]
    assert sorted(without) == sorted([*asking, *(f"/api/v1/session{what}" for what in begun_or_proved)])


def test_every_part_of_every_path_is_described(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        named = {one["name"] for one in item.get("parameters", []) if one["in"] == "path"}
        assert {part.split("}")[0] for part in path.split("{")[1:]} == named, path


def test_every_list_comes_in_pages(document: dict[str, Any]) -> None:
    for path, method, what in described(document):
        schema = what["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
        if "/PageOf" in schema.get("$ref", "") and method == "get":
            assert {"after", "limit"} <= {one["name"] for one in what["parameters"]}, path


def test_every_answer_that_is_an_error_is_a_problem(document: dict[str, Any]) -> None:
    for _, _, what in described(document):
        for status, response in what["responses"].items():
            assert (response.get("$ref") == f"#/components/responses/Refusal{status}") == (int(status) >= 400)
    for name, response in document["components"]["responses"].items():
        assert name.startswith("Refusal")
        assert list(response["content"]) == ["application/problem+json"]


def test_no_operation_leaves_open_what_it_may_answer(document: dict[str, Any]) -> None:
    """Where nothing stands for all else, an answer that is not described is found out."""
    assert [path for path, _, what in described(document) if "default" in what["responses"]] == []


def test_an_operation_has_the_refusals_of_what_it_asks_for(document: dict[str, Any]) -> None:
    for path, method, what in described(document):
        told = {int(status) for status in what["responses"]}
        assert {400, 503} <= told, path
        assert what.get("security") == [] or {401, 403} <= told, path
        assert ("{" in path) == (404 in told), path
        assert ({409, 413, 429} <= told) or method == "get", path
        assert 422 in told or not (what.get("requestBody") or what["parameters"]), path


def test_a_field_says_its_words_and_what_each_code_means(document: dict[str, Any]) -> None:
    asked = document["components"]["schemas"]["ReferralsReferRequest"]["properties"]
    assert asked["why_now"]["title"] == "Why now?"
    assert asked["urgency"]["x-words"]["routine"] == "Routine"


def test_a_pattern_means_to_others_what_it_means_here(document: dict[str, Any]) -> None:
    """JSON Schema's patterns are JavaScript's, to which Python's ends are letters."""
    properties = {name: one["properties"] for name, one in document["components"]["schemas"].items() if "properties" in one}
    email = Draft202012Validator(properties["ReferralsParent"]["email"])
    assert email.is_valid("sam@example.org")
    assert not email.is_valid("sam")
    assert not email.is_valid("sam@example.org and more")
    patterns = [field["pattern"] for one in properties.values() for field in one.values() if "pattern" in field]
    assert len(patterns) > 5
    assert [pattern for pattern in patterns if "\\A" in pattern or "\\Z" in pattern or pattern[0] != "^"] == []


def test_a_visit_asks_for_members_and_for_nothing_that_is_known_of_them(document: dict[str, Any]) -> None:
    asked = document["paths"]["/api/v1/{borough}/assessments/{assessment_id}/visits"]["post"]["requestBody"]
    name = asked["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    properties = document["components"]["schemas"][name]["properties"]
    assert set(properties) == {"starts_at", "minutes", "assessors"}
    assert properties["assessors"]["items"] == {"type": "string", "format": "uuid"}


def test_the_codes_of_a_list_are_those_of_its_items(document: dict[str, Any]) -> None:
    channels = document["components"]["schemas"]["ReferralsSafeContact"]["properties"]["channels"]
    assert channels["items"]["enum"] == list(referrals.CHANNELS)
    assert "enum" not in channels


def test_only_signing_in_invitations_and_what_anybody_may_do_in_a_borough_need_no_token(document: dict[str, Any]) -> None:
    free = {
        (path, method): what.get("x-permission", "")
        for path, method, what in described(document)
        if what.get("security") in ([], [{}, {"session": []}])
    }
    public = {where for where, needed in free.items() if needed in ALLOWED_TO_ANYBODY}
    assert all(path.startswith("/api/v1/{borough}/") for path, _ in public)
    assert free.keys() - public == {
        ("/api/v1/session", "post"), ("/api/v1/session/passkey/options", "post"), ("/api/v1/session/passkey", "post"),
        ("/api/v1/invitations/{token}", "get"), ("/api/v1/invitations/{token}", "post"),
        ("/api/v1/password-resets", "post"), ("/api/v1/password-resets/{token}", "post"),
    }  # fmt: skip
