"""Consent and sharing of one family: what holds, what was taken back, what was decided and why."""

from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis import clock
from chassis.contract import Operation
from chassis.errors import NotFound
from gateway.access import current
from gateway.access.guard import needs
from gateway.pages.attempt import attempt
from gateway.pages.forms import Filled, Form
from gateway.pages.show import onward, page
from services.referrals.contract import GET_FAMILY, MAY_BE_TOLD
from services.referrals.contract import consent as contract

part = Blueprint("sharing", __name__)

GIVE: Final = Form(contract.GiveConsentRequest, "family_id", "referral_id")
LOG: Final = Form(contract.LogSharingRequest, "family_id", "consent_id")
WITHDRAW: Final = Form(contract.WithdrawConsentRequest, "family_id", "consent_id", "version")


@part.get("/<borough>/families/<uuid:family_id>/sharing")
@needs("families.read")
def show(borough: str, family_id: UUID) -> Response:
    """Show what a family agreed to, and what was shared."""
    family, found = current.gather(current.ask(GET_FAMILY, family_id=family_id), current.ask(contract.FAMILY_SHARING, family_id=family_id))
    return page(
        "sharing/page.html",
        title="Consent and sharing",
        tab="Consent and sharing",
        family=family,
        holding=[one for one in found["consents"] if one["holds"]],
        withdrawn=[one for one in found["consents"] if not one["holds"]],
        decisions=found["decisions"],
        purposes=contract.CONSENT_PURPOSES,
        information=contract.SHARED_INFORMATION,
        hows=contract.GIVEN_HOW,
        levels=MAY_BE_TOLD,
        decided=contract.SHARING_DECISIONS,
        bases=contract.SHARING_BASES,
        told=contract.FAMILY_TOLD,
    )


@part.route("/<borough>/families/<uuid:family_id>/consents/add", methods=["GET", "POST"])
@needs("families.change")
def give(borough: str, family_id: UUID) -> Response | AnyResponse:
    """Take down that the family agrees to something."""
    means = "What the family agrees to applies until they withdraw it. They can do so at any time, and need not say why."
    return _taken_down(
        GIVE, contract.GIVE_CONSENT, "Record what the family agrees to", means, "consent_given", family_id, given_on=clock.today()
    )


@part.route("/<borough>/families/<uuid:family_id>/sharing/add", methods=["GET", "POST"])
@needs("families.change")
def log(borough: str, family_id: UUID) -> Response | AnyResponse:
    """Take down that something was shared, or was not."""
    means = "Sharing and not sharing are both decisions, and both need a reason that somebody else understands later."
    return _taken_down(
        LOG, contract.LOG_SHARING, "A decision to share, or not to", means, "sharing_logged", family_id, decided_on=clock.today()
    )


def _taken_down(
    form: Form, operation: Operation, title: str, means: str, done: str, family_id: UUID, **usual: Any
) -> Response | AnyResponse:
    filled = form.sent(request.form) if request.method == "POST" else form.blank(**usual)
    if request.method == "POST" and attempt(filled, operation, family_id=family_id):
        return onward("sharing.show", done, family_id=family_id)
    return asked(filled, family_id, title, means)


def asked(filled: Filled, family_id: UUID, title: str, means: str, consent: dict[str, Any] | None = None) -> Response:
    """Return a page with one form on it; for a family that the person may see."""
    family = current.call(GET_FAMILY, family_id=family_id)
    status = filled.problem.status if filled.problem else 422 if filled.in_error else 200
    return page(
        "sharing/form.html",
        title=title,
        status=status,
        has_faults=filled.in_error,
        filled=filled,
        means=means,
        family=family,
        consent=consent,
        purposes=contract.CONSENT_PURPOSES,
    )


@part.route("/<borough>/families/<uuid:family_id>/consents/<uuid:consent_id>/withdraw", methods=["GET", "POST"])
@needs("families.change")
def withdraw(borough: str, family_id: UUID, consent_id: UUID) -> Response | AnyResponse:
    """Take down that the family takes something back."""
    consent = _consent(family_id, consent_id)
    filled = WITHDRAW.sent(request.form) if request.method == "POST" else WITHDRAW.blank(withdrawn_on=clock.today())
    given: dict[str, Any] = {"family_id": family_id, "consent_id": consent_id, "version": request.form.get("version", "")}
    if request.method == "POST" and attempt(filled, contract.WITHDRAW_CONSENT, **given):
        return onward("sharing.show", "consent_withdrawn", family_id=family_id)
    return asked(
        filled, family_id, "The family withdraws this", "From now on it no longer applies. What was shared before stays shared.", consent
    )


def _consent(family_id: UUID, consent_id: UUID) -> dict[str, Any]:
    """Return one consent of a family. Raises NotFound."""
    found = current.call(contract.FAMILY_SHARING, family_id=family_id)["consents"]
    consent: dict[str, Any] | None = next((one for one in found if one["id"] == consent_id), None)
    if consent is None:
        raise NotFound
    return consent
