"""Answers about places."""

from collections.abc import Sequence
from typing import Any

from chassis.clock import london
from services.sessions.models import Place, engagement, missed_in_a_row
from services.sessions.replies.columns import place_of
from services.sessions.repository import Work


def places(uow: Work, rows: Sequence[Place]) -> list[dict[str, Any]]:
    """Return places as the contract's `Place`, with how each family is doing."""
    families = uow.families.shown([place.family_id for place in rows])
    groups = uow.groups.by_id(place.group_id for place in rows)
    histories = uow.marks.histories([place.id for place in rows])
    return [
        {
            **place_of(place, families),
            "group_name": groups[place.group_id].name if place.group_id else None,
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
