"""From a message that is wanted to a mail in the outbox, with the commit of the handler that heard of it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import structlog

from chassis.contract import ReceivedEvent
from chassis.database import Database
from gateway.letters import families, outcomes, referrers
from gateway.letters.sender import Sender
from gateway.people.mail.letters import Letter
from gateway.people.mail.sparing import seconds_to_spare
from gateway.people.repository import Identity
from gateway.repository import Work

log = structlog.get_logger(__name__)

Facts = Mapping[str, Any]

LETTERS: Final[dict[str, Callable[[Facts, Sender], Letter]]] = {
    "refer_code": referrers.code,
    "referrer_copy": referrers.copy,
    "question": outcomes.question,
    "outcome": outcomes.outcome,
    "redirect": outcomes.outcome,
    "join_received": families.join_received,
}
"""What writes the mail of each kind of `services.referrals.contract.MESSAGES`."""
MOST_TO_ONE: Final[Mapping[str, int]] = {"join_received": 3}
"""Mails to one address before an hour must pass without one, of the kinds that go where somebody typed, who need not be whose it is."""


def write_letter(work: Work, database: Database, event: ReceivedEvent, public_url: str) -> None:
    """Put the mail that a message asks for into the outbox; not where its address had as many as may be.

    Raises:
        KeyError: nobody wrote words for this kind of message.
        NotFound: the borough was erased meanwhile.
    """
    facts = event.data
    kind = str(facts["kind"])
    if kind in MOST_TO_ONE and seconds_to_spare(Identity(database), kind, str(facts["to"]), MOST_TO_ONE[kind]):
        log.info("letter.spared", kind=kind, borough_id=work.borough_id)
        return
    letter = LETTERS[kind](facts, _sender(work, public_url))
    work.post.put(to=str(facts["to"]), subject=letter.subject, text=letter.text, kind=kind)


def _sender(work: Work, public_url: str) -> Sender:
    borough, branding = work.boroughs.this(), work.brandings.this()
    return Sender(borough.programme_name, f"{public_url}/{borough.slug}", branding.phone, branding.email)
