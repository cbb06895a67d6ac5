"""Waiting lists that come as files: the template, the file, its review row by row, and what becomes of it."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis import clock
from chassis.contract import Operation
from chassis.errors import Conflict, Invalid, NotFound, StayPlayError, TooLarge
from chassis.sheets import csv_of
from gateway.access import current
from gateway.access.guard import needs, only_reads
from gateway.pages.attempt import send as change
from gateway.pages.show import onward, page, same_page
from services.referrals.contract import importing as contract
from services.referrals.contract.matching import REASONS

part = Blueprint("imports", __name__)

LOOKS_AGAIN_AFTER: Final = 2
MOVES: Final[Mapping[str, tuple[Operation, str]]] = {
    "commit": (contract.COMMIT_IMPORT, "import_begun"),
    "cancel": (contract.CANCEL_IMPORT, "import_cancelled"),
    "undo": (contract.UNDO_IMPORT, "import_undone"),
}
SHOWN: Final[Mapping[str, str]] = {"": "All", **{state: words for state, words in contract.ROW_STATES.items() if state != "imported"}}


@part.get("/<borough>/referrals/imports")
@needs("referrals.import")
def index(borough: str) -> Response:
    """List the files, and take another."""
    return listing()


def listing(fault: str = "", status: int = 200) -> Response:
    """Return the list page; ``fault`` says what is wrong with the file that was just sent."""
    found = current.call(contract.LIST_IMPORTS, after=request.args.get("after"), limit=25)
    return page(
        "imports/index.html",
        title="Import a waiting list",
        status=status,
        has_faults=bool(fault),
        fault=fault,
        found=found,
        states=contract.IMPORT_STATES,
        most_rows=contract.MOST_ROWS,
        largest=contract.LARGEST_BYTES,
        split=contract.SPLIT,
    )


@part.post("/<borough>/referrals/imports")
@needs("referrals.import")
def send(borough: str) -> Response | AnyResponse:
    """Take a file in, and lead to its review."""
    sent = request.files.get("file")
    raw = sent.read(contract.LARGEST_BYTES + 1) if sent else b""
    if not sent or not sent.filename:
        return listing("Choose a file.", 422)
    try:
        values = {"file_name": _named(sent.filename), "content": b64encode(raw).decode()}
        if len(raw) > contract.LARGEST_BYTES:
            raise TooLarge(contract.SPLIT)
        taken = change(contract.START_IMPORT, request.form.get("form_key", ""), **values)
    except (Invalid, TooLarge) as refused:
        return listing(_said(refused), refused.status)
    return onward("imports.show", import_id=taken["id"])


def _named(file_name: str) -> str:
    """Return what a file is called, without the folders that some browsers tell."""
    return file_name.replace("\\", "/").rpartition("/")[2][-200:] or "file.csv"


def _said(refused: StayPlayError) -> str:
    found = refused.faults.get("content") or refused.faults.get("file_name") if isinstance(refused, Invalid) else None
    return str(found[0]) if found else refused.message


@part.get("/<borough>/referrals/imports/template.csv")
@needs("referrals.import")
def template(borough: str) -> Response:
    """Hand over an empty file with the right headings."""
    columns = current.call(contract.IMPORT_COLUMNS)["columns"]
    return _file("waiting-list", csv_of([column["heading"] for column in columns], []))


@part.get("/<borough>/referrals/imports/columns")
@needs("referrals.import")
def columns(borough: str) -> Response:
    """Say what goes in each column."""
    return page("imports/columns.html", title="Columns of a waiting list", columns=current.call(contract.IMPORT_COLUMNS)["columns"])


@part.get("/<borough>/referrals/imports/<uuid:import_id>")
@needs("referrals.import")
def show(borough: str, import_id: UUID) -> Response:
    """Show how far a file is, or its rows to be decided on."""
    return review(import_id)


def review(import_id: UUID, refused: StayPlayError | None = None) -> Response:
    """Return the page of a file; while it is worked on, the browser looks again by itself."""
    chosen = request.args.get("rows", "")
    chosen = chosen if chosen in SHOWN else ""
    found, rows = current.gather(
        current.ask(contract.GET_IMPORT, import_id=import_id),
        current.ask(contract.LIST_IMPORT_ROWS, import_id=import_id, state=chosen or None, after=request.args.get("after"), limit=25),
    )
    working = found["state"] in {"checking", "importing"}
    answer = page(
        "imports/show.html",
        title=found["file_name"],
        tab="A waiting list",
        status=refused.status if refused else 200,
        has_faults=bool(refused),
        refused=refused,
        found=found,
        rows=rows,
        shown=chosen,
        filters=SHOWN,
        states=contract.IMPORT_STATES,
        row_states=contract.ROW_STATES,
        reasons=REASONS,
        working=working,
        waiting=found["counts"]["faulty"] + found["counts"]["same"],
    )
    if working:
        answer.headers["Refresh"] = f"{LOOKS_AGAIN_AFTER}; url={same_page()}"
    return answer


@part.post("/<borough>/referrals/imports/<uuid:import_id>/rows")
@needs("referrals.import")
def decide(borough: str, import_id: UUID) -> Response | AnyResponse:
    """Decide on one row, or on all that stand so."""
    decision, _, row = request.form.get("decision", "").partition(" ")
    values = {"import_id": import_id, "version": request.form.get("version", ""), "decision": decision, "rows": [row] if row else []}
    return _moved(contract.DECIDE_IMPORT_ROWS, "", values)


@part.post("/<borough>/referrals/imports/<uuid:import_id>/<move>")
@needs("referrals.import")
def move(borough: str, import_id: UUID, move: str) -> Response | AnyResponse:
    """Import a file, throw it away, or take its referrals back."""
    if move not in MOVES:
        raise NotFound
    operation, done = MOVES[move]
    return _moved(operation, done, {"import_id": import_id, "version": request.form.get("version", "")})


def _moved(operation: Operation, done: str, values: dict[str, Any]) -> Response | AnyResponse:
    import_id: UUID = values["import_id"]
    try:
        change(operation, request.form.get("form_key", ""), **values)
    except StayPlayError as refused:
        if refused.status != Conflict.status:
            raise
        return review(import_id, refused)
    kept = {name: request.args[name] for name in ("rows", "after") if request.args.get(name)}
    return onward("imports.show", done, import_id=import_id, **kept)


@part.post("/<borough>/referrals/imports/<uuid:import_id>/to-change.csv")
@only_reads
@needs("referrals.import")
def faults(borough: str, import_id: UUID) -> Response:
    """Hand over the rows that need changing, each with what to change."""
    found = current.call(contract.IMPORT_FAULTS, import_id=import_id)
    width = len(found["headings"])
    rows = [[row["number"], row["words"], *row["cells"][:width]] for row in found["rows"]]
    return _file("waiting-list-to-change", csv_of([*contract.NOTE_COLUMNS, *found["headings"]], rows))


def _file(name: str, text: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}-{clock.today():%Y-%m-%d}.csv"', "Cache-Control": "no-store"}
    return Response(text, content_type="text/csv; charset=utf-8", headers=headers)
