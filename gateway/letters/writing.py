"""From a message that is wanted to a mail in the outbox, with the commit of the handler that heard of it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from chassis.contract import ReceivedEvent
from gateway.letters import families, outcomes, referrers
from gateway.letters.sender import Sender
from gateway.people.mail.letters import Letter
from gateway.repository import Work

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


def write_letter(work: Work, event: ReceivedEvent, public_url: str) -> None:
    """Put the mail that a message asks for into the outbox.

    Raises:
        KeyError: nobody wrote words for this kind of message.
        NotFound: the borough was erased meanwhile.
    """
    facts = event.data
    kind = str(facts["kind"])
    letter = LETTERS[kind](facts, _sender(work, public_url))
    work.post.put(to=str(facts["to"]), subject=letter.subject, text=letter.text, kind=kind)


def _sender(work: Work, public_url: str) -> Sender:
    borough, branding = work.boroughs.this(), work.brandings.this()
    return Sender(borough.programme_name, f"{public_url}/{borough.slug}", branding.phone, branding.email)
