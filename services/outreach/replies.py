"""The answers of outreach, put together from what the repositories know."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from services.outreach.models import Case, CollectionRun, Contact, Family, Step
from services.outreach.models.family import RESTRICTED_NAME, UNKNOWN_NAME
from services.outreach.repository import Work
from services.outreach.repository.families import LATEST


def cases(uow: Work, rows: Sequence[Case]) -> list[dict[str, Any]]:
    """Return cases as the contract's `Case`."""
    families = uow.families.by_id([case.family_id for case in rows])
    return [
        {
            **_columns(case),
            "family_name": families[case.family_id].name if case.family_id in families else UNKNOWN_NAME,
            "escalated": case.escalated,
            "overdue": case.is_overdue(uow.today),
        }
        for case in rows
    ]


def case_in_full(uow: Work, case: Case) -> dict[str, Any]:
    """Return a case with how the family may be reached, and what was tried, as the contract's `CaseInFull`."""
    family = uow.families.find(case.family_id)
    return {
        **cases(uow, [case])[0],
        "safe_contact": family.safe_contact if family else None,
        "parents": family.reachable() if family else [],
        "address": family.reachable_address() if family else None,
        "to_know": family,
        "history": uow.contacts.of_family(case.family_id, limit=LATEST),
    }


def runs(uow: Work, rows: Sequence[CollectionRun]) -> list[dict[str, Any]]:
    """Return runs as the contract's `CollectionRun`, stops in the order of their times."""
    hidden = uow.restrictions.hidden
    families = uow.families.by_id({stop.family_id for run in rows for stop in run.stops} - hidden)
    return [{**_columns(run), "stops": [_stop(stop, families.get(stop.family_id), hidden) for stop in _in_order(run)]} for run in rows]


def family_names(uow: Work, rows: Sequence[CollectionRun]) -> dict[UUID, str]:
    """Return the names of the families on runs; those that are restricted to others have none."""
    wanted, hidden = {stop.family_id for run in rows for stop in run.stops}, uow.restrictions.hidden
    families = uow.families.by_id(wanted - hidden)
    return {**dict.fromkeys(wanted & hidden, RESTRICTED_NAME), **{family.id: family.name for family in families.values()}}


def story(uow: Work, family_id: UUID) -> dict[str, Any]:
    """Return what outreach knows of a family, newest first."""
    uow.saw(family_id=family_id)
    entries = [
        *map(_of_step, uow.steps.of_family(family_id)),
        *map(_of_contact, uow.contacts.of_family(family_id)),
    ]
    newest_first = sorted(entries, key=lambda entry: (entry["occurred_at"], entry["id"]), reverse=True)
    return {"entries": newest_first, "open_cases": cases(uow, uow.cases.all_open_of(family_id))}


def _columns(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def _in_order(run: CollectionRun) -> list[Any]:
    return sorted(run.stops, key=lambda stop: (stop.pick_up_at, stop.id))


def _stop(stop: Any, family: Family | None, hidden: Collection[UUID]) -> dict[str, Any]:
    """Return a stop; where the family is restricted to others, not where it lives, nor what is to be known of it."""
    if stop.family_id in hidden:
        return {**_columns(stop), "family_name": RESTRICTED_NAME, "restricted": True, "pick_up_from": None, "to_know": None}
    return {**_columns(stop), "family_name": family.name if family else UNKNOWN_NAME, "restricted": False, "to_know": family}


def _of_step(step: Step) -> dict[str, Any]:
    facts = {**step.facts, "by_name": step.by_name}
    return {"id": step.id, "occurred_at": step.at, "kind": step.kind, "facts": facts}


def _of_contact(contact: Contact) -> dict[str, Any]:
    return {"id": contact.id, "occurred_at": contact.made_at, "kind": "contact.made", "facts": contact.facts}
