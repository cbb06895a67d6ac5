"""Referring a family: the form, the answers to check, and what happens next."""

from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis import clock
from gateway.access import current
from gateway.access.guard import needs
from gateway.contract import GET_BOROUGH
from gateway.pages.answers import sections
from gateway.pages.attempt import attempt
from gateway.pages.forms import Filled, Form
from gateway.pages.show import onward, page
from services.referrals.contract import REFER, ReferRequest

LABELS = {"address-line": "Street and town"}
ORDER = (
    "family_agrees", "children", "parents", "safe_contact", "address", "language", "interpreter", "why_now", "concern", "secondary_care",
    "risks_to_visitors", "urgency", "referrer", "referred_on",
)  # fmt: skip


@needs("referrals.refer")
def form(borough: str) -> Response | AnyResponse:
    """Ask for a referral; show the answers to be checked; send them."""
    if request.method == "GET":
        opened = current.call(GET_BOROUGH)["opened_at"] is not None
        return asked(Form(ReferRequest, labels=LABELS, order=ORDER).blank(**_known()), opened=opened)
    filled = Form(ReferRequest, labels=LABELS, order=ORDER).sent(request.form)
    if filled.resized() or request.form.get("step") == "change":
        return asked(filled)
    if request.form.get("step") != "send":
        return checked(filled) if filled.checked() is not None else asked(filled)
    referral = attempt(filled, REFER)
    if referral is None:
        return asked(filled)
    return onward("referrals.sent", referral=referral["id"])


def _known() -> dict[str, Any]:
    person, member = current.visitor(), current.member()
    referrer = {"name": person.person_name, "service": member.agency_name or None, "email": person.email}
    return {"referrer": referrer, "referred_on": clock.today(), "urgency": "routine"}


def asked(filled: Filled, *, opened: bool = True) -> Response:
    """Return the form page, with what is wrong where something is, and a word of warning while the borough is not open."""
    return page(
        "referrals/form.html",
        title="Refer a family",
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        filled=filled,
        w=filled.widgets,
        opened=opened,
    )


def checked(filled: Filled) -> Response:
    """Return the page on which the answers are checked before they are sent."""
    return page("referrals/check.html", title="Check the referral", filled=filled, sections=sections(filled))


@needs("referrals.refer")
def sent(borough: str) -> Response:
    """Say that a referral arrived, and what happens next."""
    return page("referrals/sent.html", title="Thank you. The referral has arrived", referral_id=request.args.get("referral", ""))
