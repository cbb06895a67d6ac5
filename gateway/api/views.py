"""Views made from the table of routes: who may, what came, one call, its answer as it comes."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields

from chassis import clock
from chassis.rpc import wire
from chassis.schemas import Contract, choice, identifier, moment, text
from gateway.access import current
from gateway.access.calls import Question
from gateway.api.reading import arguments, idempotency_key
from gateway.api.routes import Route
from gateway.family_story import TELLERS, family_story
from gateway.runtime import runtime

View = Callable[..., Response]


class StoryEntry(Contract):
    """One thing that happened to a family."""

    service = choice("Told by", {teller.service: teller.service for teller in TELLERS})
    id = identifier()
    occurred_at = moment("When")
    kind = text("What")
    facts = fields.Dict(keys=fields.String(), required=True)


class WholeStory(Contract):
    """A family's story, newest first.

    ``silent`` names the services that did not answer; ``opening`` those that have yet to hear that you broke the glass: ask again.
    """

    entries = fields.List(fields.Nested(StoryEntry), required=True)
    silent = fields.List(fields.String(), required=True)
    opening = fields.List(fields.String(), required=True)


def answer(document: Any, status: int = 200) -> Response:
    """Return JSON-ready ``document`` as an answer."""
    return _answer(wire.encoded(document), status)


def _answer(body: bytes, status: int) -> Response:
    return Response(body, status, content_type="application/json")


def view_of(route: Route) -> View:
    """Return the view of one row of the table."""

    def view(borough: str, **path: UUID) -> Response:
        del borough
        asker = current.asker()
        key = idempotency_key() if route.operation.changes else None
        with clock.acting_at(asker.caller.at):
            values = route.completed(arguments(route.asked, path))
            return _answer(runtime().calls.call_body(asker, Question(route.operation, values), key), route.status)

    return view


def story(borough: str, family_id: UUID) -> Response:
    """Return a family's whole story."""
    del borough
    return answer(WholeStory().dump(family_story(family_id)))
