"""Mails to professionals who refer: the programme's name, a reference, initials where they help; never a family's name."""

from collections.abc import Mapping
from typing import Any, Final

from gateway.letters.sender import Sender
from gateway.people.mail.letters import Letter

Facts = Mapping[str, Any]

_TOLD: Final[Mapping[str, str]] = {
    "status": "The family agreed that we tell you each step and how it ends.",
    "outcome": "The family agreed that we tell you how it ends.",
    "nothing": "The family asked us to tell you only that your referral arrived. We keep to that.",
    "not_asked": "Nobody has asked the family yet, so we tell you only that your referral arrived. Ask them, and tell us what they say.",
}


def code(facts: Facts, sender: Sender) -> Letter:
    """Let somebody show that a mail address is theirs, and come back to what they began."""
    words = facts["words"]
    return Letter(
        f"{words['code']} is your code for {sender.programme}",
        f"Hello,\n\nyour code is {words['code']}\n\n"
        f"Type it where you were asked for it, within 15 minutes. It works once.\n\n"
        f"What you write is kept as you go. If you stop, come back with this link. It asks for your address again and sends a new code:\n\n"
        f"{sender.base}/refer/resume/{words['draft_id']}\n\n"
        f"If you did not ask for a code, you need do nothing. Nobody can go on without it.\n",
    )


def copy(facts: Facts, sender: Sender) -> Letter:
    """Tell a referrer that their referral arrived."""
    words = facts["words"]
    return Letter(
        f"Your referral {facts['reference']} arrived",
        f"Hello,\n\nthank you. Your referral to {sender.programme} arrived.\n\n"
        f"Reference: {facts['reference']}\n"
        f"Family: {words['initials']}\n\n"
        f"We read every referral, decide whether we can help, and contact the family only in the ways that they said are safe.\n"
        f"{_TOLD[words['may_be_told']]}\n\n"
        f"Names are left out of this email on purpose. Please use the reference when you write or ring.\n"
        f"If somebody is in danger now, ring 999. Do not wait for us.\n"
        f"{sender.contact}",
    )
