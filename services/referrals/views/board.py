"""The triage board, and what the page behind a referrer's link shows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.clock import london
from chassis.database import Page
from chassis.working_days import working_days_between
from services.referrals import contract
from services.referrals.models import WAITING, Question, Terms, fit_of
from services.referrals.models.eligibility import answers_to
from services.referrals.repository import Work
from services.referrals.repository.board import Counted, OnBoard

_SUMMARY = tuple(contract.ReferralSummary().fields)


def board(uow: Work, page: Page[OnBoard], counted: Counted, late_before: datetime) -> dict[str, Any]:
    """Return a page of the board with the counts above it."""
    reader = Reader.of(uow, late_before)
    return {
        "items": [_item(row, reader) for row in page.items],
        "next": page.next,
        "total": page.total,
        "counts": {**counted.waiting, "late_answers": counted.late_answers},
        "policy_days": uow.first_contact_days,
    }


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at the board, when, and what the borough's policy says: the same for each row, so asked for once.

    Attributes:
        terms: who may come; None for who may not read what is clinical.
    """

    person_id: UUID
    today: date
    late_before: datetime
    terms: Terms | None

    @classmethod
    def of(cls, uow: Work, late_before: datetime) -> "Reader":
        """Return the caller of a work."""
        terms = uow.terms if uow.caller.may("referrals.read_clinical") else None
        return cls(uow.caller.person_id, london(uow.now).date(), late_before, terms)


def _item(row: OnBoard, reader: Reader) -> dict[str, Any]:
    waits = row.status in WAITING
    return {
        **{name: getattr(row, name) for name in _SUMMARY},
        "waited_days": working_days_between(london(row.received_at).date(), reader.today) if waits else 0,
        "late": waits and row.received_at < reader.late_before,
        "assigned_to_name": row.assigned_to_name,
        "mine": row.assigned_to_id == reader.person_id,
        "fit": _fit(row, reader),
        "warns_visitors": row.warns_visitors,
    }


def _fit(row: OnBoard, reader: Reader) -> str:
    """Return whether the group fits, in a word; to whoever may not read what is clinical, not even that."""
    return fit_of(answers_to(row, reader.terms, reader.today)) if reader.terms else "hidden"


def asked_by_link(question: Question, reference: str, at: datetime) -> dict[str, Any]:
    """Return what the page behind a link shows; the words only as long as they can be answered."""
    state = question.state(at)
    known = {"reference": reference, "words": question.words} if state == "open" else {"reference": None, "words": None}
    return {"state": state, "expires_at": question.expires_at, **known}
