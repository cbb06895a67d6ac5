"""Referrals as their referrers may see them: no more than the family agreed to."""

from typing import Any

from chassis.database import Page
from services.referrals import contract
from services.referrals.models import Referral


def own(page: Page[Referral], most_told: str) -> dict[str, Any]:
    """Return a page of referrals as their referrer may see them; ``most_told`` is the borough's upper bound."""
    return {"items": [_own(row, most_told) for row in page.items], "next": page.next, "total": page.total}


def own_one(row: Referral, most_told: str) -> dict[str, Any]:
    """Return one of them."""
    return _own(row, most_told)


def _own(row: Referral, most_told: str) -> dict[str, Any]:
    told = row.told(most_told)
    return {
        "id": row.id,
        "reference": row.reference,
        "family_name": row.family_name,
        "referred_on": row.referred_on,
        "told": told.told_as,
        "told_words": contract.TOLD[told.told_as],
        "told_at": told.at,
        "question": told.reason if told.status == "needs_information" else None,
    }
