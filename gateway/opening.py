"""Opening a borough for referrals: what only the sessions service knows is asked of it."""

from collections.abc import Mapping
from typing import Any

from gateway.access import current
from services.sessions.contract import LIST_GROUPS, LIST_VENUES


def with_places(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `OPEN_BOROUGH` takes: whether there is a venue, and a group, at this moment."""
    venues, groups = current.gather(current.ask(LIST_VENUES, limit=1), current.ask(LIST_GROUPS, limit=1))
    return {**values, "has_venue": bool(venues["items"]), "has_group": bool(groups["items"])}
