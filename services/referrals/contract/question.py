"""What the team asks a referrer, the link that it is answered by, and the answer."""

from typing import Final

from chassis.schemas import Contract, choice, identifier, moment, text, yes_no
from services.referrals.contract.codes import STATUSES

QUESTION_DAYS: Final = 14
"""Days for which the link of a question can be answered."""

QUESTION_STATES: Final[dict[str, str]] = {
    "open": "It can be answered",
    "answered": "It was answered",
    "expired": "The link has ended",
}


class Question(Contract):
    """One question to the referrer, as the team reads it."""

    id = identifier("Question")
    words = text("What was asked", required=False, max_length=2000, sensitivity="clinical")
    asked_by = text("Asked by", max_length=200)
    asked_at = moment("Asked")
    expires_at = moment("The link ends")
    mailed = yes_no("Sent by mail")
    answer = text("The answer", required=False, max_length=4000, sensitivity="clinical")
    answered_at = moment("Answered", required=False)
    came_after = choice("It came when the referral stood at", STATUSES, required=False)
    seen_by = text("Looked at by", required=False, max_length=200)


class LinkRequest(Contract):
    """The secret of a link."""

    token = text("Link", max_length=100, sensitivity="internal")


class AnswerByLinkRequest(LinkRequest):
    """A referrer's answer."""

    answer = text("Your answer", max_length=4000, multiline=True, sensitivity="clinical")


class AnswerOwnRequest(Contract):
    """The answer of a referrer who has an account, to what is asked about something that they referred."""

    referral_id = identifier("Referral")
    question_id = identifier("Question")
    answer = text("Your answer", max_length=4000, multiline=True, sensitivity="clinical")


class AskedByLink(Contract):
    """What the page behind a link shows: no name, and no more than was asked."""

    state = choice("State", QUESTION_STATES)
    reference = text("Reference", required=False, max_length=40)
    words = text("What we ask you", required=False, max_length=2000, sensitivity="clinical")
    expires_at = moment("Until")


class Answered(AskedByLink):
    """What became of an answer."""

    kept = yes_no("Was it kept?")


class LateAnswerRequest(Contract):
    """Which answer was looked at."""

    referral_id = identifier("Referral")
    question_id = identifier("Question")
