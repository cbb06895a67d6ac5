"""The audit trail: search and filter, who looked at a family, files, and the list that a family is given."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from chassis import clock
from chassis.auditing.contract import KINDS, AuditRequest
from chassis.sheets import csv_of
from gateway.access import current
from gateway.access.audit import files, parents, trails
from gateway.access.audit.words import SERVICES, choices
from gateway.access.guard import asks_again, needs, only_reads
from gateway.contract import NOTE_AUDIT_EXPORT, NOTE_FAMILY_AUDIT_EXPORT
from gateway.pages.audit.lines import lines_of
from gateway.pages.forms import Filled, Form
from gateway.pages.show import page
from services.referrals.contract import GET_FAMILY

part = Blueprint("audit", __name__)

AT_ONCE = 50
"""Entries on a page; what one request did is one line, so there are fewer lines."""
ORDER = ("since", "until", "kind", "operation", "reason")


@part.route("/<borough>/audit", methods=["GET", "POST"])
@only_reads
@needs("audit.read")
def index(borough: str) -> Response:
    """Search the borough's trail. Words are posted: what somebody types may name a family, and is not to stand in an address."""
    filled = form().sent(request.form if request.method == "POST" else request.args)
    asked = filled.checked()
    trail = trails.borough_trail(**{**asked, "limit": AT_ONCE}) if asked else trails.Trail([], None, [])
    return page(
        "audit/index.html",
        title="Audit",
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        filled=filled,
        w=filled.widgets,
        lines=lines_of(trail.items),
        trail=trail,
        narrowed=_narrowed(filled),
        kept=[(name, text) for name, text in filled.kept() if name != "after"],
        is_first=not (asked or {}).get("after"),
        silent=[SERVICES[service] for service in trail.silent],
    )


def form() -> Form:
    """Return the form that narrows the trail down."""
    labels = {"since": "From", "until": "To", "kind": "Looked at or changed"}
    return Form(
        AuditRequest, "limit", choices={"operation": choices()}, labels=labels, order=("since", "until", "kind", "operation", "reason")
    )


@part.post("/<borough>/audit/export")
@asks_again
@only_reads
@needs("audit.read")
def export(borough: str) -> Response:
    """Hand the entries over in a file, which is noted in the trail."""
    filled = form().sent(request.form)
    asked = filled.checked()
    if asked is None:
        return index(borough)
    narrowed = {name: value for name, value in asked.items() if name not in {"after", "limit"}}
    pages = list(trails.whole(trails.borough_trail, trails.MOST, **narrowed))
    entries = _every(pages)
    current.call(NOTE_AUDIT_EXPORT, count=len(entries), **narrowed)
    left_out = [files.LEFT_OUT] if pages[-1].next else []
    return _file("audit", csv_of(files.HEADINGS, [*map(files.row_of, entries), *left_out]))


@part.get("/<borough>/families/<uuid:family_id>/readers")
@needs("audit.read_family")
def family(borough: str, family_id: UUID) -> Response:
    """Show who looked at a family's record, or changed it."""
    kind = request.args.get("kind", "")
    found = current.call(GET_FAMILY, family_id=family_id)
    asked = {"kind": kind if kind in KINDS else None, "after": request.args.get("after"), "limit": AT_ONCE}
    trail = trails.family_trail(family_id, **asked)
    return page(
        "audit/family.html",
        title="Who looked at this record",
        tab="Who looked at a record",
        family=found,
        kinds={code: words for code, words in KINDS.items() if code != "security"},
        kind=kind,
        lines=lines_of(trail.items),
        trail=trail,
        is_first=not request.args.get("after"),
        silent=[SERVICES[service] for service in trail.silent],
    )


@part.get("/<borough>/families/<uuid:family_id>/readers/list")
@needs("audit.read_family")
def given(borough: str, family_id: UUID) -> Response:
    """Show the list that the family is given, to be printed."""
    programme = current.borough().programme_name
    lines = _lines(family_id, programme)
    return page("audit/given.html", title="Who has looked at your record", lines=lines, programme=programme, family_id=family_id)


@part.post("/<borough>/families/<uuid:family_id>/readers/list.csv")
@asks_again
@only_reads
@needs("audit.read_family")
def given_file(borough: str, family_id: UUID) -> Response:
    """Hand over the list that the family is given, in a file."""
    lines = _lines(family_id, current.borough().programme_name)
    return _file("who-looked-at-your-record", csv_of(parents.HEADINGS, parents.rows_of(lines)))


def _lines(family_id: UUID, programme: str) -> list[parents.Line]:
    """Return the family's list, and note that it was handed over."""
    lines = parents.lines_of(_every(trails.whole(trails.family_trail, family_id=family_id)), programme)
    current.call(NOTE_FAMILY_AUDIT_EXPORT, family_id=family_id, count=len(lines))
    return lines


def _every(pages: Iterable[trails.Trail]) -> list[dict[str, Any]]:
    """Return all entries; raises Unavailable where a service did not answer: a list that is handed over is whole."""
    entries: list[dict[str, Any]] = []
    for one in pages:
        trails.require_all(one)
        entries += one.items
    return entries


def _file(name: str, text: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}-{clock.today():%Y-%m-%d}.csv"', "Cache-Control": "no-store"}
    return Response(text, content_type="text/csv; charset=utf-8", headers=headers)


def _narrowed(filled: Filled) -> list[tuple[str, str]]:
    """Return what was chosen by a link rather than typed: whom or what the list is about."""
    names = {"person_id": "One person", "family_id": "One family", "subject_id": "One thing"}
    return [(words, filled.posted[name][-8:]) for name, words in names.items() if filled.posted.get(name)]
