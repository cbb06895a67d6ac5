"""Showing that a mail address is one's own, and coming back to what one began."""

from typing import Final
from uuid import UUID

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import Invalid, NotFound, StayPlayError, TooManyAttempts
from gateway import drafting
from gateway.access import current
from gateway.access.guard import public_of_borough
from gateway.pages.forms import Filled, Form
from gateway.pages.refer import cookie
from gateway.pages.refer.drafts import draft_of, onwards, unproved
from gateway.pages.show import here, onward, page
from services.referrals.contract import ASK_CODE, PROVE_MAIL, AskCodeRequest, ProveMailRequest

CODE_FORM: Final = Form(ProveMailRequest, "draft_id", "secret")
BACK_FORM: Final = Form(AskCodeRequest, "draft_id", "secret", labels={"email": "Your email address"})


@public_of_borough
def code(borough: str, draft_id: UUID) -> AnyResponse:
    """Ask for the code that was mailed."""
    if not current.without_account():
        return onward("refer.go_on", draft_id=draft_id)
    if request.method == "GET":
        return code_page(draft_id, CODE_FORM.blank())
    filled = CODE_FORM.sent(request.form)
    kept = cookie.secret() or cookie.new_secret()
    values = filled.checked(draft_id=str(draft_id), secret=kept)
    if values is None:
        return code_page(draft_id, filled)
    try:
        proof = current.call(PROVE_MAIL, idempotency_key=filled.sent_key(), **drafting.proving(values))
    except (TooManyAttempts, Invalid) as error:
        filled.refuse(error)
        return code_page(draft_id, filled)
    if not proof["proven"]:
        filled.refuse(_wrong(proof["tries_left"]))
        filled.forget("code")
        return code_page(draft_id, filled)
    response = onward("refer.go_on", draft_id=draft_id)
    cookie.give(response, kept)
    return response


def _wrong(tries_left: int) -> StayPlayError:
    again = "Check the email again." if tries_left else "It may be too old. Ask for another one below."
    return Invalid(faults={"code": [f"Code: this is not the code. {again}"]})


def code_page(draft_id: UUID, filled: Filled) -> Response:
    """Return the page that asks for a code; it does not tell to whom one was sent."""
    return page(
        "refer/code.html",
        title="Check your email",
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        draft_id=draft_id,
        filled=filled,
        w=filled.widgets,
    )


@public_of_borough
def resume(borough: str, draft_id: UUID) -> AnyResponse:
    """Let somebody come back: at once where the browser has what opens it, else with a code to the address that they began with."""
    if request.method == "GET":
        try:
            draft = draft_of(draft_id)
        except NotFound:
            return resume_page(draft_id, BACK_FORM.blank())
        return resume_page(draft_id, BACK_FORM.blank()) if unproved(draft) else onwards(draft)
    filled = BACK_FORM.sent(request.form)
    values = filled.checked(draft_id=str(draft_id), secret=cookie.secret())
    if values is None:
        return resume_page(draft_id, filled)
    try:
        current.call(ASK_CODE, idempotency_key=filled.sent_key(), **drafting.mailing(values))
    except (TooManyAttempts, NotFound) as error:
        if isinstance(error, TooManyAttempts):
            filled.refuse(error)
            return resume_page(draft_id, filled)
    return redirect(here("refer.code", draft_id=draft_id), 303)


def resume_page(draft_id: UUID, filled: Filled) -> Response:
    """Return the page that asks for the mail address; whether it is the right one is told by the code that comes or does not."""
    return page(
        "refer/resume.html",
        title="Go on with your referral",
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        draft_id=draft_id,
        filled=filled,
        w=filled.widgets,
    )
