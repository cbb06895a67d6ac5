"""Everybody hears of a borough as it is now: by event, after it was written."""

from typing import Any

from chassis.contract import EventType
from gateway.boroughs.models import Borough
from gateway.repository import Work

TOLD = ("slug", "name", "programme_name", "practice", "suspended", "opened", "policy")


def tell(work: Work, borough: Borough, what: EventType, **more: Any) -> None:
    """Write the borough, which counts its version, keep the gateway's own copy, and put the event into the outbox."""
    work.session.flush()
    work.boroughs.keep_copy(borough)
    work.publish(what(borough.id, borough.version, **{name: getattr(borough, name) for name in TOLD}, **more))
