"""A family's way through its referrals."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any
from uuid import uuid5

from chassis import clock
from services.referrals import contract
from services.referrals.models import Family, Referral, Step
from services.referrals.models.people import Person


def story(rows: Iterable[Referral], family: Family | None = None, agreed: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
    """Return what happened to a family's referrals and its record, newest first; nothing clinical, and none of anybody's words.

    ``agreed`` are entries of what it agreed to.
    """
    entries = [_entry(row, number, step) for row in rows for number, step in enumerate(row.history)]
    began = min((clock.london(entry["occurred_at"]).date() for entry in entries), default=date.min)
    entries += [*_moves(family, began), *_leavings(family), *agreed] if family else []
    return {"entries": sorted(entries, key=lambda entry: (entry["occurred_at"], entry["id"]), reverse=True)}


def _moves(family: Family, began: date) -> Iterator[dict[str, Any]]:
    """Yield that a family moved since it was first referred, but not where: a story is read aloud."""
    for address in family.history[:-1]:
        if address["from_on"] and address["from_on"] >= began:
            yield _of_record(family, "record.moved", address["from_on"], {})


def _leavings(family: Family) -> Iterator[dict[str, Any]]:
    everybody: list[Person] = [*family.parents, *family.children]
    for person in everybody:
        if person.left_on:
            yield _of_record(family, "record.left", person.left_on, {"name": contract.called(person.record()), "person_id": str(person.id)})


def _of_record(family: Family, kind: str, on: date, facts: dict[str, str]) -> dict[str, Any]:
    """Return something of which only the day is known: it is told at noon."""
    at = datetime.combine(on, time(12), clock.LONDON)
    return {"id": uuid5(family.id, f"{kind} {on} {facts.get('person_id')}"), "occurred_at": at, "kind": kind, "facts": facts}


def _entry(row: Referral, number: int, step: Step) -> dict[str, Any]:
    kind = "informed" if number and step.status == "received" else step.status
    facts = {"source": row.source, "service": row.referrer_service, "by": step.by_name, "agency": step.agency_name}
    return {"id": step.id, "occurred_at": step.at, "kind": f"referral.{kind}", "facts": {**facts, "referral_id": str(row.id)}}
