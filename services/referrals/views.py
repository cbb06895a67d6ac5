"""What a reader gets to see of a referral and of a family's way: no more than they may."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.caller import Caller
from chassis.database import Page
from services.referrals import contract
from services.referrals.models import Family, Referral, Restriction, Step
from services.referrals.repository import Waiting

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


def own(page: Page[Referral], most_told: str) -> dict[str, Any]:
    """Return a page of referrals as their referrer may see them; ``most_told`` is the borough's upper bound."""
    return {"items": [_own(row, most_told) for row in page.items], "next": page.next, "total": page.total}


def family(row: Family, *, restricted: bool) -> dict[str, Any]:
    """Return a family of the registry."""
    names = ("id", "version", "registered_at", "changed_at")
    return {**row.record(), **{name: getattr(row, name) for name in names}, "restricted": restricted}


def families(page: Page[Family], restricted: Collection[UUID]) -> dict[str, Any]:
    """Return a page of families; those that are ``restricted`` are marked."""
    items = [{"id": row.id, "name": row.name, "children": row.children, "restricted": row.id in restricted} for row in page.items]
    return {"items": items, "next": page.next, "total": page.total}


def restriction(row: Restriction, reader: Caller, at: datetime) -> dict[str, Any]:
    """Return who may see a family, to somebody who may."""
    told = {name: getattr(row, name) if row.in_force else None for name in ("reason", "words", "restricted_by", "restricted_at")}
    named = row.names(reader.person_id)
    return {
        **told,
        "family_id": row.id,
        "in_force": row.in_force,
        "version": row.version,
        "people": row.people,
        "glass": row.broken,
        "may_change": row.in_force and named,
        "may_add": row.in_force,
        "until": None if named else row.glass_of(reader.person_id, at),
    }


def unrestricted(family_id: UUID) -> dict[str, Any]:
    """Return what is told of who may see a family that was never restricted: everybody whose role allows it."""
    nothing = dict.fromkeys(("reason", "words", "restricted_by", "restricted_at", "until"))
    never: dict[str, Any] = {"in_force": False, "version": 0, "people": [], "glass": [], "may_change": False, "may_add": False}
    return {**nothing, **never, "family_id": family_id}


def story(rows: Iterable[Referral]) -> dict[str, Any]:
    """Return what happened to a family's referrals, newest first; nothing clinical, and none of anybody's words."""
    entries = [_entry(row, number, step) for row in rows for number, step in enumerate(row.history)]
    return {"entries": sorted(entries, key=lambda entry: (entry["occurred_at"], entry["id"]), reverse=True)}


def triage(waiting: dict[str, Waiting]) -> dict[str, Any]:
    """Return what waits for triage."""
    received = waiting.get("received", Waiting())
    return {
        "to_triage": received.number,
        "urgent": received.urgent,
        "oldest_received_at": received.oldest,
        "waiting_for_information": waiting.get("needs_information", Waiting()).number,
        "by_status": {status: waiting.get(status, Waiting()).number for status in contract.STATUSES},
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


def _own(row: Referral, most_told: str) -> dict[str, Any]:
    told = row.told(most_told)
    return {
        "id": row.id,
        "family_name": row.family_name,
        "referred_on": row.referred_on,
        "told": told.told_as,
        "told_words": contract.TOLD[told.told_as],
        "told_at": told.at,
        "question": told.reason if told.status == "needs_information" else None,
    }


def _entry(row: Referral, number: int, step: Step) -> dict[str, Any]:
    kind = "informed" if number and step.status == "received" else step.status
    facts = {"source": row.source, "service": row.referrer_service, "by": step.by_name, "agency": step.agency_name}
    return {"id": step.id, "occurred_at": step.at, "kind": f"referral.{kind}", "facts": {**facts, "referral_id": str(row.id)}}
