"""Families, cases and collection runs to test outreach's rules on, without a database."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from chassis.clock import LONDON
from chassis.ids import new_id
from services.outreach.models import By, Case, CollectionRun, Family
from services.outreach.models.collections import CHILD_SEATS, SEATS
from tests import factories
from tests.support.families import family_facts

BOROUGH = UUID("00000000-0000-4000-8000-0000000050c4")
TUESDAY = date(2025, 3, 4)
"""The day that tests happen on: an ordinary Tuesday in term."""


def at(hour: int = 12, minute: int = 0, *, on: date = TUESDAY) -> datetime:
    """Return the moment at which London's clocks show a time."""
    return datetime.combine(on, time(hour, minute), tzinfo=LONDON)


def by(name: str = "Jo Marsh", *, moment: datetime | None = None) -> By:
    """Return an outreach worker at a moment."""
    return By(new_id(), name, moment or at())


def a_family(*channels: str, **facts: Any) -> Family:
    """Return the copy of a family that may be reached by ``channels``, by default by text, phone and visit."""
    safe = factories.safe_contact_details(channels=list(channels) or ["text", "phone", "visit"])
    told = family_facts(safe_contact=safe, **facts)
    return Family(borough_id=BOROUGH, id=told["family_id"], sequence=1, **Family.values(told))


def a_case(reason: str = "missed_sessions", *, opened: datetime | None = None, **columns: Any) -> Case:
    """Return an open case as it is kept."""
    moment = opened or at()
    case, _ = Case.opened(BOROUGH, new_id(), reason, on=moment.date(), at=moment)
    case.version = 1
    for name, value in columns.items():
        setattr(case, name, value)
    return case


def contact_values(channel: str = "text", outcome: str = "reached", **more: Any) -> dict[str, Any]:
    """Return what a loaded `LogContact` says of a contact."""
    return {"channel": channel, "direction": "out", "outcome": outcome, "note": None, "made_at": None, **more}


def a_run(**columns: Any) -> CollectionRun:
    """Return a run on which nobody is yet, before a session at ten."""
    plain: dict[str, Any] = {
        "version": 1, "session_id": new_id(), "session_starts_at": at(10), "on": TUESDAY, "group_name": "Peckham Tuesday",
        "status": "arranged", "seats": SEATS, "child_seats": CHILD_SEATS, "changes": 0, "stops": [],
    }  # fmt: skip
    return CollectionRun(borough_id=BOROUGH, **{**plain, **columns})


def pick_up(hour: int = 9, minute: int = 35, **more: Any) -> dict[str, Any]:
    """Return what a loaded `ArrangeCollection` says of a stop."""
    plain = {"pick_up_from": None, "people": None, "children": None, "driver_name": "Sam Okoro", "seats": None, "child_seats": None}
    return {**plain, "pick_up_at": time(hour, minute), **more}


WEEK = timedelta(weeks=1)
