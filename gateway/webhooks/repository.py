"""Queries on webhooks: within a borough, and through the role that sends for every borough."""

from chassis.database import Page, Repository
from gateway.webhooks.models import Delivery, Webhook


class Webhooks(Repository[Webhook]):
    """Where the systems of the borough want to be told."""

    model = Webhook

    def of_system(self, acts_as: object, *, for_update: bool = False) -> Webhook | None:
        """Return the webhook of one system, or None."""
        found = self.rows().where(Webhook.acts_as == acts_as)
        return self.first(found.with_for_update(key_share=True) if for_update else found)


class Deliveries(Repository[Delivery]):
    """What the systems of the borough were told, or are to be."""

    model = Delivery

    def listed(self, webhook_id: object, after: str | None, limit: int) -> Page[Delivery]:
        """Return a page of one webhook's deliveries, newest first; the first page counts them all."""
        rows = self.rows().where(Delivery.webhook_id == webhook_id)
        return self.page(rows, Delivery.created_at, after, limit, newest_first=True, total=not after)
