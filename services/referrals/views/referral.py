"""A referral as the team reads it."""

from datetime import date
from typing import Any

from chassis.caller import Caller
from services.referrals import contract
from services.referrals.models import Referral, Step

_SUMMARY = tuple(contract.ReferralSummary().fields)
_CLINICAL = ("why_now", "concern", "secondary_care", "care_team", "other_services")
_DAYS = frozenset({"birth_date", "expected_date", "from_on", "until_on", "received_on"})
_PLAIN = ("referrer", "referred_by_name", "risks_to_visitors", "duplicate_of", "may_move_to", "agreement")


def referral(row: Referral, reader: Caller) -> dict[str, Any]:
    """Return the referral as the team reads it; clinical words only for those who may read them."""
    may_read = reader.may("referrals.read_clinical")
    return {
        **{name: getattr(row, name) for name in (*_SUMMARY, *_PLAIN)},
        **{name: getattr(row, name) if may_read else None for name in _CLINICAL},
        "intake": _with_days(row.intake),
        "family": _dated(row.family),
        "steps": [_step(step, may_read=may_read) for step in row.history],
        "clinical_hidden": not may_read,
    }


def _dated(record: dict[str, Any]) -> dict[str, Any]:
    """Return a kept family with its days as days; loading it through its schema would cost ten times as much."""
    lists = ("parents", "children", "addresses")
    return {**record, **{name: [_with_days(each) for each in record.get(name) or []] for name in lists}}


def _with_days(kept: dict[str, Any]) -> dict[str, Any]:
    return {name: date.fromisoformat(value) if name in _DAYS and value else value for name, value in kept.items()}


def _step(step: Step, *, may_read: bool) -> dict[str, Any]:
    names = ("status", "at", "by_name", "agency_name", "to")
    return {**{name: getattr(step, name) for name in names}, "reason": step.reason if may_read else None}
