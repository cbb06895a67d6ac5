"""The triage board: what waits, whose it is, and what speaks for it."""

from dataclasses import replace
from datetime import datetime, time
from typing import Any
from uuid import UUID

from chassis.clock import LONDON, london
from chassis.errors import NotFound
from chassis.rpc import rpc
from chassis.working_days import working_days_before
from services.referrals import contract, views
from services.referrals.models import Answer
from services.referrals.repository import Work
from services.referrals.service.shown import shown


class Boarding:
    """The triage board, and what is done on it before anything is decided."""

    @rpc(contract.TRIAGE_BOARD)
    def triage_board(self, uow: Work, after: str | None, limit: int, **wanted: Any) -> dict[str, Any]:
        """Return a page of the board, with the counts of all that waits; each family on it is in the audit trail."""
        since = late_before(uow)
        page, counted = uow.board.shown(wanted, since, after, limit), uow.board.counts(since)
        for family_id in dict.fromkeys(row.family_id for row in page.items):
            uow.saw(family_id=family_id)
        total = None if after else uow.board.total(wanted, since, counted)
        return views.board(uow, replace(page, total=total), counted, since)

    @rpc(contract.ASSIGN)
    def assign(self, uow: Work, referral_id: UUID, version: int, assignee: dict[str, Any] | None) -> dict[str, Any]:
        """Make a referral somebody's, or nobody's.

        Raises:
            NotFound: no such referral in the caller's borough.
            Stale: somebody changed it since ``version``, or took it.
        """
        referral = uow.referrals.get(referral_id, for_update=True)
        referral.assign(version, assignee)
        return shown(uow, referral)

    @rpc(contract.JUDGE_CRITERION)
    def judge_criterion(self, uow: Work, referral_id: UUID, version: int, criterion: str, answer: str, fact: str) -> dict[str, Any]:
        """Answer one criterion with the fact that the answer rests on.

        Raises:
            NotFound: no such referral in the caller's borough.
            Stale: somebody changed it since ``version``.
            InvalidTransition: it is decided.
        """
        referral = uow.referrals.get(referral_id, for_update=True)
        referral.judge(version, Answer(criterion, answer, fact, uow.caller.person_name, uow.now))
        return shown(uow, referral)

    @rpc(contract.LOOK_AT_ANSWER)
    def look_at_answer(self, uow: Work, referral_id: UUID, question_id: UUID) -> dict[str, Any]:
        """Keep that somebody looked at an answer that came after the decision; raises NotFound."""
        referral, question = uow.referrals.get(referral_id), uow.questions.get(question_id, for_update=True)
        if question.referral_id != referral.id:
            raise NotFound
        question.look_at(uow.caller)
        return shown(uow, referral)


def late_before(uow: Work) -> datetime:
    """Return the moment before which a referral was received that waits longer than the borough's policy allows. Raises NotReady."""
    first = working_days_before(london(uow.now).date(), uow.first_contact_days)
    return datetime.combine(first, time(), tzinfo=LONDON)
