"""A referral as the team reads it."""

from datetime import date
from typing import Any

from chassis.caller import Caller
from services.referrals import contract
from services.referrals.models import Referral, Step

_SUMMARY = tuple(contract.ReferralSummary().fields)
_CLINICAL = ("why_now", "concern", "secondary_care")
_PLAIN = ("referrer", "referred_by_name", "risks_to_visitors", "duplicate_of", "may_move_to")


def referral(row: Referral, reader: Caller) -> dict[str, Any]:
    """Return the referral as the team reads it; clinical words only for those who may read them."""
    may_read = reader.may("referrals.read_clinical")
    return {
        **{name: getattr(row, name) for name in (*_SUMMARY, *_PLAIN)},
        **{name: getattr(row, name) if may_read else None for name in _CLINICAL},
        "family": _dated(row.family),
        "steps": [_step(step, may_read=may_read) for step in row.history],
        "clinical_hidden": not may_read,
    }


def _dated(record: dict[str, Any]) -> dict[str, Any]:
    """Return a kept family with its days as days; loading it through its schema would cost ten times as much."""
    return {**record, **{side: [_born(person) for person in record[side]] for side in ("parents", "children")}}


def _born(person: dict[str, Any]) -> dict[str, Any]:
    day = person["birth_date"]
    return {**person, "birth_date": day and date.fromisoformat(day)}


def _step(step: Step, *, may_read: bool) -> dict[str, Any]:
    names = ("status", "at", "by_name", "agency_name", "to")
    return {**{name: getattr(step, name) for name in names}, "reason": step.reason if may_read else None}
