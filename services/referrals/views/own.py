"""Referrals as their referrers may see them: no more than the family agreed to."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from chassis.database import Page
from services.referrals import contract
from services.referrals.models import Question, Referral

Questions = Mapping[UUID, Question]
NONE: Final[Questions] = MappingProxyType({})


def own(page: Page[Referral], most_told: str, questions: Questions = NONE) -> dict[str, Any]:
    """Return a page of referrals as their referrer may see them.

    Args:
        page: theirs.
        most_told: the borough's upper bound.
        questions: those that can be answered now, by the referral.
    """
    return {"items": [own_one(row, most_told, questions) for row in page.items], "next": page.next, "total": page.total}


def own_one(row: Referral, most_told: str, questions: Questions = NONE) -> dict[str, Any]:
    """Return one of them."""
    told, question = row.told(most_told), questions.get(row.id)
    return {
        "id": row.id,
        "reference": row.reference,
        "family_name": row.family_name,
        "referred_on": row.referred_on,
        "told": told.told_as,
        "told_words": contract.TOLD[told.told_as],
        "told_at": told.at,
        "question": told.reason if told.status == "needs_information" else None,
        "question_id": question and question.id,
        "answer_until": question and question.expires_at,
    }
