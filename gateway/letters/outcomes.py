"""Mails to referrers about triage: a question with its link, and what became of a referral, as far as the family agreed.

Whether one is written at all is decided by the referrals service.
"""

from collections.abc import Mapping
from typing import Any, Final

from gateway.letters.sender import Sender
from gateway.people.mail.letters import Letter
from services.referrals.contract import QUESTION_DAYS

Facts = Mapping[str, Any]

BECAME: Final[Mapping[str, str]] = {
    "accepted": "The team is meeting the family to see what would help them.",
    "offered": "The family was offered a place.",
    "redirected": "The family was pointed to another service.",
    "declined": "The family was not offered a place.",
    "withdrawn": "The family decided not to go on.",
    "closed": "We have finished with your referral.",
}
"""What became of a referral, by how its referrer may read it."""


def question(facts: Facts, sender: Sender) -> Letter:
    """Ask a referrer something; what it is stands behind the link, for mails are read by many."""
    return Letter(
        f"A question about your referral {facts['reference']}",
        f"Hello,\n\nthank you for referring a family to {sender.programme}. Before we can go on "
        f"we need to know something more from you.\n\n"
        f"{_which(facts)}\n"
        f"Read the question and answer it here, without an account:\n\n"
        f"{sender.base}/answer/{facts['token']}\n\n"
        f"The link is for you alone. It works once, within {QUESTION_DAYS} days.\n"
        f"{sender.contact}",
    )


def outcome(facts: Facts, sender: Sender) -> Letter:
    """Tell a referrer what became of a referral: the family agreed that they hear of it."""
    return Letter(
        f"Your referral {facts['reference']}",
        f"Hello,\n\n{BECAME[facts['words']['told']]}\n\n"
        f"{_which(facts)}\n"
        f"The family agreed that we tell you this. We can't tell you more in an email.\n"
        f"{sender.contact}",
    )


def _which(facts: Facts) -> str:
    return f"Reference: {facts['reference']}\nFamily: {facts['words']['initials']}\n"
