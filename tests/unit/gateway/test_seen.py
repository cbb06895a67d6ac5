"""The part of the API's document that somebody may use."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from jsonschema_rs import Draft202012Validator
from schemathesis.specs.openapi.definitions import OPENAPI_31

from gateway.access.scopes import SCOPES
from gateway.access.visitor import Borough, System
from gateway.api import DOCUMENT
from gateway.api.document import METHODS, PERMISSION
from gateway.api.seen import part_of, seen
from gateway.contract.systems import LIFE_DAYS
from gateway.people.systems.models import LONGEST_LIFE
from tests.support.pages import visitor

VALIDATOR = Draft202012Validator(OPENAPI_31)
Json = dict[str, Any]


@pytest.fixture
def whole(app: Flask) -> Json:
    found: Json = app.extensions[DOCUMENT].to_dict()
    return found


def seen_by(app: Flask, who: Any) -> Json:
    with app.test_request_context("/api/v1/southwark/openapi.json"):
        g.who_asks = who
        return seen(app.extensions[DOCUMENT].to_dict())


def system(*scopes: str) -> System:
    of = visitor().borough
    assert isinstance(of, Borough)
    return System(of.id, of.id, "Website", scopes, of)


def operations(document: Json) -> dict[str, Json]:
    return {f"{method.upper()} {path}": item[method] for path, item in document["paths"].items() for method in METHODS & item.keys()}


def addresses(document: Json) -> set[str]:
    return {name.replace("/api/v1/{borough}", "") for name in operations(document)}


def pointers(part: Any) -> list[str]:
    if isinstance(part, dict):
        here = [part["$ref"]] if "$ref" in part else []
        return here + [pointer for value in part.values() for pointer in pointers(value)]
    return [pointer for value in part for pointer in pointers(value)] if isinstance(part, list) else []


OF_EACH = {"GET /system", "GET /openapi.json"}
OPENED = {
    "referrals.refer": {"POST /referrals"},
    "referrals.read_own": {"GET /referrals/mine", "GET /referrals/mine/{referral_id}"},
    "groups.read": {"GET /venues", "GET /groups", "GET /groups/{group_id}", "GET /sessions"},
    "boroughs.read": {"GET /borough", "GET /branding", "GET /agencies", "GET /policy", "GET /policy/versions"},
}
"""What each scope opens: whoever gives an operation a permission of these opens it to other systems, and says so here."""


def test_the_list_of_what_scopes_open_is_whole() -> None:
    assert OPENED.keys() == SCOPES.keys()


@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_a_system_sees_what_its_scope_opens_and_nothing_else(app: Flask, scope: str) -> None:
    assert addresses(seen_by(app, system(scope))) == OPENED[scope] | OF_EACH


def test_a_system_with_every_scope_sees_what_all_of_them_open(app: Flask) -> None:
    assert addresses(seen_by(app, system(*SCOPES))) == set.union(OF_EACH, *OPENED.values())


@pytest.mark.parametrize("scope", ["families.read", "platform.operate", "*"])
def test_a_scope_that_is_not_published_shows_nothing(app: Flask, scope: str) -> None:
    assert addresses(seen_by(app, system(scope))) == OF_EACH


def test_a_system_reads_of_no_other_way_to_show_who_one_is(app: Flask) -> None:
    document = seen_by(app, system("groups.read"))
    assert document["components"]["securitySchemes"].keys() == {"system"}
    assert document["security"] == [{"system": []}]
    for operation in operations(document).values():
        assert operation["security"] in ([{"system": []}], [{"system": ["groups.read"]}])


@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_what_a_system_sees_is_a_whole_document_and_names_no_schema_of_anything_else(app: Flask, scope: str) -> None:
    document = seen_by(app, system(scope))
    assert list(VALIDATOR.iter_errors(document)) == []
    for pointer in pointers(document):
        found: Any = document
        for name in pointer.removeprefix("#/").split("/"):
            found = found[name]
    pointed = {pointer.rsplit("/", 1)[1] for pointer in pointers(document) if "/schemas/" in pointer}
    assert document["components"]["schemas"].keys() == pointed


def test_a_system_that_sees_groups_reads_nothing_of_assessments_outreach_or_families(app: Flask) -> None:
    text = str(seen_by(app, system("groups.read")))
    for word in ("Assessment", "Outreach", "RegisterLine", "Parent", "concern", "/operator/", "/account", "password"):
        assert word not in text, word


@pytest.mark.parametrize(
    ("role", "sees", "not_seen"),
    [
        ("administrator", "POST /systems", "GET /families"), ("facilitator", "GET /families", "POST /systems"),
        ("referrer", "GET /referrals/mine", "GET /referrals"), ("commissioner", "GET /borough", "GET /referrals/mine"),
    ],
)  # fmt: skip
def test_a_member_sees_what_the_role_opens(app: Flask, role: str, sees: str, not_seen: str) -> None:
    found = addresses(seen_by(app, visitor(role)))
    assert sees in found
    assert not_seen not in found
    assert "GET /api/v1/account" in found
    assert not {name for name in found if "/operator/" in name}
    assert "GET /system" not in found, "that is for systems"


def test_showing_a_part_changes_nothing_of_the_whole(app: Flask, whole: Json) -> None:
    before = str(whole)
    part = part_of(whole, lambda operation: operation.get(PERMISSION) == "groups.read", schemes={"system"})
    assert len(operations(part)) < len(operations(whole))
    assert str(whole) == before
    assert str(app.extensions[DOCUMENT].to_dict()) == before


def test_every_operation_of_a_borough_says_what_it_needs(whole: Json) -> None:
    silent = {
        name
        for name, operation in operations(whole).items()
        if "/{borough}/" in name and PERMISSION not in operation and not name.endswith("/openapi.json")
    }
    assert silent == set()


def test_an_operation_is_open_to_systems_just_where_its_permission_is_a_scope(whole: Json) -> None:
    for name, operation in operations(whole).items():
        scopes = [scope for way in operation.get("security", []) for scope in way.get("system", [])]
        needed = operation.get(PERMISSION)
        assert scopes == ([needed] if needed in SCOPES else []), name


def test_the_guide_for_integrators_says_just_what_each_scope_allows_and_opens() -> None:
    guide = Path("docs/api.md").read_text(encoding="utf-8")
    lines = [line for line in guide.splitlines() if line.startswith(tuple(f"| `{scope}`" for scope in SCOPES))]
    assert lines == [
        f"| `{scope}` | {words} | {', '.join(f'`{one}`' for one in sorted(OPENED[scope]))} |" for scope, words in SCOPES.items()
    ]
    assert all(f"`{one}`" in guide for one in OF_EACH)


def test_the_guide_s_figures_are_the_contract_s() -> None:
    guide = Path("docs/api.md").read_text(encoding="utf-8")
    assert f"works for at most {LIFE_DAYS} days" in guide
    assert timedelta(days=LIFE_DAYS) == LONGEST_LIFE
    for code in ("not_signed_in", "scope_missing", "borough_suspended", "too_many_attempts"):
        assert f"`{code}`" in guide
