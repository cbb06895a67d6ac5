"""Webhooks: where a system wants to be told, and what it was told."""

from collections.abc import Mapping
from typing import Final

from chassis.contract import Operation
from chassis.schemas import Contract, PageRequest, choice, identifier, moment, page_of, text, version, whole, yes_no
from services.referrals.contract.codes import TOLD

WEBHOOK_STATES: Final[Mapping[str, str]] = {
    "none": "Not set up",
    "on": "On",
    "off": "Off",
    "disabled": "Stopped: nothing arrived for three days",
}
DELIVERY_STATES: Final[Mapping[str, str]] = {
    "waiting": "Waiting",
    "delivered": "Arrived",
    "given_up": "Given up",
    "taken_back": "Taken back: the family no longer agrees",
}
OUTCOMES: Final[Mapping[str, str]] = {
    "": "Not tried yet",
    "late": "No answer in time",
    "unreachable": "Could not be reached",
    "not_allowed": "The address leads into a private network",
    "redirected": "It pointed elsewhere, which is not followed",
}
"""Why there was no answer; an answer is kept as its status, such as ``500``."""


def outcome_words(outcome: str) -> str:
    """Return what came of an attempt, in words."""
    return OUTCOMES.get(outcome) or f"Answered {outcome}"


class WebhookRequest(Contract):
    """Whose webhook: any token of the system."""

    system_id = identifier("System")


class SetWebhookRequest(WebhookRequest):
    """Where a system wants to be told; ``version`` where there is a webhook already."""

    url = text(
        "Address", max_length=500, hint="It begins with https:// and can be reached from the internet. What we send to it names nobody."
    )
    version = whole("Version", ge=1, le=2**31 - 1, required=False)


class ChangeWebhookRequest(WebhookRequest):
    """What is to happen to a webhook, as it was seen."""

    version = version()


class SwitchWebhookRequest(ChangeWebhookRequest):
    """Switch it on or off."""

    on = yes_no("Is the system to be told?")


class Webhook(Contract):
    """Where a system is told. The secret is told once, to whoever made it."""

    system_id = identifier("System")
    state = choice("State", WEBHOOK_STATES)
    version = whole("Version", ge=1, le=2**31 - 1, required=False)
    url = text("Address", required=False, max_length=500)
    former_until = moment("The secret from before signs too, until", required=False)
    failing_since = moment("Nothing arrived since", required=False)
    made_by_name = text("Set up by", required=False, max_length=200)
    made_at = moment("Set up", required=False)


class NewWebhook(Webhook):
    """A webhook whose secret was made just now."""

    webhook_id = identifier("Webhook")
    edition = whole("Edition of the secret, where it was made just now", ge=1, le=2**31 - 1, required=False)
    secret = text("Secret", required=False)


class ListDeliveriesRequest(WebhookRequest, PageRequest):
    """What a system was told, newest first."""


class Delivery(Contract):
    """One thing that a system was told, or is to be."""

    id = identifier("Delivery")
    referral_id = identifier("Referral")
    reference = text("Reference", max_length=40)
    told = choice("Where it stands", TOLD)
    told_at = moment("Since")
    state = choice("State", DELIVERY_STATES)
    attempts = whole("Attempts", ge=0, le=2**31 - 1)
    last_outcome = text("What came of the last one", required=False, max_length=40)
    last_attempt_at = moment("Last tried", required=False)
    next_attempt_at = moment("Tried next", required=False)
    made_at = moment("Told of")


class RetryDeliveryRequest(WebhookRequest):
    """Which delivery is to be sent again."""

    delivery_id = identifier("Delivery")


_MANAGE: Final = "systems.manage"
GET_WEBHOOK = Operation("gateway", "get_webhook", _MANAGE, WebhookRequest, Webhook)
SET_WEBHOOK = Operation("gateway", "set_webhook", _MANAGE, SetWebhookRequest, NewWebhook, changes=True)
ROTATE_WEBHOOK_SECRET = Operation("gateway", "rotate_webhook_secret", _MANAGE, ChangeWebhookRequest, NewWebhook, changes=True)
SWITCH_WEBHOOK = Operation("gateway", "switch_webhook", _MANAGE, SwitchWebhookRequest, Webhook, changes=True)
LIST_DELIVERIES = Operation("gateway", "list_deliveries", _MANAGE, ListDeliveriesRequest, page_of(Delivery))
RETRY_DELIVERY = Operation("gateway", "retry_delivery", _MANAGE, RetryDeliveryRequest, Delivery, changes=True)

OPERATIONS: tuple[Operation, ...] = (GET_WEBHOOK, SET_WEBHOOK, ROTATE_WEBHOOK_SECRET, SWITCH_WEBHOOK, LIST_DELIVERIES, RETRY_DELIVERY)
