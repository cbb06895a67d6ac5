"""The pack: gathered, looked through heading by heading, given out as a file."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import Invalid, StayPlayError
from chassis.later import Later
from chassis.schemas import instance_of
from chassis.threads import in_thread
from gateway.access import current
from gateway.access.guard import asks_again, needs
from gateway.pages.attempt import attempt, send
from gateway.pages.forms import Form
from gateway.pages.forms.faults import by_name
from gateway.pages.forms.names import KEY
from gateway.pages.records.blueprint import Step, asked, part
from gateway.pages.show import here, onward, page
from gateway.records.gathering import with_everything_held
from services.referrals.contract.records import packs, requests

if TYPE_CHECKING:
    from gateway.records import paper
else:
    paper = Later("gateway.records.paper")

Pack = Mapping[str, Any]


@part.post("/<borough>/records/requests/<uuid:request_id>/pack")
@needs("records.manage")
def gather(borough: str, request_id: UUID) -> AnyResponse:
    """Gather everything we hold."""
    values = with_everything_held({"request_id": request_id})
    current.call(packs.FREEZE_PACK, idempotency_key=request.form.get(KEY, ""), **values)
    return onward("records.pack", "pack_gathered", request_id=request_id)


@part.get("/<borough>/records/requests/<uuid:request_id>/pack")
@needs("records.manage")
def pack(borough: str, request_id: UUID) -> Response:
    """Show the headings of a pack, and how much of each is still to be looked at."""
    found = current.call(packs.GET_PACK, request_id=request_id)
    one = current.call(requests.GET_REQUEST, request_id=request_id)
    headings = [(number, name, items, _left(items)) for number, (name, items) in enumerate(_by_heading(found["items"]).items(), 1)]
    return page(
        "records/pack.html", title="The pack", tab="A pack", found=found, one=one, headings=headings, states=packs.PACK_STATES,
        given_as=packs.GIVEN_AS,
    )  # fmt: skip


@part.route("/<borough>/records/requests/<uuid:request_id>/pack/<int:heading>", methods=["GET", "POST"])
@needs("records.manage")
def review(borough: str, request_id: UUID, heading: int) -> Response | AnyResponse:
    """Show the records under one heading, and keep what is decided about each."""
    found = current.call(packs.GET_PACK, request_id=request_id)
    headings = list(_by_heading(found["items"]).items())
    if not 1 <= heading <= len(headings):
        return onward("records.pack", request_id=request_id)
    name, items = headings[heading - 1]
    if request.method == "GET":
        return _reviewing(found, name, items)
    return _reviewed(found, name, items, onto=heading + 1 if heading < len(headings) else None)


@part.route("/<borough>/records/requests/<uuid:request_id>/pack/second-look", methods=["GET", "POST"])
@needs("records.manage")
def second_look(borough: str, request_id: UUID) -> Response | AnyResponse:
    """Ask what a second person found, and keep it."""
    means = "Somebody who did not look through it the first time reads what is given out and what is not."
    step = Step("A second look", means, "Save", (here("records.pack", request_id=request_id), "The pack"))
    return _pack_step(request_id, Form(packs.SecondLook, "request_id", "version"), step, packs.SECOND_LOOK, "pack_looked_at")


@part.route("/<borough>/records/requests/<uuid:request_id>/pack/give", methods=["GET", "POST"])
@asks_again
@needs("records.manage")
def give(borough: str, request_id: UUID) -> Response | AnyResponse:
    """Ask how it is given, and give it out."""
    means = f"The request is closed, and the file can be made for {packs.FILE_DAYS} days. What was given stays on record as a list."
    step = Step("Give the pack out", means, "Give it out", (here("records.pack", request_id=request_id), "The pack"))
    return _pack_step(request_id, Form(packs.GivePack, "request_id", "version"), step, packs.GIVE_PACK, "pack_given")


@part.get("/<borough>/records/requests/<uuid:request_id>/what-is-held.json")
@needs("records.manage")
def json_file(borough: str, request_id: UUID) -> Response:
    """Hand over the pack as data."""
    found = current.call(packs.GIVEN_PACK, request_id=request_id)
    return _file(packs.written(found["pack"]), "application/json", "json")


@part.get("/<borough>/records/requests/<uuid:request_id>/what-is-held.pdf")
@needs("records.manage")
def pdf_file(borough: str, request_id: UUID) -> Response:
    """Hand over the pack to read and print."""
    found = current.call(packs.GIVEN_PACK, request_id=request_id)
    return _file(in_thread(paper.pdf_of, found["pack"], found["digest"]), "application/pdf", "pdf")


def _file(content: bytes, kind: str, ending: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="what-is-held.{ending}"', "Cache-Control": "no-store"}
    return Response(content, content_type=kind, headers=headers)


def _pack_step(request_id: UUID, form: Form, step: Step, operation: Any, done: str) -> Response | AnyResponse:
    if request.method == "GET":
        return asked(step, form.blank(), version=current.call(packs.GET_PACK, request_id=request_id)["version"])
    filled, version = form.sent(request.form), request.form.get("version", "")
    if attempt(filled, operation, request_id=request_id, version=version):
        return onward("records.pack", done, request_id=request_id)
    return asked(step, filled, version=version)


def _reviewing(found: Pack, name: str, items: Sequence[Mapping[str, Any]], refused: StayPlayError | None = None) -> Response:
    faults = _faults(items, refused) if isinstance(refused, Invalid) else {}
    return page(
        "records/review.html", title=name, tab="A pack", status=422 if refused else 200, has_faults=bool(refused), found=found,
        items=[_shown(item) for item in items], refused=refused, faults=faults, reasons=packs.REASONS, decisions=packs.DECISIONS,
        back=here("records.pack", request_id=found["request_id"]),
    )  # fmt: skip


def _faults(items: Sequence[Mapping[str, Any]], refused: Invalid) -> dict[int, dict[str, str]]:
    """Return what is wrong with the decision on each record, by question: decisions were sent in the order of the page."""
    told = refused.faults.get("decisions")
    wrong = {str(place): faults for place, faults in told.items()} if isinstance(told, Mapping) else {}
    return {item["number"]: _by_question(wrong[str(place)]) for place, item in enumerate(items) if str(place) in wrong}


def _by_question(faults: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, message in by_name(instance_of(packs.ItemDecision), faults).items():
        found.setdefault(name.partition("-")[0], message)
    return found


def _reviewed(found: Pack, name: str, items: Sequence[Mapping[str, Any]], *, onto: int | None) -> Response | AnyResponse:
    """Keep the decisions of a page, and go to the next heading."""
    decisions = [_decision(item["number"]) for item in items]
    try:
        send(
            packs.REVIEW_PACK, request.form.get(KEY, ""), request_id=found["request_id"], version=request.form.get("version", ""),
            decisions=decisions,
        )  # fmt: skip
    except Invalid as refused:
        return _reviewing(found, name, items, refused)
    if onto is None:
        return onward("records.pack", "pack_reviewed", request_id=found["request_id"])
    return onward("records.review", "pack_reviewed", request_id=found["request_id"], heading=onto)


def _decision(number: int) -> dict[str, Any]:
    hidden = [line.strip() for line in request.form.get(f"hidden-{number}", "").splitlines() if line.strip()]
    return {
        "number": number,
        "decision": request.form.get(f"decision-{number}", ""),
        "hidden": hidden,
        "reason": request.form.get(f"reason-{number}") or None,
        "words": request.form.get(f"words-{number}") or None,
    }


def _shown(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record as the page shows it: what was sent just now, else what was decided, else what is proposed."""
    number = item["number"]
    chosen = request.form.get(f"decision-{number}") or item["decision"] or item["proposed"]
    hidden = request.form.get(f"hidden-{number}", "\n".join(item["hidden"]))
    reason = request.form.get(f"reason-{number}", item["reason"] or "")
    return {
        **item,
        "chosen": chosen,
        "hidden_text": hidden,
        "reason_now": reason,
        "words_now": request.form.get(f"words-{number}", item["words"] or ""),
    }


def _by_heading(items: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for item in items:
        found.setdefault(item["heading"], []).append(item)
    return found


def _left(items: Sequence[Mapping[str, Any]]) -> int:
    return sum(item["decision"] is None for item in items)
