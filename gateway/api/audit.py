"""The audit trail by the API: the five services' trails as one list, and who looked at one family."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import fields

from chassis import clock
from chassis.auditing.contract import READ, READ_FAMILY, AuditEntry, AuditRequest, FamilyAuditRequest
from chassis.schemas import Contract, text
from gateway.access import current, guard
from gateway.access.audit import trails
from gateway.access.audit.words import words_of
from gateway.api.document import described, place
from gateway.api.reading import arguments
from gateway.api.views import answer


class TrailEntry(AuditEntry):
    """An entry, with what was done in words."""

    words = text("What was done, in words")


class WholeTrail(Contract):
    """A page of the audit trail, newest first; ``silent`` names the services that did not answer."""

    items = fields.List(fields.Nested(TrailEntry), required=True)
    next = fields.String(allow_none=True, required=True)
    silent = fields.List(fields.String(), required=True)


def trail(borough: str) -> Response:
    """Return a page of the borough's trail."""
    del borough
    with clock.acting_at(current.asker().caller.at):
        return _answer(trails.borough_trail(**arguments(AuditRequest, {})))


def family_trail(borough: str, family_id: UUID) -> Response:
    """Return a page of who looked at or changed one family."""
    del borough
    with clock.acting_at(current.asker().caller.at):
        return _answer(trails.family_trail(**arguments(FamilyAuditRequest, {"family_id": family_id})))


def add_trails(blueprint: Blueprint) -> None:
    """Add both addresses."""
    for path, view, permission, request, summary, within in (
        ("/audit", trail, READ, AuditRequest, "Who read or changed what, newest first", ()),
        ("/families/<uuid:family_id>/audit", family_trail, READ_FAMILY, FamilyAuditRequest, "Who looked at a family", ("family_id",)),
    ):
        description = described(summary, WholeTrail, request=request, within_path=within, permission=permission)
        place(blueprint, "GET", path, guard.needs(permission)(view), description)


def _answer(found: trails.Trail) -> Response:
    items: list[dict[str, Any]] = [{**entry, "words": words_of(entry["operation"])} for entry in found.items]
    return answer(WholeTrail().dump({"items": items, "next": found.next, "silent": found.silent}))
