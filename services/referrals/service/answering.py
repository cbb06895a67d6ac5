"""A referrer answers a question: by its link, without an account, or where they see their own referrals."""

from typing import Any
from uuid import UUID

from chassis.errors import NotFound
from chassis.rpc import rpc
from services.referrals import contract, views
from services.referrals.models import Question, Referral, digest_of, systems
from services.referrals.repository import Work


class Answering:
    """What referrers are asked, and what they answer."""

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
        return _taken(uow, question, referral, answer, by_link=True)

    @rpc(contract.ANSWER_OWN_QUESTION)
    def answer_own_question(self, uow: Work, referral_id: UUID, question_id: UUID, answer: str) -> dict[str, Any]:
        """Take the answer of a referrer who signed in, by the rules of `answer_by_link`.

        Raises:
            NotFound: the caller made no such referral, or was never asked this about it.
        """
        uow.referrals.own_one(referral_id)
        uow.restrictions.look_past()
        referral = uow.referrals.get(referral_id, for_update=True)
        question = uow.questions.get(question_id, for_update=True)
        if question.referral_id != referral_id:
            raise NotFound
        uow.saw(family_id=referral.family_id, subject_id=referral_id)
        return _taken(uow, question, referral, answer, by_link=False)


def _taken(uow: Work, question: Question, referral: Referral, answer: str, *, by_link: bool) -> dict[str, Any]:
    """Keep an answer where the question is still open, and say whether that was so; both are locked."""
    before, is_open = referral.told(uow.most_told), question.state(uow.now) == "open"
    if is_open and question.take(answer, referral.status, uow.now):
        back = referral.answered_by_link if by_link else referral.answered
        uow.publish(back(answer, uow.caller, uow.now), *systems.told(referral, before, uow.most_told))
    return {**views.asked_by_link(question, referral.reference, uow.now), "kept": is_open}


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
