"""Answers about groups and their sessions, and what the Today page needs."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from services.sessions.models import Group, Place, Session, Venue, calendar
from services.sessions.models.places import TAKING_A_SEAT
from services.sessions.replies.columns import columns, place_of
from services.sessions.repository import Counted, Work

LATEST = 6
"""How many past sessions a group's page shows."""

UNCLOSED = 25
"""How many registers that are not closed Today shows."""


def groups(uow: Work, rows: Sequence[Group]) -> list[dict[str, Any]]:
    """Return groups as the contract's `Group`."""
    ids = [group.id for group in rows]
    venues = uow.venues.by_id(group.venue_id for group in rows)
    counts = uow.places.tally(ids)
    return [
        {
            **columns(group),
            "weekday": str(group.weekday),
            "venue_name": venues[group.venue_id].name,
            "taken": sum(counts[group.id, status] for status in TAKING_A_SEAT),
            "waiting": counts[group.id, "waiting"],
        }
        for group in rows
    ]


def group_in_full(uow: Work, group: Group) -> dict[str, Any]:
    """Return one group with its sessions, and its places for who may see families."""
    until = uow.today + calendar.HORIZON
    rows = uow.sessions.around(group.id, uow.today, before=LATEST, until=until)
    places = uow.places.of_group(group.id) if uow.caller.may("families.read") else []
    return {
        **groups(uow, [group])[0],
        "places": _places(uow, places),
        "sessions": sessions(uow, rows),
        "skipped": [{"on": on, "bank_holiday": name} for on, name in group.skipped(uow.today, until)],
    }


def sessions(uow: Work, rows: Sequence[Session]) -> list[dict[str, Any]]:
    """Return sessions as the contract's `Session`, in the order given."""
    homes = uow.groups.at_venues(session.group_id for session in rows)
    stops = uow.runs.stops([session.id for session in rows])
    return [
        session_of(counted, *homes[counted.session.group_id], _states(stops[counted.session.id].values()), uow.today)
        for counted in uow.sessions.counted(rows)
    ]


def session_of(counted: Counted, group: Group, venue: Venue, states: Collection[str], today: date) -> dict[str, Any]:
    """Return one session as the contract's `Session`; ``states`` are those of its collections."""
    return {
        **columns(counted.session),
        "status": counted.session.status(today),
        "group_name": group.name,
        "room": group.room,
        "venue_name": venue.name,
        "expected": counted.expected,
        "marked": counted.marked,
        "here": counted.here,
        "to_collect": sum(state == "arranged" for state in states),
        "collected": sum(state == "collected" for state in states),
    }


def sessions_on(uow: Work, on: date) -> dict[str, Any]:
    """Return what the Today page needs, as the contract's `SessionsOnDay`."""
    of_day, unclosed = uow.sessions.on_day(on), uow.sessions.unclosed_page(on, None, UNCLOSED)
    told = sessions(uow, [*of_day, *unclosed.items])
    waiting, starting = uow.places.outlook(on, days=7)
    return {
        "on": on,
        "sessions": told[: len(of_day)],
        "unclosed": told[len(of_day) :],
        "unclosed_total": uow.sessions.unclosed_count(on) if unclosed.next else len(unclosed.items),
        "starting": starting,
        "waiting": waiting,
    }


def _states(stops: Collection[dict[str, Any]]) -> list[str]:
    return [stop["state"] for stop in stops]


def _places(uow: Work, rows: Sequence[Place]) -> list[dict[str, Any]]:
    families = uow.families.shown([place.family_id for place in rows])
    return [
        {
            **place_of(place, families),
            "since": place.starts_on,
        }
        for place in rows
    ]
