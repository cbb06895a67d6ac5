"""Queries on webhooks: within a borough, and through the role that sends for every borough."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Page, Repository
from gateway.people.models import real_now
from gateway.webhooks.models import Delivery, Webhook


class Webhooks(Repository[Webhook]):
    """Where the systems of the borough want to be told."""

    model = Webhook

    def of_system(self, acts_as: UUID, *, for_update: bool = False) -> Webhook | None:
        """Return the webhook of one system, or None."""
        found = self.rows().where(Webhook.acts_as == acts_as)
        return self.first(found.with_for_update(key_share=True) if for_update else found)

    def switch_off(self, acts_as: UUID) -> None:
        """Tell a system nothing more, where it is told anything."""
        webhook = self.of_system(acts_as, for_update=True)
        if webhook is not None and webhook.state == "on":
            webhook.switch(webhook.version, on=False)


class Deliveries(Repository[Delivery]):
    """What the systems of the borough were told, or are to be."""

    model = Delivery

    def listed(self, webhook_id: UUID, after: str | None, limit: int) -> Page[Delivery]:
        """Return a page of one webhook's deliveries, newest first; the first page counts them all."""
        rows = self.rows().where(Delivery.webhook_id == webhook_id)
        return self.page(rows, Delivery.created_at, after, limit, newest_first=True, total=not after)

    def put(self, values: dict[str, Any]) -> None:
        """Put something in that is to be told; the same step once."""
        self.session.execute(insert(Delivery).values(borough_id=self.borough_id, **values).on_conflict_do_nothing())

    def silenced_after(self, webhook_id: UUID, referral_id: UUID, sequence: int) -> bool:
        """Tell whether the family of a referral let less be told after a version of it."""
        asked = select(Delivery.id).where(
            Delivery.borough_id == self.borough_id,
            Delivery.referral_id == referral_id,
            Delivery.webhook_id == webhook_id,
            Delivery.state == "taken_back",
            Delivery.sequence > sequence,
        )
        return self.session.scalar(asked.limit(1)) is not None

    def take_back(self, webhook_id: UUID, referral_id: UUID, but_for: UUID) -> None:
        """Send nothing more of a referral that has not arrived, ``but_for`` one step of it."""
        gone = update(Delivery).where(
            Delivery.borough_id == self.borough_id,
            Delivery.referral_id == referral_id,
            Delivery.webhook_id == webhook_id,
            Delivery.state.in_(["waiting", "given_up"]),
            Delivery.step_id != but_for,
        )
        self.session.execute(gone.values(state="taken_back", settled_at=real_now()))
