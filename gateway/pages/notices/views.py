"""Notices for administrators: who opened a restricted record, and what came of it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from gateway.access import current
from gateway.access.guard import needs
from gateway.contract import LIST_NOTICES, LOOK_AT_NOTICE, LookAtNoticeRequest
from gateway.pages.attempt import attempt
from gateway.pages.forms import Filled, Form
from gateway.pages.show import onward, page

part = Blueprint("notices", __name__)


@part.get("/<borough>/notices")
@needs("notices.read")
def index(borough: str) -> Response:
    """List the notices, newest first."""
    return listing(current.call(LIST_NOTICES, after=request.args.get("after"), limit=25))


def listing(found: dict[str, Any], tried: UUID | None = None, refused: Filled | None = None) -> Response:
    """Return the list; ``refused`` is the form of the notice ``tried``, to be put right."""
    forms = {one["id"]: refused if refused and one["id"] == tried else _form(one["id"]).blank() for one in found["items"]}
    return page(
        "notices/index.html",
        title="Notices",
        status=422 if refused else 200,
        has_faults=bool(refused),
        found=found,
        forms=forms,
        refused=refused,
    )


@part.post("/<borough>/notices/<uuid:notice_id>")
@needs("notices.read")
def look_at(borough: str, notice_id: UUID) -> Response | AnyResponse:
    """Keep that an administrator looked at a notice, and what came of it."""
    filled = _form(notice_id).sent(request.form)
    if attempt(filled, LOOK_AT_NOTICE, notice_id=notice_id, version=request.form.get("version", "")):
        return onward("notices.index", "notice_looked_at")
    return listing(current.call(LIST_NOTICES, limit=25), notice_id, filled)


def _form(notice_id: UUID) -> Form:
    return Form(LookAtNoticeRequest, "notice_id", within=f"n{notice_id.hex[-8:]}")
