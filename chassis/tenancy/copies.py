"""How a service hears of boroughs, and which it works in."""

import structlog
from sqlalchemy import Connection

from chassis.contract import ReceivedEvent
from chassis.database import UnitOfWork
from chassis.database.tenants import Borough, erase_borough, keep_borough, known_boroughs
from chassis.events import on_event
from chassis.tenancy.contract import BOROUGH_CHANGED, BOROUGH_ERASED, BOROUGH_ONBOARDED, BOROUGH_SUSPENDED

log = structlog.get_logger(__name__)


class BoroughCopies:
    """The handlers that keep a service's ``boroughs``; its class derives from this."""

    @on_event(BOROUGH_ONBOARDED, BOROUGH_CHANGED, BOROUGH_SUSPENDED, any_borough=True)
    def hear_of_borough(self, work: UnitOfWork, event: ReceivedEvent) -> None:
        """Keep what is told of a borough, unless something newer is known."""
        facts = {name: fact for name, fact in event.data.items() if name != "begin_with"}
        keep_borough(work, Borough(borough_id=event.borough_id, sequence=event.sequence, **facts))  # type: ignore[arg-type]  # the contract's fields are the copy's

    @on_event(BOROUGH_ERASED)
    def hear_of_erasure(self, work: UnitOfWork, event: ReceivedEvent) -> None:
        """Delete every row of a borough, but for a mark without a name that makes late events do nothing.

        Raises:
            ValueError: it is a real borough, and nobody said that it is suspended. Tried again, and then for an operator to see.
        """
        erase_borough(work)
        log.info("borough.erased", event_id=event.id)


def active_boroughs(connection: Connection) -> list[Borough]:
    """Return the boroughs in which work goes on: neither suspended nor erased. For a connection of the operator's role."""
    return [borough for borough in known_boroughs(connection) if borough.slug and not borough.suspended]
