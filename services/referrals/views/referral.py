"""A referral as the team reads it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from chassis.caller import Caller
from services.referrals import contract
from services.referrals.models import Answer, Question, Referral, Step
from services.referrals.views.family import without_private

_SUMMARY = tuple(contract.ReferralSummary().fields)
_CLINICAL = ("why_now", "concern", "parental_need", "secondary_care", "care_team", "other_services")
_DAYS = frozenset({"birth_date", "expected_date", "from_on", "until_on", "received_on"})
_PLAIN = (
    "referrer", "referred_by_name", "borough_link", "risks_to_visitors", "duplicate_of", "may_move_to", "may_reopen", "agreement",
    "assigned_to_id", "assigned_to_name",
)  # fmt: skip


def referral(row: Referral, reader: Caller, criteria: Iterable[Answer], questions: Iterable[Question]) -> dict[str, Any]:
    """Return the referral as the team reads it; clinical words only for those who may read them."""
    may_read, family = reader.may("referrals.read_clinical"), _dated(row.family)
    return {
        **{name: getattr(row, name) for name in (*_SUMMARY, *_PLAIN)},
        **{name: getattr(row, name) if may_read else None for name in _CLINICAL},
        "intake": _with_days(row.intake),
        "family": family if reader.may("families.change") else without_private(family),
        "steps": [_step(step, may_read=may_read) for step in row.history],
        "criteria": [criterion(answer, may_read=may_read) for answer in criteria],
        "questions": [_question(question, may_read=may_read) for question in questions],
        "clinical_hidden": not may_read,
    }


def _dated(record: dict[str, Any]) -> dict[str, Any]:
    """Return a kept family with its days as days; loading it through its schema would cost ten times as much."""
    lists = ("parents", "children", "addresses")
    dated = {name: [_with_days(each) for each in record.get(name) or []] for name in lists}
    return {**record, **dated, "parents": [{**parent, "contact_points": _points(parent)} for parent in dated["parents"]]}


def _points(parent: dict[str, Any]) -> list[dict[str, Any]]:
    """Return how a parent may be reached, also of one who was referred before this was asked in full."""
    return contract.settled_points(parent.get("phone"), parent.get("email"), parent.get("contact_points"))


def _with_days(kept: dict[str, Any]) -> dict[str, Any]:
    return {name: date.fromisoformat(value) if name in _DAYS and value else value for name, value in kept.items()}


def criterion(answer: Answer, *, may_read: bool) -> dict[str, Any]:
    """Return the answer to one criterion; what is clinical only to those who may read it."""
    told = {name: getattr(answer, name) for name in ("criterion", "answer", "fact", "flagged", "by_name", "at")}
    if may_read or answer.criterion not in contract.CLINICAL_CRITERIA:
        return told
    return {**told, "answer": None, "fact": None, "flagged": False}


def _question(question: Question, *, may_read: bool) -> dict[str, Any]:
    names = ("id", "asked_by", "asked_at", "expires_at", "mailed", "answered_at", "came_after", "seen_by")
    words = {name: getattr(question, name) if may_read else None for name in ("words", "answer")}
    return {**{name: getattr(question, name) for name in names}, **words}


def _step(step: Step, *, may_read: bool) -> dict[str, Any]:
    names = ("status", "at", "by_name", "agency_name", "to", "because")
    told = {**{name: getattr(step, name) for name in names}, "told": list(step.told), "kind": step.kind or None}
    return {**told, "reason": step.reason if may_read else None}
