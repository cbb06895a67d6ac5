"""The triage board, and what the page behind a referrer's link shows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chassis.caller import Caller
from chassis.clock import london
from chassis.database import Page
from chassis.working_days import working_days_between
from services.referrals import contract
from services.referrals.models import WAITING, Question, Referral, fit_of
from services.referrals.repository import Counts, Work

_SUMMARY = tuple(contract.ReferralSummary().fields)


def board(uow: Work, page: Page[Referral], counts: Mapping[str, Counts], late_before: datetime) -> dict[str, Any]:
    """Return a page of the board with the counts above it."""
    return {
        "items": [_item(uow, row, late_before) for row in page.items],
        "next": page.next,
        "total": page.total,
        "counts": {**{status: counts.get(status, Counts()) for status in WAITING}, "late_answers": uow.board.late_answers()},
        "policy_days": uow.first_contact_days,
    }


def _item(uow: Work, row: Referral, late_before: datetime) -> dict[str, Any]:
    waits, today = row.status in WAITING, london(uow.now).date()
    return {
        **{name: getattr(row, name) for name in _SUMMARY},
        "waited_days": working_days_between(london(row.received_at).date(), today) if waits else 0,
        "late": waits and row.received_at < late_before,
        "assigned_to_name": row.assigned_to_name,
        "mine": row.assigned_to_id == uow.caller.person_id,
        "fit": _fit(uow, row, uow.caller),
        "warns_visitors": bool(row.risks_to_visitors),
    }


def _fit(uow: Work, row: Referral, reader: Caller) -> str:
    """Return whether the group fits, in a word; to whoever may not read what is clinical, not even that."""
    return fit_of(row.criteria(uow.terms, london(uow.now).date())) if reader.may("referrals.read_clinical") else "hidden"


def asked_by_link(question: Question, reference: str, at: datetime) -> dict[str, Any]:
    """Return what the page behind a link shows; the words only as long as they can be answered."""
    state = question.state(at)
    known = {"reference": reference, "words": question.words} if state == "open" else {"reference": None, "words": None}
    return {"state": state, "expires_at": question.expires_at, **known}
