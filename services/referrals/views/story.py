"""A family's way through its referrals."""

from collections.abc import Iterable
from typing import Any

from services.referrals.models import Referral, Step


def story(rows: Iterable[Referral]) -> dict[str, Any]:
    """Return what happened to a family's referrals, newest first; nothing clinical, and none of anybody's words."""
    entries = [_entry(row, number, step) for row in rows for number, step in enumerate(row.history)]
    return {"entries": sorted(entries, key=lambda entry: (entry["occurred_at"], entry["id"]), reverse=True)}


def _entry(row: Referral, number: int, step: Step) -> dict[str, Any]:
    kind = "informed" if number and step.status == "received" else step.status
    facts = {"source": row.source, "service": row.referrer_service, "by": step.by_name, "agency": step.agency_name}
    return {"id": step.id, "occurred_at": step.at, "kind": f"referral.{kind}", "facts": {**facts, "referral_id": str(row.id)}}
