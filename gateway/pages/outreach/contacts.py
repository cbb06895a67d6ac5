"""Writing down a contact, on a case or on a family without one."""

from typing import Any
from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from gateway.access import current
from gateway.access.guard import needs
from gateway.pages.attempt import attempt
from gateway.pages.forms import Filled
from gateway.pages.outreach.forms import contact_form
from gateway.pages.show import onward, page
from services.outreach.contract import CHANNELS, GET_CASE, LIST_CASES, LOG_CONTACT
from services.referrals.contract import GET_FAMILY


@needs("outreach.work")
def for_case(borough: str, case_id: UUID) -> Response | AnyResponse:
    """Keep a contact on a case."""
    from gateway.pages.outreach.views import detail  # the page of the case shows the form again

    case = current.call(GET_CASE, case_id=case_id)
    filled = contact_form(case["safe_contact"]).sent(request.form)
    if attempt(filled, LOG_CONTACT, case_id=case_id, family_id=case["family_id"]):
        return onward("outreach.show", "contact_logged", case_id=case_id)
    return detail(case, filled, "contact")


@needs("outreach.work")
def for_family(borough: str, family_id: UUID) -> Response | AnyResponse:
    """Ask for a contact with a family, and keep it on its open case where there is one."""
    family, cases = current.gather(
        current.ask(GET_FAMILY, family_id=family_id), current.ask(LIST_CASES, family_id=family_id, status="open")
    )
    form = contact_form(family["safe_contact"])
    if request.method == "GET":
        return asked(family, form.blank(direction="out"))
    filled = form.sent(request.form)
    case_id = cases["items"][0]["id"] if cases["items"] else None
    if attempt(filled, LOG_CONTACT, family_id=family_id, case_id=case_id):
        return onward("family.show", "contact_logged", family_id=family_id)
    return asked(family, filled)


def asked(family: dict[str, Any], filled: Filled) -> Response:
    """Return the page that asks for a contact, with what is safe first."""
    return page(
        "outreach/contact.html",
        title="Log a contact",
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        family=family,
        filled=filled,
        w=filled.widgets,
        channels=CHANNELS,
    )
