"""The answers of sessions, put together from what the repositories know."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from chassis.clock import london
from services.sessions.models import (
    Expected,
    Group,
    Place,
    Register,
    Session,
    calendar,
    engagement,
    missed_in_a_row,
    story,
    times_attended,
    times_held,
)
from services.sessions.models.family import UNKNOWN_NAME
from services.sessions.models.places import TAKING_A_SEAT
from services.sessions.repository import Work

LATEST = 6
"""How many past sessions a group's page shows."""

UNCLOSED = 25
"""How many registers that are not closed Today shows."""


def groups(uow: Work, rows: Sequence[Group]) -> list[dict[str, Any]]:
    """Return groups as the contract's `Group`."""
    ids = [group.id for group in rows]
    venues = uow.venues.by_id(group.venue_id for group in rows)
    taken, waiting = uow.places.tally(ids, TAKING_A_SEAT), uow.places.tally(ids, ("waiting",))
    return [
        {
            **_columns(group),
            "weekday": str(group.weekday),
            "venue_name": venues[group.venue_id].name,
            "taken": taken.get(group.id, 0),
            "waiting": waiting.get(group.id, 0),
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
        "places": _group_places(uow, places),
        "sessions": sessions(uow, rows),
        "skipped": [{"on": on, "bank_holiday": name} for on, name in group.skipped(uow.today, until)],
    }


def sessions(uow: Work, rows: Sequence[Session]) -> list[dict[str, Any]]:
    """Return sessions as the contract's `Session`, in the order given."""
    by_id = uow.groups.by_id(session.group_id for session in rows)
    venues = uow.venues.by_id(group.venue_id for group in by_id.values())
    stops = uow.runs.stops([session.id for session in rows])
    replies = []
    for session, expected, marked, here in uow.sessions.counted(rows):
        group = by_id[session.group_id]
        states = [stop["state"] for stop in stops[session.id].values()]
        replies.append({
            **_columns(session),
            "status": session.status(uow.today),
            "group_name": group.name,
            "room": group.room,
            "venue_name": venues[group.venue_id].name,
            "expected": expected,
            "marked": marked,
            "here": here,
            "to_collect": states.count("arranged"),
            "collected": states.count("collected"),
        })
    return replies


def sessions_on(uow: Work, on: date) -> dict[str, Any]:
    """Return what the Today page needs, as the contract's `SessionsOnDay`."""
    unclosed = uow.sessions.unclosed_page(on, None, UNCLOSED, total=True)
    return {
        "on": on,
        "sessions": sessions(uow, uow.sessions.on_day(on)),
        "unclosed": sessions(uow, unclosed.items),
        "unclosed_total": unclosed.total,
        "starting": uow.places.starting(on, days=7),
        "waiting": uow.places.waiting(),
    }


def places(uow: Work, rows: Sequence[Place]) -> list[dict[str, Any]]:
    """Return places as the contract's `Place`, with how each family is doing."""
    families = uow.families.by_id([place.family_id for place in rows])
    by_id = uow.groups.by_id(place.group_id for place in rows)
    histories = uow.marks.histories([place.id for place in rows])
    return [
        {
            **_columns(place),
            "family_name": families[place.family_id].name if place.family_id in families else UNKNOWN_NAME,
            "group_name": by_id[place.group_id].name if place.group_id else None,
            "asked_on": london(place.asked_at).date(),
            "engagement": standing(uow, place, histories[place.id]),
            "missed": missed_in_a_row(histories[place.id]),
        }
        for place in rows
    ]


def standing(uow: Work, place: Place | None, marks: Sequence[str]) -> str:
    """Return the code of where a family is on its way."""
    away = place is not None and place.status in {"paused", "ended"}
    return engagement(marks, paused=away, thresholds=uow.thresholds)


def register_of(uow: Work, session: Session) -> Register:
    """Return the register of a session with everybody who is expected."""
    spells = uow.spells.at(session)
    families = uow.families.by_id([spell.family_id for spell in spells])
    histories = uow.marks.histories([spell.place_id for spell in spells], before=session.on)
    stops = uow.runs.stops([session.id])[session.id]
    expected = [
        Expected(
            spell.family_id, spell.place_id, families.get(spell.family_id), histories[spell.place_id], stops.get(spell.family_id)
        )
        for spell in spells
    ]
    return Register(session, uow.groups.get(session.group_id), expected, uow.marks.of_session(session.id))


def register(uow: Work, book: Register) -> dict[str, Any]:
    """Return a register as the contract's `Register`."""
    session = book.session
    return {
        "session": sessions(uow, [session])[0],
        "version": session.version,
        "lines": [_line(book, line) for line in book.expected],
        "people_here": book.people_here,
        "families_here": book.families_here,
        "expected": len(book.expected),
        "to_mark": len(book.unmarked),
        "may_mark": session.status(uow.today) == "open",
        "closed_at": session.closed_at,
        "closed_by": session.closed_by,
    }


def family_attendance(uow: Work, family_id: UUID) -> dict[str, Any]:
    """Return everything of sessions that a family's page shows; of a family without a place, that there is nothing."""
    uow.saw(family_id=family_id)
    place = uow.places.latest_of(family_id)
    days = list(story.told(uow.marks.days(family_id)))
    marks = [one.day.mark for one in days]
    of_place = [one.day.mark for one in days if place and one.day.place_id == place.id]
    stops = uow.runs.stops([one.day.session_id for one in days])
    return {
        "family_id": family_id,
        "engagement": standing(uow, place, of_place),
        "missed": missed_in_a_row(of_place),
        "attended": times_attended(marks),
        "of": times_held(marks),
        "place": places(uow, [place])[0] if place else None,
        "next_session": _next(uow, family_id),
        "days": [_day(one, stops[one.day.session_id].get(family_id)) for one in days],
        "entries": story.entries(uow.steps.of_family(family_id), days),
    }


def _columns(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def _group_places(uow: Work, rows: Sequence[Place]) -> list[dict[str, Any]]:
    families = uow.families.by_id([place.family_id for place in rows])
    return [
        {
            "id": place.id,
            "family_id": place.family_id,
            "family_name": families[place.family_id].name if place.family_id in families else UNKNOWN_NAME,
            "status": place.status,
            "version": place.version,
            "since": place.starts_on,
        }
        for place in rows
    ]


def _line(book: Register, line: Expected) -> dict[str, Any]:
    mark = book.marks.get(line.family_id)
    said = {name: getattr(mark, name, None) for name in ("mark", "arrived_at", "left_at", "marked_by", "marked_at")}
    return {
        **said,
        "family_id": line.family_id,
        "family_name": line.name,
        "surname": line.surname,
        "members": line.family.people if line.family else [],
        "language": line.family.language if line.family else None,
        "interpreter": line.family.interpreter if line.family else None,
        "people": mark.people if mark else [],
        "collection": line.collection["state"] if line.collection else None,
        "collected_at": line.collection["at"] if line.collection else None,
        "first_time": not times_attended(line.history),
        "missed": missed_in_a_row(line.history),
    }


def _day(one: story.Told, stop: dict[str, Any] | None) -> dict[str, Any]:
    day = one.day
    return {
        "session_id": day.session_id,
        "on": day.on,
        "group_name": day.group_name,
        "mark": day.mark,
        "people": day.people,
        "collection": stop["state"] if stop else None,
        "missed": one.missed,
    }


def _next(uow: Work, family_id: UUID) -> dict[str, Any] | None:
    session = uow.sessions.next_of(family_id, uow.today)
    if session is None:
        return None
    stop = uow.runs.stops([session.id])[session.id].get(family_id)
    return {
        "session_id": session.id,
        "on": session.on,
        "starts_at": session.starts_at,
        "group_name": uow.groups.get(session.group_id).name,
        "collection": stop["state"] if stop else None,
    }
