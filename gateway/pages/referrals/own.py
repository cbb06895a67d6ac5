"""What a referrer sees of their own referrals, and where they answer what the team asks about one."""

from typing import Any, Final
from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from gateway.access import current
from gateway.pages.attempt import attempt
from gateway.pages.forms import Filled, Form
from gateway.pages.show import onward, page
from services.referrals.contract import ANSWER_OWN_QUESTION, OWN_REFERRAL, OWN_REFERRALS, AnswerOwnRequest

FORM: Final = Form(AnswerOwnRequest, "referral_id", "question_id")


def index() -> Response:
    """Show what somebody referred, as far as each family allows."""
    found = current.call(OWN_REFERRALS, after=request.args.get("after"), limit=25)
    return page("referrals/own.html", title="Your referrals", found=found)


def asked(referral_id: UUID, question_id: UUID) -> Response:
    """Show what is asked, or that it can't be answered any more."""
    return _question(current.call(OWN_REFERRAL, referral_id=referral_id), question_id, FORM.blank())


def answer(referral_id: UUID, question_id: UUID) -> Response | AnyResponse:
    """Take the answer; one that comes too late to be kept is not thanked for."""
    filled = FORM.sent(request.form)
    told = attempt(filled, ANSWER_OWN_QUESTION, referral_id=referral_id, question_id=question_id)
    if told is None:
        return _question(current.call(OWN_REFERRAL, referral_id=referral_id), question_id, filled)
    if told["kept"]:
        return onward("referrals.index", "question_answered")
    return onward("referrals.own_question", referral_id=referral_id, question_id=question_id)


def _question(referral: dict[str, Any], question_id: UUID, filled: Filled) -> Response:
    """Return the page of a question; what somebody wrote is shown again also where the team decided in the meantime."""
    is_open = referral["question_id"] == question_id
    return page(
        "referrals/question.html",
        title="A question about your referral" if is_open or filled.in_error else "This can't be answered here any more",
        tab="A question",
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        referral=referral,
        question_id=question_id,
        is_open=is_open,
        filled=filled,
    )
