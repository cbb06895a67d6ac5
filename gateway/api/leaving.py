"""What operators tell of boroughs that leave: archives, erasure, certificates. Never anything of a family."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from chassis.schemas import instance_of
from gateway.access import guard
from gateway.api.document import described, place
from gateway.api.reading import arguments, idempotency_key
from gateway.api.views import answer
from gateway.contract import leaving as contract
from gateway.leaving.models import Departure
from gateway.runtime import runtime

blueprint = Blueprint("leaving", __name__, url_prefix="/api/v1/operator", description="For the operations team")

_SECURITY: list[dict[str, list[str]]] = [{"operator": []}]


def list_departures() -> Response:
    """Return a page of boroughs that were exported, or are erased."""
    page = runtime().leaving.departures.listed(**arguments(contract.LIST_DEPARTURES.request, {}))
    return answer(contract.LIST_DEPARTURES.reply().dump({"items": page.items, "next": page.next}))


def get_departure(borough_id: UUID) -> Response:
    """Return how far a borough is on its way out."""
    return _departure(runtime().leaving.departures.get(borough_id))


def note_archive(borough_id: UUID) -> Response:
    """Keep in the borough's audit trail that an archive of it was made."""
    key = idempotency_key()
    runtime().leaving.note_archive(key, arguments(contract.NoteArchiveRequest, {"borough_id": borough_id}))
    return Response(status=204)


def note_export(borough_id: UUID) -> Response:
    """Keep that an archive was made."""
    idempotency_key()
    return _departure(runtime().leaving.note_export(borough_id, **arguments(contract.ExportMade, {})))


def request_erasure(borough_id: UUID) -> Response:
    """Erase a borough that was exported."""
    idempotency_key()
    return _departure(runtime().leaving.request_erasure(borough_id, **arguments(contract.EraseRequest, {})))


def certify(borough_id: UUID) -> Response:
    """Certify that nothing is left of a borough."""
    idempotency_key()
    return _certified(runtime().leaving.certify(borough_id, **arguments(contract.ErasureDone, {})))


def get_certificate(borough_id: UUID) -> Response:
    """Return the certificate of a borough's erasure."""
    return _certified(runtime().leaving.departures.certified(borough_id))


def _departure(found: Departure) -> Response:
    return answer(instance_of(contract.Departure).dump(found))


def _certified(found: Departure) -> Response:
    certified = {"certificate": found.certificate, "signature": found.signature, "public_key": runtime().leaving.public_key}
    return answer(instance_of(contract.Certified).dump(certified))


def _place(method: str, path: str, view: Any, summary: str, reply: Any, request: Any = None) -> None:
    about = described(summary, reply, method=method, request=request, with_key=method == "POST", security=_SECURITY)
    place(blueprint, method, path, guard.operator_only(view), about)


_place("GET", "/departures", list_departures, "Boroughs on their way out", contract.LIST_DEPARTURES.reply, contract.LIST_DEPARTURES.request)
_place("GET", "/boroughs/<uuid:borough_id>/departure", get_departure, "How far a borough is on its way out", contract.Departure)
place(
    blueprint,
    "POST",
    "/boroughs/<uuid:borough_id>/archives",
    guard.operator_only(note_archive),
    described(
        "Keep in the borough's audit trail that an archive was made",
        None,
        method="POST",
        status=204,
        request=contract.NoteArchiveRequest,
        within_path=("borough_id",),
        with_key=True,
        security=_SECURITY,
    ),
)
_place("POST", "/boroughs/<uuid:borough_id>/export", note_export, "An archive was made", contract.Departure, contract.ExportMade)
_place(
    "POST", "/boroughs/<uuid:borough_id>/erasure", request_erasure, "Erase an exported borough", contract.Departure, contract.EraseRequest
)
_place("POST", "/boroughs/<uuid:borough_id>/certificate", certify, "Nothing is left", contract.Certified, contract.ErasureDone)
_place("GET", "/boroughs/<uuid:borough_id>/certificate", get_certificate, "The certificate of an erasure", contract.Certified)
