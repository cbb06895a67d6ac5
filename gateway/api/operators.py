"""What operators do: boroughs come, and practice boroughs go. Never anything of a family."""

from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from chassis.caller import Caller
from chassis.ids import new_id
from chassis.rpc import wire
from gateway import contract
from gateway.access import guard
from gateway.api.document import described, place
from gateway.api.reading import arguments, idempotency_key
from gateway.api.views import answer
from gateway.runtime import runtime

blueprint = Blueprint("operator", __name__, url_prefix="/api/v1/operator", description="For the operations team")

_SECURITY: list[dict[str, list[str]]] = [{"operator": []}]


def list_boroughs() -> Response:
    """Return a page of boroughs."""
    page = runtime().identity.boroughs(**arguments(contract.LIST_BOROUGHS.request, {}))
    return answer(wire.answer_to_json(contract.LIST_BOROUGHS, page))


def onboard() -> Response:
    """Onboard a borough. A repeat of the request finds the borough that it made."""
    key = idempotency_key()
    values = arguments(contract.OnboardRequest, {})
    borough_id = runtime().identity.borough_id(onboarded_with=key) or new_id()
    caller = Caller.service("gateway", borough_id)
    return answer(runtime().local.answer(contract.ONBOARD, caller, key, values), 201)


def erase_borough(borough_id: UUID) -> Response:
    """Erase a practice borough and everything in it."""
    runtime().erase(borough_id)
    return Response(status=204)


place(
    blueprint,
    "GET",
    "/boroughs",
    guard.operator_only(list_boroughs),
    described("Boroughs by slug", contract.LIST_BOROUGHS.reply, request=contract.LIST_BOROUGHS.request, security=_SECURITY),
)
place(
    blueprint,
    "POST",
    "/boroughs",
    guard.operator_only(onboard),
    described(
        "Onboard a borough",
        contract.Onboarded,
        method="POST",
        status=201,
        request=contract.OnboardRequest,
        with_key=True,
        security=_SECURITY,
    ),
)
place(
    blueprint,
    "DELETE",
    "/boroughs/<uuid:borough_id>",
    guard.operator_only(erase_borough),
    described("Erase a practice borough", None, method="DELETE", status=204, security=_SECURITY),
)
