"""Every address says who may use it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.access import guard
from gateway.access.roles import ALLOWED_TO_ANYBODY, ROLES, permissions_of
from gateway.access.scopes import OF_EVERY_SYSTEM
from gateway.api.routes import AREAS, Route
from tests.support.gateway import application

OPEN_TO_ALL = {
    "static", "api-docs.openapi_json", "session.sign_in", "session.see_invitation", "session.accept_invitation",
    "session.ask_reset", "session.reset_password",
    "pages.operator.sign_in", "pages.operator.leave",
    "pages.sign_in.front", "pages.sign_in.form", "pages.sign_in.enter", "pages.sign_in.leave",
    "pages.invitation.show", "pages.invitation.join", "pages.password.ask", "pages.password.sent", "pages.password.choose",
    "factors.ask_to_sign_in", "factors.sign_in", "pages.factors.ask_to_sign_in", "pages.factors.sign_in",
    "pages.branding.about", "pages.branding.picture", "pages.join.hide", "pages.join.leave",
    "pages.sign_on.index", "pages.sign_on.begin", "pages.sign_on.finish", "pages.sign_on.join",
    "pages.sign_on.back_channel",  # a provider's server comes without a session or a form of ours: its signature is what counts
}  # fmt: skip
"""Nothing of anybody is behind these. Whoever adds one explains it in a review."""


def test_every_address_says_who_may_use_it(app: Flask) -> None:
    assert [name for name, need in guard.needs_by_endpoint(app).items() if need is None] == []


def test_only_these_are_open_to_all(app: Flask) -> None:
    assert {name for name, need in guard.needs_by_endpoint(app).items() if need == guard.EVERYBODY} == OPEN_TO_ALL


def test_a_permission_that_an_address_needs_is_one_that_somebody_can_have(app: Flask) -> None:
    special = {guard.EVERYBODY, guard.SIGNED_IN, guard.HALF_SIGNED_IN, guard.OPERATORS, guard.BELONGING, guard.PUBLIC}
    needed = {need for need in guard.needs_by_endpoint(app).values() if need} - special
    assert needed - permissions_of(ROLES) == OF_EVERY_SYSTEM.keys()


def test_an_address_of_a_borough_is_for_its_members(app: Flask) -> None:
    of_boroughs = {rule.endpoint for rule in app.url_map.iter_rules() if "borough" in rule.arguments}
    needs = guard.needs_by_endpoint(app)
    strangers = {guard.EVERYBODY, guard.SIGNED_IN, guard.HALF_SIGNED_IN, guard.OPERATORS}
    assert {name for name in of_boroughs if needs[name] in strangers} == {
        "pages.branding.about", "pages.branding.picture", "pages.join.hide", "pages.join.leave",
    }, "its public pages, which say what the borough says of itself"  # fmt: skip


@pytest.mark.parametrize(
    "route", [route for routes in AREAS.values() for route in routes], ids=lambda route: f"{route.method} {route.path}"
)
def test_an_address_of_the_api_needs_the_permission_of_its_operation(app: Flask, route: Route) -> None:
    view = re.compile(rf"\w+\.{route.operation.service}_{route.operation.name}(_\d+)?")
    needed = {need for name, need in guard.needs_by_endpoint(app).items() if view.fullmatch(name)}
    wanted = guard.PUBLIC if route.operation.permission in ALLOWED_TO_ANYBODY else route.operation.permission
    assert needed == {wanted}


def test_an_application_is_refused_whose_address_says_nothing() -> None:
    app = Flask("careless")
    app.add_url_rule("/secrets", "secrets", lambda: "everything")
    with pytest.raises(LookupError, match="secrets"):
        guard.install(app)


def test_a_stranger_is_told_to_sign_in_whatever_they_ask_for(app: Flask, http: FlaskClient) -> None:
    needs = guard.needs_by_endpoint(app)
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN_TO_ALL or needs[rule.endpoint] == guard.PUBLIC or not rule.rule.startswith("/api/"):
            continue
        path = rule.rule.replace("<borough>", "southwark")
        for part in rule.arguments - {"borough"}:
            path = path.replace(f"<uuid:{part}>", "01890000-0000-7000-8000-000000000000").replace(f"<int:{part}>", "1")
        method = min((rule.methods or set()) - {"HEAD", "OPTIONS"})
        assert http.open(path, method=method).status_code == 401, path


@pytest.mark.parametrize("token", ["", "x" * 40, "Ünïcode"])
def test_the_operators_addresses_take_no_other_token(http: FlaskClient, token: str) -> None:
    answer = http.get("/api/v1/operator/boroughs", headers={"Authorization": f"Bearer {token}".encode().decode("latin-1")})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_cookie_is_no_key_to_the_api() -> None:
    http = application().test_client()
    http.set_cookie("stayplay", "anything")
    assert http.get("/api/v1/southwark/me").status_code == 401
