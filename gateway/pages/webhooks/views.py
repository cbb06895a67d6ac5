"""The webhook of one system: its address, its secret in the one moment in which it is shown, and every delivery."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import Conflict, StayPlayError
from gateway.access import current
from gateway.access.guard import asks_again, needs
from gateway.contract import GET_SYSTEM
from gateway.contract import webhooks as contract
from gateway.pages.attempt import attempt, send
from gateway.pages.forms import Filled, Form
from gateway.pages.show import onward, page
from services.referrals.contract.codes import TOLD

part = Blueprint("webhooks", __name__)

ADDRESS: Final = Form(contract.SetWebhookRequest, "system_id", "version")


@part.get("/<borough>/systems/<uuid:system_id>/webhook")
@needs("systems.manage")
def show(borough: str, system_id: UUID) -> Response:
    """Show where a system is told, and what it was told."""
    return shown(system_id)


def shown(system_id: UUID, refused: StayPlayError | None = None) -> Response:
    """Return the page of a webhook; ``refused`` is what stood in the way of what was just tried."""
    system, webhook, deliveries = current.gather(
        current.ask(GET_SYSTEM, system_id=system_id),
        current.ask(contract.GET_WEBHOOK, system_id=system_id),
        current.ask(contract.LIST_DELIVERIES, system_id=system_id, after=request.args.get("after"), limit=25),
    )
    return page(
        "webhooks/page.html",
        title=f"Webhook of {system['name']}",
        tab="Webhook",
        status=refused.status if refused else 200,
        has_faults=bool(refused),
        refused=refused,
        system=system,
        webhook=webhook,
        deliveries=deliveries,
        states=contract.WEBHOOK_STATES,
        delivery_states=contract.DELIVERY_STATES,
        outcome_words=contract.outcome_words,
        told=TOLD,
    )


@part.route("/<borough>/systems/<uuid:system_id>/webhook/address", methods=["GET", "POST"])
@asks_again
@needs("systems.manage")
def address(borough: str, system_id: UUID) -> Response:
    """Ask where a system is to be told; show the secret of a new webhook, once."""
    system, webhook = current.gather(current.ask(GET_SYSTEM, system_id=system_id), current.ask(contract.GET_WEBHOOK, system_id=system_id))
    if request.method == "GET":
        return asked(ADDRESS.blank(url=webhook["url"]), system, webhook)
    filled = ADDRESS.sent(request.form)
    given: dict[str, Any] = {
        "system_id": system_id,
        "version": int(version) if (version := request.form.get("version", "")).isdecimal() else None,
    }
    made = attempt(filled, contract.SET_WEBHOOK, **given)
    return secret_page(system, made) if made else asked(filled, system, webhook)


def asked(filled: Filled, system: Mapping[str, Any], webhook: Mapping[str, Any]) -> Response:
    """Return the page that asks for the address."""
    status = filled.problem.status if filled.problem else 422 if filled.in_error else 200
    values: dict[str, Any] = {"filled": filled, "w": filled.widgets, "system": system, "webhook": webhook}
    return page("webhooks/form.html", title="Where should it be told?", status=status, has_faults=filled.in_error, **values)


def secret_page(system: Mapping[str, Any], made: Mapping[str, Any]) -> Response:
    """Return the page that shows a secret; for an address that was changed there is none to show."""
    return page("webhooks/shown.html", title=f"{system['name']} is told from now on", tab="Secret", system=system, made=made)


@part.post("/<borough>/systems/<uuid:system_id>/webhook/rotate")
@asks_again
@needs("systems.manage")
def rotate(borough: str, system_id: UUID) -> Response:
    """Make the next secret, and show it, once."""
    system = current.call(GET_SYSTEM, system_id=system_id)
    version = request.form.get("version", "")
    made = send(contract.ROTATE_WEBHOOK_SECRET, request.form.get("form_key", ""), system_id=system_id, version=version)
    return secret_page(system, made)


@part.post("/<borough>/systems/<uuid:system_id>/webhook/switch")
@needs("systems.manage")
def switch(borough: str, system_id: UUID) -> Response | AnyResponse:
    """Tell the system from now on, or nothing any more."""
    on = request.form.get("on") == "yes"
    values = {"system_id": system_id, "version": request.form.get("version", ""), "on": on}
    return _done(system_id, contract.SWITCH_WEBHOOK, "webhook_on" if on else "webhook_off", values)


@part.post("/<borough>/systems/<uuid:system_id>/webhook/deliveries/<uuid:delivery_id>/retry")
@needs("systems.manage")
def retry(borough: str, system_id: UUID, delivery_id: UUID) -> Response | AnyResponse:
    """Send something again, now."""
    return _done(system_id, contract.RETRY_DELIVERY, "delivery_retried", {"system_id": system_id, "delivery_id": delivery_id})


def _done(system_id: UUID, operation: Any, done: str, values: dict[str, Any]) -> Response | AnyResponse:
    try:
        send(operation, request.form.get("form_key", ""), **values)
    except StayPlayError as refused:
        if refused.status != Conflict.status:
            raise
        return shown(system_id, refused)
    return onward("webhooks.show", done, system_id=system_id)
