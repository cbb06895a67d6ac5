"""Sends again what a broker without a memory has lost.

The in-process broker forgets its queues when the process ends. At the next start every event that a handler should
have had, and whose inbox does not know of it, is sent once more; whoever had it already passes it over.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog

from chassis.database import Database
from chassis.events.repository import Inbox, Outbox
from chassis.events.retries import KEEP_DAYS
from chassis.events.topology import Listener

log = structlog.get_logger(__name__)


def send_unseen(databases: Mapping[str, Database], listeners: Iterable[Listener]) -> int:
    """Let the relays send again what some listener has not seen; return how many events that is.

    Args:
        databases: of every service, by its name.
        listeners: of every service.
    """
    # the inbox forgets after 30 days: what is older than 29 may have been handled
    since = datetime.now(UTC) - timedelta(days=KEEP_DAYS - 1)
    unseen: dict[str, set[tuple[UUID, UUID]]] = {service: set() for service in databases}
    for listener in listeners:
        for service, types in _by_producer(listener).items():
            if service in databases:
                unseen[service] |= _unseen(databases[service], databases[listener.service], listener, types, since)
    count = sum(_send_again(databases[service], events) for service, events in unseen.items())
    log.info("events.sent_again", count=count)
    return count


def _by_producer(listener: Listener) -> dict[str, list[str]]:
    producers: dict[str, list[str]] = {}
    for event_type in listener.types:
        producers.setdefault(event_type.partition(".")[0], []).append(event_type)
    return producers


def _unseen(producer: Database, consumer: Database, listener: Listener, types: list[str], since: datetime) -> set[tuple[UUID, UUID]]:
    with producer.operating() as connection:
        told = Outbox(connection).told(types, since)
    with consumer.operating() as connection:
        seen = Inbox(connection).seen(listener.name)
    return {(borough_id, event_id) for borough_id, event_id in told if event_id not in seen}


def _send_again(database: Database, events: set[tuple[UUID, UUID]]) -> int:
    if not events:
        return 0
    with database.operating() as connection:
        return Outbox(connection).send_again(sorted(events))
