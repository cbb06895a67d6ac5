"""Sending what waits: at least once, with growing delay, for three days; then its webhook is stopped and administrators are told."""

import json
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog

from chassis.caller import Caller
from chassis.database import Database, open_work
from gateway.notices.models import Notice
from gateway.people.models import real_now
from gateway.repository import Work
from gateway.webhooks.models import TRIED_FOR, Delivery, delay_after
from gateway.webhooks.outbox import Due, WebhookOutbox
from gateway.webhooks.reach import WebhookReach
from gateway.webhooks.signing import WebhookSecrets

log = structlog.get_logger(__name__)

BATCH: Final = 10
RESTS_AT_MOST: Final = timedelta(minutes=1)
KEPT_FOR: Final = timedelta(days=30)
_SUBJECT: Final = "A system was told nothing for three days"
_REASON: Final = "It has not answered for three days, so no more updates are sent to it. Those that are waiting are saved."
_TEXT: Final = """\
{name} has not answered for three days, so nothing is sent to it any more.

Look at what waits, and switch it on again once the other side works (you need to sign in):

{link}
"""


class WebhookSender:
    """Tells systems what is due.

    Args:
        database: the gateway's.
        secrets: sign what is sent.
        reach: hands it over.
        public_url: where people reach the platform.
    """

    def __init__(self, database: Database, secrets: WebhookSecrets, reach: WebhookReach, public_url: str) -> None:
        self._database = database
        self._outbox = WebhookOutbox(database)
        self._secrets = secrets
        self._reach = reach
        self._public_url = public_url

    def send_due(self) -> int:
        """Send everything that is due; return how much arrived. A webhook that fails rests, and keeps nobody else waiting."""
        arrived = 0
        while due := self._outbox.claim(BATCH):
            arrived += sum([self._send(one) for one in due])
        for borough_id, webhook_id in self._outbox.failing(real_now() - TRIED_FOR):
            self._stop(borough_id, webhook_id)
        self._outbox.forget(real_now() - KEPT_FOR)
        return arrived

    def _send(self, due: Due) -> bool:
        delivery, webhook, now = due.delivery, due.webhook, real_now()
        body = message_of(delivery)
        signed = self._secrets.headers(webhook.id, webhook.editions(now), str(delivery.id), int(now.timestamp()), body)
        outcome = self._reach.send(webhook.url, {"Content-Type": "application/json", "User-Agent": "Stay-and-Play-Webhook", **signed}, body)
        if outcome.startswith("2"):
            self._outbox.arrived(due, outcome)
            log.info("delivery.arrived", delivery_id=delivery.id, webhook_id=webhook.id, attempts=delivery.attempts)
            return True
        delay = delay_after(delivery.attempts)
        later = real_now() + delay
        goes_on = later < delivery.give_up_at
        rests = real_now() + min(delay, RESTS_AT_MOST)
        self._outbox.failed(due, outcome, next_attempt_at=later if goes_on else None, rests_until=rests)
        log.warning("delivery.failed", delivery_id=delivery.id, webhook_id=webhook.id, error=outcome, attempts=delivery.attempts)
        return False

    def _stop(self, borough_id: UUID, webhook_id: UUID) -> None:
        """Stop a webhook, and tell the borough's administrators, by mail and among their notices."""
        caller = Caller.service("gateway", borough_id)
        with open_work(Work, self._database, caller, operation="gateway.stop_webhook") as work:
            webhook = work.webhooks.find(webhook_id, for_update=True)
            if webhook is None or webhook.state != "on":
                return
            webhook.disable()
            work.notices.add(Notice.of_system(webhook.acts_as, webhook.name, _REASON, real_now()))
            link = f"{self._public_url}/{work.boroughs.this().slug}/systems"
            for member in work.members.administering():
                work.post.put(to=member.email, subject=_SUBJECT, text=_TEXT.format(name=webhook.name, link=link), kind="webhook")
        log.warning("webhook.stopped", webhook_id=webhook_id)


def message_of(delivery: Delivery) -> bytes:
    """Return what is sent: which referral, and where it stands. It names nobody."""
    data = {
        "referral_id": str(delivery.referral_id),
        "reference": delivery.reference,
        "told": delivery.told,
        "told_at": delivery.told_at.isoformat(),
    }
    message: dict[str, Any] = {"type": "referral.told", "timestamp": delivery.created_at.isoformat(), "data": data}
    return json.dumps(message, separators=(",", ":"), sort_keys=True).encode()
