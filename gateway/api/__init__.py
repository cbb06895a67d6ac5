"""The JSON API: every operation of every service at an address of its own, described in OpenAPI."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app
from flask_smorest import Api, Blueprint

from gateway.access import guard
from gateway.access.roles import ALLOWED_TO_ANYBODY
from gateway.api import account, factors, leaving, operators, refusals, sessions
from gateway.api.audit import add_trails
from gateway.api.document import described, place, plugin, teach_words
from gateway.api.routes import AREAS, Route
from gateway.api.seen import Document, seen
from gateway.api.views import View, WholeStory, answer, story, view_of
from services.referrals.contract import FAMILY_STORY

OPENAPI_ENDPOINT = "api-docs.openapi_json"
DOCUMENT = "stayplay.document"
_VARIABLE = re.compile(r"<(?:uuid|int):(\w+)>")
_ABOUT = (
    "Sign in with POST /api/v1/session and send the token as `Authorization: Bearer`. Every POST that changes something needs a new "
    "Idempotency-Key. Lists come in pages: send `next` as `after` for the page that follows. Errors are problem+json; "
    "a thing of another borough is not found exactly as an unknown one."
)


def register(app: Flask) -> None:
    """Add the API and its document to the application."""
    app.config.update(API_TITLE="Stay & Play", API_VERSION="1", OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX="/api")
    api = Api(app, spec_kwargs=_spec())
    api.DEFAULT_ERROR_RESPONSE_NAME = None  # each operation says which refusals it has, and nothing of any other
    teach_words(api.ma_plugin.converter)
    refusals.add_to(api.spec)
    for name, scheme in _SCHEMES.items():
        api.spec.components.security_scheme(name, scheme)
    for blueprint in (sessions.blueprint, account.blueprint, factors.blueprint, operators.blueprint, leaving.blueprint, *_areas()):
        api.register_blueprint(blueprint)
    app.view_functions[OPENAPI_ENDPOINT] = guard.open_to_all(lambda: answer(api.spec.to_dict()))
    app.extensions[DOCUMENT] = api.spec


_SCHEMES = {
    "session": {"type": "http", "scheme": "bearer", "description": "The token that signing in returned"},
    "system": {"type": "http", "scheme": "bearer", "description": "The token of a system, `stay_...`; an operation names the scope"},
    "operator": {"type": "http", "scheme": "bearer", "description": "The operator's token of this installation"},
}


def _spec() -> dict[str, Any]:
    return {"marshmallow_plugin": plugin(), "info": {"description": _ABOUT}, "security": [{"session": []}]}


def _areas() -> list[Blueprint]:
    """Return a blueprint for each area of the table of routes."""
    made = []
    for area, routes in AREAS.items():
        blueprint = Blueprint(area.lower().replace(" ", "_"), __name__, url_prefix="/api/v1/<borough>", description=area)
        for route in routes:
            _add(blueprint, route)
        made.append(blueprint)
    _add_story(made[1])
    add_trails(made[0])
    _add_own_document(made[0])
    return made


def _add(blueprint: Blueprint, route: Route) -> None:
    operation = route.operation
    description = described(
        route.summary,
        operation.reply,
        method=route.method,
        status=route.status,
        request=route.asked,
        within_path=tuple(_VARIABLE.findall(route.path)),
        with_key=operation.changes,
        permission=operation.permission,
    )
    view = mark_of(operation.permission)(view_of(route))
    if route.method == "POST" and not operation.changes:
        view = guard.only_reads(view)
    if route.asks_again:
        view = guard.asks_again(view)
    place(blueprint, route.method, route.path, view, description, f"{operation.service}_{operation.name}")


def mark_of(permission: str) -> Callable[[View], View]:
    """Return the mark of the views that need ``permission``: some is anybody's."""
    return guard.public_of_borough if permission in ALLOWED_TO_ANYBODY else guard.needs(permission)


def _add_story(blueprint: Blueprint) -> None:
    """Add the one address that several services answer together."""
    view = guard.needs(FAMILY_STORY.permission)(story)
    place(
        blueprint,
        "GET",
        "/families/<uuid:family_id>/story",
        view,
        described("A family's story, newest first", WholeStory, permission=FAMILY_STORY.permission),
    )


def own_document(borough: str) -> Response:
    """Return the document, with only what whoever asks may do in the borough and in their own account."""
    del borough
    return answer(seen(current_app.extensions[DOCUMENT].to_dict()))


def _add_own_document(blueprint: Blueprint) -> None:
    ways: list[dict[str, list[str]]] = [{"session": []}, {"system": []}]
    description = described("This document, with only what you may do", Document, security=ways)
    place(blueprint, "GET", "/openapi.json", guard.whoever_belongs(own_document), description)
