"""The triage board, one referral, and what is done with it."""

from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import NotFound
from gateway.access import current
from gateway.access.guard import needs
from gateway.pages.forms import Filled, Form
from gateway.pages.referrals import board, criteria, deciding, own
from gateway.pages.show import onward
from gateway.triaging import AssignReferral, with_assignee
from services.referrals.contract import ASSIGN, CRITERIA, JUDGE_CRITERION, LOOK_AT_ANSWER, LateAnswerRequest

part = Blueprint("referrals", __name__)


@part.get("/<borough>/referrals")
@needs("referrals.read_own")
def index(borough: str) -> Response:
    """Show the triage board; a referrer sees their own referrals, as far as each family allows."""
    return board.index() if current.may("referrals.read") else own.index()


@part.get("/<borough>/referrals/<uuid:referral_id>/questions/<uuid:question_id>/answer")
@needs("referrals.answer_own")
def own_question(borough: str, referral_id: UUID, question_id: UUID) -> Response:
    """Show a referrer what the team asks about something that they referred."""
    return own.asked(referral_id, question_id)


@part.post("/<borough>/referrals/<uuid:referral_id>/questions/<uuid:question_id>/answer")
@needs("referrals.answer_own")
def answer_own_question(borough: str, referral_id: UUID, question_id: UUID) -> Response | AnyResponse:
    """Take the answer of a referrer who signed in."""
    return own.answer(referral_id, question_id)


@part.get("/<borough>/referrals/<uuid:referral_id>")
@needs("referrals.read")
def show(borough: str, referral_id: UUID) -> Response:
    """Show one referral with the decisions that can be made."""
    referral, others = deciding.read(referral_id)
    return deciding.detail(referral, others, matches=deciding.matches_of(referral))


@part.post("/<borough>/referrals/<uuid:referral_id>/<move_name>")
@needs("referrals.triage")
def decide(borough: str, referral_id: UUID, move_name: str) -> Response | AnyResponse:
    """Make one decision with its reason."""
    return deciding.decide(referral_id, move_name)


@part.post("/<borough>/referrals/<uuid:referral_id>/assign")
@needs("referrals.triage")
def assign(borough: str, referral_id: UUID) -> Response | AnyResponse:
    """Take a referral, give it to a colleague, or hand it back."""
    filled = Form(AssignReferral, "referral_id", "version", within="assign").sent(request.form)
    said = "referral_assigned" if request.form.get("assignee") else "referral_handed_back"
    done = deciding.done(ASSIGN, referral_id, filled, "Who has it", said, with_assignee)
    return done or _again(referral_id, "assign", filled)


@part.post("/<borough>/referrals/<uuid:referral_id>/judge/<criterion>")
@needs("referrals.triage")
def judge(borough: str, referral_id: UUID, criterion: str) -> Response | AnyResponse:
    """Say whether one criterion is met, and how it is known."""
    if criterion not in CRITERIA:
        raise NotFound
    filled = criteria.form_of(criterion).sent(request.form)
    done = deciding.done(JUDGE_CRITERION, referral_id, filled, CRITERIA[criterion], "referral_judged", given={"criterion": criterion})
    return done or _again(referral_id, criterion, filled)


@part.post("/<borough>/referrals/<uuid:referral_id>/questions/<uuid:question_id>")
@needs("referrals.triage")
def look_at(borough: str, referral_id: UUID, question_id: UUID) -> Response | AnyResponse:
    """Keep that somebody looked at an answer that came after the decision."""
    filled = Form(LateAnswerRequest, "referral_id", "question_id").sent(request.form)
    key = filled.sent_key()
    current.call(LOOK_AT_ANSWER, idempotency_key=key, referral_id=referral_id, question_id=question_id)
    return onward("referrals.show", "answer_looked_at", referral_id=referral_id)


def _again(referral_id: UUID, tried: str, refused: Filled) -> Response:
    referral, others = deciding.read(referral_id)
    return deciding.detail(referral, others, tried, refused, matches=deciding.matches_of(referral))
