"""What waits to be told, through the role that sees it for every borough."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, select, tuple_, update

from chassis.database import Database
from gateway.people.models import real_now
from gateway.webhooks.models import Delivery, Webhook

LEASE: Final = timedelta(minutes=2)
"""Longer than one round may take: while one process tries, the others leave it."""


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery with where it goes."""

    delivery: Delivery
    webhook: Webhook


class WebhookOutbox:
    """Takes out what is due, and notes what came of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, count: int) -> list[Due]:
        """Return at most ``count`` deliveries that are due, one a webhook; nobody else gets them until `LEASE` is over."""
        now = real_now()
        reachable = (Webhook.state == "on") & (func.coalesce(Webhook.rests_until, now) <= now)
        of_webhook = (Delivery.borough_id == Webhook.borough_id) & (Delivery.webhook_id == Webhook.id)
        waiting = (Delivery.state == "waiting") & (Delivery.next_attempt_at <= now)
        first = (
            select(Delivery.borough_id, Delivery.id)
            .join(Webhook, of_webhook)
            .where(waiting, reachable)
            .distinct(Delivery.borough_id, Delivery.webhook_id)
            .order_by(Delivery.borough_id, Delivery.webhook_id, Delivery.next_attempt_at, Delivery.id)
            .limit(count)
        )
        claimed = {"attempts": Delivery.attempts + 1, "next_attempt_at": now + LEASE, "last_attempt_at": now}
        # asked again in the UPDATE, which waits for whoever claimed the same row: then it is not due any more
        taken = update(Delivery).where(tuple_(Delivery.borough_id, Delivery.id).in_(first), waiting).values(claimed)
        with self._database.platform_session() as session:
            deliveries = list(session.scalars(taken.returning(Delivery)))
            webhooks = {webhook.id: webhook for webhook in session.scalars(self._webhooks(deliveries))} if deliveries else {}
            session.commit()
            return [Due(delivery, webhooks[delivery.webhook_id]) for delivery in deliveries]

    def _webhooks(self, deliveries: Sequence[Delivery]) -> Any:
        keys = [(delivery.borough_id, delivery.webhook_id) for delivery in deliveries]
        return select(Webhook).where(tuple_(Webhook.borough_id, Webhook.id).in_(keys))

    def arrived(self, due: Due, outcome: str) -> None:
        """Note that a delivery arrived, and that its webhook works."""
        works = {"failing_since": None, "rests_until": None}
        self._note(due, works, state="delivered", last_outcome=outcome, settled_at=real_now())

    def failed(self, due: Due, outcome: str, *, next_attempt_at: datetime | None, rests_until: datetime) -> None:
        """Note that a delivery did not arrive; without a next attempt it is given up."""
        failing = {"failing_since": func.coalesce(Webhook.failing_since, real_now()), "rests_until": rests_until}
        if next_attempt_at is None:
            self._note(due, failing, state="given_up", last_outcome=outcome, settled_at=real_now())
        else:
            self._note(due, failing, next_attempt_at=next_attempt_at, last_outcome=outcome)

    def _note(self, due: Due, of_webhook: dict[str, Any], **of_delivery: Any) -> None:
        """Write what came of one attempt; what was taken back meanwhile stays so."""
        delivery, webhook = due.delivery, due.webhook
        mine = update(Delivery).where(Delivery.borough_id == delivery.borough_id, Delivery.id == delivery.id, Delivery.state == "waiting")
        where = update(Webhook).where(Webhook.borough_id == webhook.borough_id, Webhook.id == webhook.id)
        with self._database.platform_session() as session:
            session.execute(mine.values(**of_delivery))
            session.execute(where.values(**of_webhook))
            session.commit()

    def forget(self, before: datetime) -> int:
        """Delete what was settled before a moment; return how many."""
        with self._database.platform_session() as session:
            gone = cast("CursorResult[Any]", session.execute(delete(Delivery).where(Delivery.settled_at < before))).rowcount
            session.commit()
            return gone

    def failing(self, since: datetime) -> list[tuple[UUID, UUID]]:
        """Return the webhooks by which nothing has arrived since a moment, with their boroughs."""
        asked = select(Webhook.borough_id, Webhook.id).where(Webhook.state == "on", Webhook.failing_since <= since)
        with self._database.platform_session() as session:
            return [(borough_id, webhook_id) for borough_id, webhook_id in session.execute(asked)]
