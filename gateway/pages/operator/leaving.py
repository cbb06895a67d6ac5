"""A borough on its way out, as operators see it: what is done, what comes next, and the certificate in the end.

An archive is never made or sent by the web: a page would have to hold every service's data in the one process that must not
have it. The page shows the command, and what came of it.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis import clock
from chassis.errors import Conflict, Invalid, NotFound
from chassis.schemas import PageRequest
from gateway.access.guard import operator_only
from gateway.contract.leaving import DEPARTURE_STATES, EraseRequest
from gateway.leaving.models import Departure
from gateway.leaving.repository import Leaving
from gateway.pages.forms import Filled, Form
from gateway.pages.operator.base import part
from gateway.pages.show import onward, page
from gateway.runtime import runtime

FORM: Final = Form(EraseRequest, order=("manifest_checksum", "slug", "slug_again", "by"))


@part.get("/leaving")
@operator_only
def departures() -> Response:
    """List the boroughs that were exported, and those that are gone."""
    wanted = {"after": request.args["after"]} if request.args.get("after") else {}
    faults = PageRequest().validate(wanted)
    if faults:
        raise Invalid(faults=faults)
    found = runtime().leaving.departures.listed(wanted.get("after"), 25)
    return departing({"items": found.items, "next": found.next}, is_first=not wanted)


def departing(found: Mapping[str, Any], *, is_first: bool) -> Response:
    """Return the list page."""
    return page("operator/departures.html", title="Leaving", found=found, states=DEPARTURE_STATES, is_first=is_first)


@part.route("/leaving/<uuid:borough_id>", methods=["GET", "POST"])
@operator_only
def depart(borough_id: UUID) -> Response | AnyResponse:
    """Show how far a borough is on its way out, and have it erased when it was exported."""
    borough, departure = _both(borough_id)
    if request.method == "GET":
        return leaving(borough_id, borough, departure, FORM.blank())
    filled = FORM.sent(request.form)
    values = filled.checked()
    if values is None:
        return leaving(borough_id, borough, departure, filled)
    try:
        runtime().leaving.request_erasure(borough_id, **values)
    except (Invalid, Conflict) as refused:
        filled.refuse(refused)
        return leaving(borough_id, borough, departure, filled)
    return onward("operator.depart", "erasure_begun", borough_id=borough_id)


def _both(borough_id: UUID) -> tuple[Leaving | None, Departure | None]:
    """Return the borough, if it is there, and its departure, if there is one. Raises NotFound where there is neither."""
    departures = runtime().leaving.departures
    borough = departures.borough(borough_id)
    try:
        return borough, departures.get(borough_id)
    except NotFound:
        if borough is None:
            raise
        return borough, None


def leaving(borough_id: UUID, borough: Leaving | None, departure: Departure | None, filled: Filled) -> Response:
    """Return the page of a borough on its way out."""
    known = borough or departure
    return page(
        "operator/leaving.html",
        title=f"{known.name if known else ''} leaves",
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        borough_id=borough_id,
        slug=known.slug if known else "",
        borough=borough,
        departure=departure,
        outdated=_is_outdated(borough, departure),
        filled=filled,
        w=filled.widgets,
    )


def _is_outdated(borough: Leaving | None, departure: Departure | None) -> bool:
    """Tell whether the borough was at work since it was exported."""
    if borough is None or departure is None:
        return False
    return borough.suspended_at is None or departure.exported_at < borough.suspended_at


@part.get("/leaving/<uuid:borough_id>/certificate")
@operator_only
def certificate(borough_id: UUID) -> Response:
    """Show the certificate of a borough's erasure, to be printed and kept."""
    return certified(runtime().leaving.departures.certified(borough_id))


def certified(departure: Departure) -> Response:
    """Return the page of a certificate."""
    document = {"certificate": departure.certificate, "signature": departure.signature, "public_key": runtime().leaving.public_key}
    return page(
        "operator/certificate.html",
        title="Certificate of erasure",
        departure=departure,
        said=departure.certificate,
        totals=totals(departure.certificate or {}),
        document=json.dumps(document, indent=2, ensure_ascii=False),
        on=_on,
    )


def _on(moment: datetime | None) -> str:
    """Return a moment as it is printed: a certificate is read in years to come."""
    return f"{clock.london(moment):%-d %B %Y, %H:%M} in London" if moment else ""


def totals(said: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    """Return each service with the rows that its part of the archive has, and the entries of the audit trail that were erased."""
    rows, trails = said["archive"]["rows"], said["erasure"]["audit_entries_erased"]
    return [(service, sum(of.values()), trails.get(service, {}).get("audit", 0)) for service, of in sorted(rows.items())]
