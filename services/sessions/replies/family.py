"""What a family's page shows of sessions."""

from typing import Any
from uuid import UUID

from services.sessions.models import missed_in_a_row, story, times_attended, times_held
from services.sessions.replies.places import places, standing
from services.sessions.repository import Work


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
