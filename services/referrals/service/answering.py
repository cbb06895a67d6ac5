"""A referrer answers a question by its link, without an account."""

from typing import Any

from chassis.errors import NotFound
from chassis.rpc import rpc
from services.referrals import contract, views
from services.referrals.models import Question, Referral, digest_of, systems
from services.referrals.repository import Work


class Answering:
    """The page behind the link of a question."""

    @rpc(contract.QUESTION_BY_LINK)
    def question_by_link(self, uow: Work, token: str) -> dict[str, Any]:
        """Return what is asked behind a link.

        Raises:
            NotFound: no question of this borough has this link, whatever is wrong with it.
        """
        question, referral = _behind(uow, token)
        return views.asked_by_link(question, referral.reference, uow.now)

    @rpc(contract.ANSWER_BY_LINK)
    def answer_by_link(self, uow: Work, token: str, answer: str) -> dict[str, Any]:
        """Take a referrer's answer, once; the referral goes back to triage if it waits for it, and the answer is kept all the same if not.

        A link that was used before or has ended changes nothing: the reply says so.

        Raises:
            NotFound: as `question_by_link`.
        """
        question, referral = _behind(uow, token, for_update=True)
        before = referral.told(uow.most_told)
        if question.state(uow.now) == "open" and question.take(answer, referral.status, uow.now):
            answered = referral.answered_by_link(answer, uow.caller, uow.now)
            uow.publish(answered, *systems.told(referral, before, uow.most_told))
        return views.asked_by_link(question, referral.reference, uow.now)


def _behind(uow: Work, token: str, *, for_update: bool = False) -> tuple[Question, Referral]:
    """Return the question behind a link and its referral, locked in the order in which decisions lock them.

    Also of a family that was restricted since: who was asked knows of it, learns nothing new, and what they answer must not be lost.
    """
    uow.restrictions.look_past()
    question = uow.questions.by_digest(digest_of(token))
    if question is None:
        raise NotFound
    referral = uow.referrals.get(question.referral_id, for_update=for_update)
    return (uow.questions.get(question.id, for_update=True) if for_update else question), referral
