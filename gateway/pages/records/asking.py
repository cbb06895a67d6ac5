"""What people ask about their data: the list, a request, and its forms."""

from typing import Any
from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis import clock
from gateway.access import current
from gateway.access.calls import Question
from gateway.access.guard import needs
from gateway.pages.attempt import attempt
from gateway.pages.forms import Form
from gateway.pages.records.blueprint import Step, asked, part
from gateway.pages.show import here, onward, page
from services.referrals.contract.records import controls, erasure, requests, retention

STATES = ("open", "closed")


@part.get("/<borough>/records")
@needs("records.manage")
def index(borough: str) -> Response:
    """List the requests, what is due and what was erased last."""
    state = request.args.get("state", "open")
    wanted = state if state in STATES else "open"
    listed, summary, due, erased = current.gather(
        Question(requests.LIST_REQUESTS, {"status": wanted, "after": request.args.get("after"), "limit": 25}),
        Question(requests.RECORDS_SUMMARY, {}),
        Question(retention.DUE_RECORDS, {"limit": 1}),
        Question(erasure.LIST_ERASURES, {"limit": 5}),
    )
    return page(
        "records/index.html", title="Records", found=listed, summary=summary, due=due["total"], erasures=erased["items"], wanted=wanted,
        kinds=requests.KINDS, states=requests.STATES, erasure_states=erasure.ERASURE_STATES,
    )  # fmt: skip


@part.get("/<borough>/records/requests/<uuid:request_id>")
@needs("records.manage")
def show(borough: str, request_id: UUID) -> Response:
    """Show one request, and what can be done next."""
    found = current.call(requests.GET_REQUEST, request_id=request_id)
    return page(
        "records/request.html", title=requests.KINDS[found["kind"]], tab="A request", one=found, kinds=requests.KINDS,
        checked=requests.CHECKED_BY, asked_as=requests.ASKED_AS, outcomes=requests.OUTCOMES, today=clock.today(),
    )  # fmt: skip


@part.route("/<borough>/families/<uuid:family_id>/records/request", methods=["GET", "POST"])
@needs("records.manage")
def ask(borough: str, family_id: UUID) -> Response | AnyResponse:
    """Ask what somebody asks, and keep it."""
    people = current.call(controls.FAMILY_RECORDS, family_id=family_id)["people"]
    whom = {str(one["person_id"]): one["name"] for one in people}
    form = Form(requests.OpenSubjectRequest, "family_id", choices={"person_id": {"": "The whole family", **whom}}, labels=_WHOM)
    step = Step("Record a request", _MEANS, "Save the request", (here("records.family", family_id=family_id), "Records of the family"))
    if request.method == "GET":
        return asked(step, form.blank(received_on=clock.today()))
    filled = form.sent(request.form)
    found = attempt(filled, requests.OPEN_REQUEST, family_id=family_id)
    return onward("records.show", "request_opened", request_id=found["id"]) if found else asked(step, filled)


@part.route("/<borough>/records/requests/<uuid:request_id>/extend", methods=["GET", "POST"])
@needs("records.manage")
def extend(borough: str, request_id: UUID) -> Response | AnyResponse:
    """Ask why it takes longer, and let it."""
    back = (here("records.show", request_id=request_id), "The request")
    step = Step("Take two months longer", "Tell the person within the first month, with the reason.", "Extend the time to answer", back)
    return _changed(
        request_id, Form(requests.ExtendSubjectRequest, "request_id", "version"), step, requests.EXTEND_REQUEST, "request_extended"
    )


@part.route("/<borough>/records/requests/<uuid:request_id>/close", methods=["GET", "POST"])
@needs("records.manage")
def close(borough: str, request_id: UUID) -> Response | AnyResponse:
    """Ask what came of it, and close it."""
    back = (here("records.show", request_id=request_id), "The request")
    step = Step("Close the request", "The person is told what was done, or why not.", "Close the request", back)
    return _changed(request_id, Form(requests.CloseSubjectRequest, "request_id", "version"), step, requests.CLOSE_REQUEST, "request_closed")


def _changed(request_id: UUID, form: Form, step: Step, operation: Any, done: str) -> Response | AnyResponse:
    if request.method == "GET":
        return asked(step, form.blank(), version=current.call(requests.GET_REQUEST, request_id=request_id)["version"])
    filled, version = form.sent(request.form), request.form.get("version", "")
    if attempt(filled, operation, request_id=request_id, version=version):
        return onward("records.show", done, request_id=request_id)
    return asked(step, filled, version=version)


_WHOM = {"person_id": "About whom?"}
_MEANS = (
    "A request may come in any words, by any way, to anybody who works here. It is answered within one month of the day on which it came."
)
