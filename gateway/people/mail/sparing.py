"""Mails that anybody can have sent to any address: a few in an hour, so that nobody's mailbox is filled with them."""

from datetime import timedelta
from hashlib import sha256
from typing import Final

from gateway.people.models import real_now, tidy_email
from gateway.people.repository import Identity

QUIET: Final = timedelta(hours=1)
"""How long must pass without such a mail once there were as many as may be."""


def seconds_to_spare(identity: Identity, purpose: str, email: str, most: int) -> int:
    """Count a mail to an address; return for how many seconds it must be spared yet, nothing where the mail may go.

    Args:
        identity: where it is counted.
        purpose: what the mail is for; each purpose is counted apart.
        email: where it would go.
        most: how many may go before an hour must pass without one, whoever has them sent and in whatever borough.
    """
    subject = sha256(f"{purpose}\0{tidy_email(email)}".encode()).digest()
    if identity.note_up_to(subject, most, quiet_since=real_now() - QUIET):
        return 0
    _, last = identity.failures([subject]).get(subject, (0, real_now() - QUIET))
    return max(1, round((last + QUIET - real_now()).total_seconds()))
