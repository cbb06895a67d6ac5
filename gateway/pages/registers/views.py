"""The register: one form, marked with a thumb, closed when every family has a mark."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import Stale, StayPlayError
from chassis.ids import new_id
from gateway.access import current
from gateway.access.guard import needs
from gateway.pages.attempt import attempt, send
from gateway.pages.forms import Filled, Form
from gateway.pages.registers.marks import Typed, given_marks, typed_in
from gateway.pages.show import onward, page
from services.sessions.contract import (
    CLOSE_REGISTER,
    GET_REGISTER,
    MARKS,
    RECORD_REGISTER,
    REOPEN_REGISTER,
    RegisterIncomplete,
    ReopenRegister,
    SessionNotYet,
)

part = Blueprint("register", __name__)


@part.get("/<borough>/sessions/<uuid:session_id>/register")
@needs("registers.read")
def show(borough: str, session_id: UUID) -> Response:
    """Show the register of a session."""
    return sheet(current.call(GET_REGISTER, session_id=session_id))


def sheet(
    register: Mapping[str, Any],
    typed: Typed | None = None,
    problem: StayPlayError | None = None,
    missing: frozenset[str] = frozenset(),
    key: str = "",
    refused: Filled | None = None,
) -> Response:
    """Return the register page.

    Args:
        typed: marks that were not saved.
        missing: the families without one.
        refused: the form that asked to open the register again, but could not.
    """
    session = register["session"]
    return page(
        "registers/page.html",
        title=session["group_name"],
        status=problem.status if problem else 422 if refused else 200,
        has_faults=bool(problem or refused),
        register=register,
        session=session,
        typed=typed or {},
        problem=problem,
        missing=missing,
        marks=MARKS,
        key=key or str(new_id()),
        may_mark=register["may_mark"] and current.may("registers.record"),
        may_reopen=register["may_reopen"] and current.may("registers.record"),
        correction=refused or correction().blank(),
    )


@part.post("/<borough>/sessions/<uuid:session_id>/register")
@needs("registers.record")
def mark(borough: str, session_id: UUID) -> Response | AnyResponse:
    """Save the marks of the form, and close the register where that was asked for."""
    closing = request.form.get("step") == "close"
    key, marks = request.form.get("form_key", ""), given_marks(request.form)
    version: Any = request.form.get("version", "")
    try:
        if marks:
            saved = send(RECORD_REGISTER, key, session_id=session_id, version=version, marks=marks)
            version = saved["version"]
        if closing:
            send(CLOSE_REGISTER, f"{key[:56]}-close", session_id=session_id, version=version)
    except (Stale, RegisterIncomplete, SessionNotYet) as problem:
        return _again(session_id, problem)
    done = "register_closed" if closing else "register_saved"
    return onward("register.show", done, session_id=session_id)


@part.post("/<borough>/sessions/<uuid:session_id>/register/reopen")
@needs("registers.record")
def reopen(borough: str, session_id: UUID) -> Response | AnyResponse:
    """Open a closed register again, to be corrected."""
    filled = correction().sent(request.form)
    if attempt(filled, REOPEN_REGISTER, session_id=session_id, version=request.form.get("version", "")):
        return onward("register.show", "register_reopened", session_id=session_id)
    return sheet(current.call(GET_REGISTER, session_id=session_id), refused=filled)


def correction() -> Form:
    """Return the form that opens a closed register again."""
    return Form(ReopenRegister, "session_id", "version", within="correct")


def _again(session_id: UUID, problem: StayPlayError) -> Response:
    register = current.call(GET_REGISTER, session_id=session_id)
    missing = frozenset(str(line["family_id"]) for line in register["lines"] if not line["mark"])
    typed = typed_in(request.form) if isinstance(problem, Stale) else None
    return sheet(register, typed, problem, missing if isinstance(problem, RegisterIncomplete) else frozenset())
