"""What the gateway answers about webhooks, and what it makes of the news of referrals."""

from typing import Any
from uuid import UUID

from chassis.contract import ReceivedEvent
from chassis.database import Page
from chassis.errors import Conflict, NotFound
from chassis.ids import new_id
from gateway.people.models import real_now
from gateway.people.systems.models import SystemToken
from gateway.repository import Work
from gateway.webhooks.models import TRIED_FOR, Delivery, Webhook
from gateway.webhooks.reach import WebhookReach
from gateway.webhooks.signing import WebhookSecrets


class WebhooksDesk:
    """Webhooks of one borough's systems; its methods are named as the operations are."""

    def __init__(self, secrets: WebhookSecrets, reach: WebhookReach) -> None:
        self._secrets = secrets
        self._reach = reach

    def get_webhook(self, work: Work, system_id: UUID) -> dict[str, Any]:
        """Return a system's webhook; of one without, that there is none. Raises NotFound: no such system."""
        system = work.system_tokens.get(system_id)
        work.saw(subject_id=system.acts_as)
        return _told(system, work.webhooks.of_system(system.acts_as))

    def set_webhook(self, work: Work, system_id: UUID, url: str, version: int | None) -> dict[str, Any]:
        """Say where a system is to be told. The secret of a new webhook is told by `with_secret`, once.

        Raises:
            NotFound: no such system.
            Invalid: the address is not one that can be used.
            Stale, Conflict: somebody set it meanwhile.
        """
        self._reach.check(url)
        system = work.system_tokens.get(system_id)
        webhook = work.webhooks.of_system(system.acts_as, for_update=True)
        if webhook is not None:
            if version is None:
                raise Conflict("This system has an address already. Look at it first.")
            webhook.point_to(version, url)
        else:
            webhook = work.webhooks.add(_new(work, system, url))
        _noted(work, system, url=url)
        return _with_edition(_told(system, webhook), webhook, is_new=version is None)

    def rotate_webhook_secret(self, work: Work, system_id: UUID, version: int) -> dict[str, Any]:
        """Give a webhook its next secret; the one from before signs too for 24 hours. Raises NotFound, Stale."""
        system, webhook = _locked(work, system_id)
        webhook.rotate(version)
        _noted(work, system, edition=webhook.edition)
        return _with_edition(_told(system, webhook), webhook, is_new=True)

    def switch_webhook(self, work: Work, system_id: UUID, version: int, *, on: bool) -> dict[str, Any]:
        """Tell a system from now on, or no more; what waited in between is not lost. Raises NotFound, Stale."""
        system, webhook = _locked(work, system_id)
        webhook.switch(version, on=on)
        _noted(work, system, on=on)
        return _told(system, webhook)

    def list_deliveries(self, work: Work, system_id: UUID, after: str | None, limit: int) -> Page[dict[str, Any]]:
        """Return a page of what a system was told, newest first. Raises NotFound: no such system."""
        system = work.system_tokens.get(system_id)
        webhook = work.webhooks.of_system(system.acts_as)
        if webhook is None:
            return Page([])
        page = work.deliveries.listed(webhook.id, after, limit)
        return Page([_delivery(one) for one in page.items], page.next, page.total)

    def retry_delivery(self, work: Work, system_id: UUID, delivery_id: UUID) -> dict[str, Any]:
        """Send something again, now, and go on for three days.

        Raises:
            NotFound: no such system, or nothing of it.
            InvalidTransition: it arrived, may not be told any more, or the webhook is off.
        """
        system, webhook = _locked(work, system_id)
        delivery = work.deliveries.get(delivery_id, for_update=True)
        if delivery.webhook_id != webhook.id:
            raise NotFound
        webhook.require_on()
        delivery.try_again(real_now())
        webhook.rests_until = None
        work.saw(subject_id=system.acts_as, delivery_id=str(delivery.id))
        work.session.flush()
        return _delivery(delivery)

    def with_secret(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Return the answer about a webhook with its secret, where that was made just now."""
        edition = answer["edition"]
        return {**answer, "secret": self._secrets.secret(UUID(answer["webhook_id"]), edition) if edition else None}


def _new(work: Work, system: SystemToken, url: str) -> Webhook:
    return Webhook(
        id=new_id(), version=1, acts_as=system.acts_as, name=system.name, url=url, edition=1, former_until=None, state="on",
        failing_since=None, rests_until=None, made_by_name=work.caller.person_name,
    )  # fmt: skip


def _locked(work: Work, system_id: UUID) -> tuple[SystemToken, Webhook]:
    """Return a system with its webhook, locked. Raises NotFound."""
    system = work.system_tokens.get(system_id)
    webhook = work.webhooks.of_system(system.acts_as, for_update=True)
    if webhook is None:
        raise NotFound
    return system, webhook


def _noted(work: Work, system: SystemToken, **facts: Any) -> None:
    work.note_security()
    work.saw(subject_id=system.acts_as, **facts)
    work.session.flush()


def _told(system: SystemToken, webhook: Webhook | None) -> dict[str, Any]:
    if webhook is None:
        nothing = dict.fromkeys(("version", "url", "former_until", "failing_since", "made_by_name", "made_at"))
        return {"system_id": system.id, "state": "none", **nothing}
    names = ("state", "version", "url", "failing_since", "made_by_name")
    overlaps = len(webhook.editions(real_now())) > 1
    told = {name: getattr(webhook, name) for name in names}
    return {**told, "system_id": system.id, "former_until": webhook.former_until if overlaps else None, "made_at": webhook.created_at}


def _with_edition(told: dict[str, Any], webhook: Webhook, *, is_new: bool) -> dict[str, Any]:
    return {**told, "webhook_id": webhook.id, "edition": webhook.edition if is_new else None}


def _delivery(row: Delivery) -> dict[str, Any]:
    names = ("id", "referral_id", "reference", "told", "told_at", "state", "attempts", "last_outcome", "last_attempt_at")
    due = row.next_attempt_at if row.state == "waiting" else None
    return {**{name: getattr(row, name) for name in names}, "next_attempt_at": due, "made_at": row.created_at}


def tell_system(work: Work, event: ReceivedEvent) -> None:
    """Put what a system is to be told into the outbox, once a step; where it has no webhook that is on, nothing."""
    facts: dict[str, Any] = event.data
    webhook = work.webhooks.of_system(facts["referrer_id"])
    if webhook is not None and webhook.state == "on":
        silenced = work.deliveries.silenced_after(webhook.id, event.subject, event.sequence)
        work.deliveries.put(_due(webhook, event, facts, state="taken_back" if silenced else "waiting"))


def silence_system(work: Work, event: ReceivedEvent) -> None:
    """Take back what waits of a referral whose family lets less be told; also what is still on its way here and is older."""
    facts: dict[str, Any] = event.data
    webhook = work.webhooks.of_system(facts["referrer_id"])
    if webhook is not None:
        work.deliveries.take_back(webhook.id, event.subject, facts["step_id"])
        mark = {**facts, "step_id": event.id, "told": "received", "told_at": event.time}
        work.deliveries.put(_due(webhook, event, mark, state="taken_back"))


def _due(webhook: Webhook, event: ReceivedEvent, facts: dict[str, Any], *, state: str) -> dict[str, Any]:
    now = real_now()
    return {
        "id": event.id, "webhook_id": webhook.id, "referral_id": event.subject, "reference": facts["reference"],
        "step_id": facts["step_id"], "sequence": event.sequence, "told": facts["told"], "told_at": facts["told_at"], "state": state,
        "attempts": 0, "next_attempt_at": now, "give_up_at": now + TRIED_FOR, "last_outcome": "", "created_at": now, "changed_at": now,
        "last_attempt_at": None, "settled_at": now if state == "taken_back" else None,
    }  # fmt: skip
