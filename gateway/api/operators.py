"""What operators do: boroughs come, and practice boroughs go. Never anything of a family."""

from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

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
    page = runtime().operators.boroughs(**arguments(contract.LIST_BOROUGHS.request, {}))
    return answer(wire.answer_to_json(contract.LIST_BOROUGHS, page))


def onboard() -> Response:
    """Onboard a borough. A repeat of the request, or the same description again, finds the borough that it made."""
    key = idempotency_key()
    found = runtime().operators.onboard(key, arguments(contract.OnboardRequest, {}))
    return answer(found, 200 if found["already"] else 201)


def show_borough(borough_id: UUID) -> Response:
    """Return one borough: nothing of any family."""
    return answer(runtime().operators.show(borough_id))


def suspend_borough(borough_id: UUID) -> Response:
    """Let nothing be changed in a borough; everything can still be read."""
    key = idempotency_key()
    return answer(runtime().operators.suspend(key=key, **arguments(contract.SuspendRequest, {"borough_id": borough_id})))


def resume_borough(borough_id: UUID) -> Response:
    """Let the work of a borough go on."""
    key = idempotency_key()
    return answer(runtime().operators.resume(key=key, **arguments(contract.ResumeRequest, {"borough_id": borough_id})))


def relax_sign_on(borough_id: UUID) -> Response:
    """Let people in with their passwords again, where single sign-on is the only way in and its provider is gone."""
    key = idempotency_key()
    return answer(runtime().operators.relax_sign_on(key=key, **arguments(contract.RelaxSignOnRequest, {"borough_id": borough_id})))


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
    "GET",
    "/boroughs/<uuid:borough_id>",
    guard.operator_only(show_borough),
    described("One borough", contract.BoroughInFull, security=_SECURITY),
)
place(
    blueprint,
    "POST",
    "/boroughs/<uuid:borough_id>/sign-on/relax",
    guard.operator_only(relax_sign_on),
    described(
        "Let people sign in with their passwords again",
        contract.SignOn,
        method="POST",
        request=contract.RelaxSignOnRequest,
        within_path=("borough_id",),
        with_key=True,
        security=_SECURITY,
    ),
)
for _path, _view, _summary, _request in (
    ("suspend", suspend_borough, "Suspend a borough: it can be read, and nothing can be changed", contract.SuspendRequest),
    ("resume", resume_borough, "Let the work of a suspended borough go on", contract.ResumeRequest),
):
    place(
        blueprint,
        "POST",
        f"/boroughs/<uuid:borough_id>/{_path}",
        guard.operator_only(_view),
        described(
            _summary, contract.Borough, method="POST", request=_request, within_path=("borough_id",), with_key=True, security=_SECURITY
        ),
    )
place(
    blueprint,
    "DELETE",
    "/boroughs/<uuid:borough_id>",
    guard.operator_only(erase_borough),
    described("Erase a practice borough", None, method="DELETE", status=204, security=_SECURITY),
)
