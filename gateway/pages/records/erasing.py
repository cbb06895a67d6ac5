"""Erasing a family or a person: the form, how far it is, and the certificate."""

from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from gateway.access import current
from gateway.access.guard import asks_again, needs
from gateway.pages.attempt import attempt
from gateway.pages.forms import Form
from gateway.pages.records.blueprint import Step, asked, part
from gateway.pages.show import here, onward, page
from services.referrals.contract.records import controls, erasure, requests

PARTS = {
    "referrals": "Referrals and the family's record",
    "assessments": "Joint assessments",
    "sessions": "Groups and registers",
    "outreach": "Outreach",
    "gateway": "Emails and notices",
}
_MEANS = (
    "It can't be undone. It begins once every part of the platform is ready, and a legal hold stops it. Closed registers keep that a "
    "family came, and not who. The audit trail keeps who did what and when, and loses what was written."
)


@part.route("/<borough>/families/<uuid:family_id>/records/erase", methods=["GET", "POST"])
@asks_again
@needs("records.manage")
def erase(borough: str, family_id: UUID) -> Response | AnyResponse:
    """Ask whom and why, and erase."""
    found = current.call(controls.FAMILY_RECORDS, family_id=family_id)
    whom = {"": "The whole family", **{str(one["person_id"]): f"Only {one['name']}" for one in found["people"]}}
    open_requests = {str(one["id"]): f"{requests.KINDS[one['kind']]}, {one['received_on']:%-d %B %Y}" for one in found["requests"]}
    choices = {"person_id": whom, "request_id": {"": "None", **open_requests}}
    labels = {"person_id": "Who is erased?", "request_id": "Which request was this?"}
    form = Form(erasure.Erase, "family_id", choices=choices, labels=labels)
    step = Step("Erase", _MEANS, "Erase for good", (here("records.family", family_id=family_id), "Records of the family"), grave=True)
    if request.method == "GET":
        return asked(step, form.blank())
    filled = form.sent(request.form)
    begun = attempt(filled, erasure.ERASE, family_id=family_id)
    return onward("records.erasure_progress", "erasure_asked", erasure_id=begun["id"]) if begun else asked(step, filled)


@part.get("/<borough>/records/erasures/<uuid:erasure_id>")
@needs("records.manage")
def erasure_progress(borough: str, erasure_id: UUID) -> Response:
    """Show how far an erasure is; once it is done, the certificate."""
    found = current.call(erasure.GET_ERASURE, erasure_id=erasure_id)
    response = page(
        "records/erasure.html", title="Certificate of erasure" if found["state"] == "done" else "An erasure", tab="An erasure", one=found,
        parts=PARTS, states=erasure.ERASURE_STATES, service_states=erasure.SERVICE_STATES, because=erasure.ERASED_BECAUSE,
    )  # fmt: skip
    if found["state"] in {"asked", "erasing"}:
        response.headers["Refresh"] = "3"
    return response


@part.get("/<borough>/records/erasures")
@needs("records.manage")
def erasures(borough: str) -> Response:
    """List erasures, newest first."""
    found = current.call(erasure.LIST_ERASURES, after=request.args.get("after"), limit=25)
    return page("records/erasures.html", title="Erasures", found=found, states=erasure.ERASURE_STATES)
