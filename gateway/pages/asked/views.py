"""A referrer reads a question behind a link and answers it, once and without an account."""

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import NotFound, StayPlayError
from gateway.access import current
from gateway.access.guard import public_of_borough
from gateway.pages.attempt import shown_in_form
from gateway.pages.forms import Filled, Form
from gateway.pages.show import onward, page
from gateway.pages.strangers import abuse
from gateway.triaging import answering
from services.referrals.contract import ANSWER_BY_LINK, QUESTION_BY_LINK, AnswerByLinkRequest

part = Blueprint("asked", __name__)
FORM = Form(AnswerByLinkRequest, "token")
_NOTHING = (
    "This link opens nothing here. Copy the whole link from the email; if it still opens nothing, ring the team and give the reference."
)


@part.get("/<borough>/answer/<token>")
@public_of_borough
def show(borough: str, token: str) -> Response:
    """Show the question, or why it can't be answered any more."""
    return _asked(token, FORM.blank())


@part.post("/<borough>/answer/<token>")
@public_of_borough
def answer(borough: str, token: str) -> Response | AnyResponse:
    """Take the answer."""
    filled = FORM.sent(request.form)
    values = filled.checked(token=token)
    if values is None:
        return _asked(token, filled)
    try:
        abuse.check(request.form, seconds=2)
        told = current.call(ANSWER_BY_LINK, idempotency_key=filled.sent_key(), **answering(values))
    except NotFound as nothing:
        raise NotFound(_NOTHING) from nothing
    except StayPlayError as error:
        shown_in_form(filled, error)
        return _asked(token, filled)
    return onward("asked.thanks") if told["kept"] else onward("asked.show", token=token)


@part.get("/<borough>/answered")
@public_of_borough
def thanks(borough: str) -> Response:
    """Say that the answer arrived; the address holds no link any more."""
    return page("asked/thanks.html", title="Thank you. Your answer has arrived", programme=current.any_borough().programme_name)


def _asked(token: str, filled: Filled) -> Response:
    try:
        found = current.call(QUESTION_BY_LINK, token=token)
    except NotFound as nothing:
        raise NotFound(_NOTHING) from nothing
    return page(
        "asked/page.html",
        title={"open": "A question about your referral", "answered": "This was answered"}.get(found["state"], "This link has ended"),
        tab="A question",
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        found=found,
        filled=filled,
        programme=current.any_borough().programme_name,
    )
