"""What this service has to tell the others, as its operator's role sees it: of every borough."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Update, bindparam, delete, func, literal_column, select, text, tuple_, update

from chassis.database.tables import outbox
from chassis.events.envelope import Envelope

_COLUMNS = (
    outbox.c.id,
    outbox.c.type,
    outbox.c.subject,
    outbox.c.sequence,
    outbox.c.borough_id,
    outbox.c.time,
    outbox.c.correlation_id,
    outbox.c.data,
    outbox.c.acting,
)
_NOWHERE: ColumnElement[datetime] = literal_column("'infinity'::timestamptz")
"""``sent_at`` of an event that no queue took: it does not wait, nor is it pruned with those that were taken."""
AGAIN_DAYS = 7
_WAITING = select(*_COLUMNS).where(outbox.c.sent_at.is_(None)).order_by(outbox.c.created_at).limit(bindparam("at_most"))
_THESE = update(outbox).where(tuple_(outbox.c.borough_id, outbox.c.id).in_(bindparam("keys", expanding=True)))
# made once, for every event passes here: making them takes longer than PostgreSQL takes to answer
_CLAIM = _WAITING.with_for_update(skip_locked=True)
_SENT, _UNROUTED = _THESE.values(sent_at=func.clock_timestamp()), _THESE.values(sent_at=_NOWHERE)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits to be sent, and since when."""

    events: int
    oldest: datetime | None


class Outbox:
    """The outbox of one service, on a connection of its operator's role."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(self, at_most: int) -> list[Envelope]:
        """Return events that wait, locked until the transaction ends; those that another process has are passed over."""
        return [_envelope(row) for row in self._connection.execute(_CLAIM, {"at_most": at_most})]

    def mark_sent(self, events: Sequence[Envelope]) -> None:
        """Note that a queue holds each of ``events``."""
        self._mark(_SENT, events)

    def mark_unrouted(self, events: Sequence[Envelope]) -> None:
        """Note that no queue asked for ``events``: they stay here, to be found and replayed."""
        self._mark(_UNROUTED, events)

    def send_again(self, events: Sequence[tuple[UUID, UUID]]) -> int:
        """Let the relay send events (borough, id) once more; return how many there are."""
        again = update(outbox).where(tuple_(outbox.c.borough_id, outbox.c.id).in_(events)).values(sent_at=None)
        return self._connection.execute(again).rowcount

    def send_missed_again(self, types: Collection[str]) -> int:
        """Let the relay send those events of ``types`` once more that no queue took in the last week; return how many there are."""
        missed = update(outbox).where(outbox.c.sent_at == _NOWHERE, outbox.c.type.in_(types), outbox.c.created_at > _days_ago(AGAIN_DAYS))
        return self._connection.execute(missed.values(sent_at=None)).rowcount

    def unrouted(self, at_most: int = 100) -> list[Envelope]:
        """Return events that no queue took, oldest first."""
        nowhere = select(*_COLUMNS).where(outbox.c.sent_at == _NOWHERE).order_by(outbox.c.created_at).limit(at_most)
        return [_envelope(row) for row in self._connection.execute(nowhere)]

    def unsent(self, at_most: int = 100) -> list[Envelope]:
        """Return events that wait, oldest first, without claiming them."""
        return [_envelope(row) for row in self._connection.execute(_WAITING, {"at_most": at_most})]

    def find(self, event_id: UUID) -> Envelope | None:
        """Return the event, if it is one of this service's and not pruned yet."""
        row = self._connection.execute(select(*_COLUMNS).where(outbox.c.id == event_id)).one_or_none()
        return _envelope(row) if row else None

    def told(self, types: Sequence[str], since: datetime) -> list[tuple[UUID, UUID]]:
        """Return (borough, id) of the sent events of some types that were written since a moment."""
        sent = select(outbox.c.borough_id, outbox.c.id).where(
            outbox.c.type.in_(types), outbox.c.created_at >= since, outbox.c.sent_at.is_not(None)
        )
        return [(row.borough_id, row.id) for row in self._connection.execute(sent.order_by(outbox.c.created_at))]

    def waiting(self) -> Waiting:
        """Return how much waits to be sent."""
        count = select(func.count(), func.min(outbox.c.created_at)).where(outbox.c.sent_at.is_(None))
        events, oldest = self._connection.execute(count).one()
        return Waiting(events, oldest)

    def prune(self, days: int, unrouted_days: int) -> int:
        """Delete what was sent more than ``days`` ago, or could not be routed ``unrouted_days`` ago; return how many."""
        sent = self._connection.execute(delete(outbox).where(outbox.c.sent_at < _days_ago(days))).rowcount
        nowhere = delete(outbox).where(outbox.c.sent_at == _NOWHERE, outbox.c.created_at < _days_ago(unrouted_days))
        return sent + self._connection.execute(nowhere).rowcount

    def _mark(self, how: Update, events: Sequence[Envelope]) -> None:
        if events:
            self._connection.execute(how, {"keys": [(event.borough_id, event.id) for event in events]})


def _days_ago(days: int) -> Any:
    return text(f"now() - make_interval(days => {int(days)})")


def _envelope(row: Row[Any]) -> Envelope:
    return Envelope(*row)
