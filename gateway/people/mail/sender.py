"""Sending what waits: at least once, with growing delay, for a day.

A mail is claimed before it is sent and marked after: a process that dies in between leaves it claimed, and another sends it
when the claim is over. It may then arrive twice, under the same Message-ID, by which mail programs know it again.
"""

from datetime import timedelta
from typing import Final

import structlog

from gateway.people.mail.repository import Postbox
from gateway.people.mail.transport import Refused, Transport
from gateway.people.models import Mail, real_now

log = structlog.get_logger(__name__)

BATCH: Final = 20
CLAIMED_FOR: Final = timedelta(minutes=10)
"""Longer than a whole batch may take, at the transport's patience for each."""
FIRST_DELAY: Final = timedelta(seconds=30)
LONGEST_DELAY: Final = timedelta(hours=1)
GIVEN_UP_AFTER: Final = timedelta(days=1)
KEPT_FOR: Final = timedelta(days=30)


class Sender:
    """Sends the mails that wait in a postbox.

    Args:
        postbox: where they wait.
        transport: takes them out of the house; None where none is set: they wait, and are given up after a day.
    """

    def __init__(self, postbox: Postbox, transport: Transport | None) -> None:
        self._postbox = postbox
        self._transport = transport

    def send_waiting(self) -> int:
        """Send everything that is due; return how many mails left."""
        sent = 0
        while mails := self._postbox.claim(BATCH, lease=CLAIMED_FOR):
            sent += sum([self._send(mail) for mail in mails])
        self._postbox.forget(real_now() - KEPT_FOR)
        return sent

    def _send(self, mail: Mail) -> bool:
        """Try one mail; tell whether it left."""
        try:
            if self._transport is None:
                raise ConnectionError
            self._transport.send(mail)
        except Refused:
            self._give_up(mail, "refused")
            return False
        except (OSError, ValueError) as trouble:  # smtplib's own are OSErrors; ssl's and the name service's too
            self._put_off(mail, type(trouble).__name__)
            return False
        self._postbox.settle(mail.id, "sent")
        log.info("mail.sent", mail_id=str(mail.id), kind=mail.kind, attempts=mail.attempts)
        return True

    def _put_off(self, mail: Mail, error: str) -> None:
        if real_now() - mail.created_at >= GIVEN_UP_AFTER:
            self._give_up(mail, error)
            return
        delay = min(FIRST_DELAY * 2 ** min(mail.attempts - 1, 16), LONGEST_DELAY)
        self._postbox.put_off(mail.id, real_now() + delay)
        log.warning("mail.delayed", mail_id=str(mail.id), kind=mail.kind, error=error, attempts=mail.attempts)

    def _give_up(self, mail: Mail, error: str) -> None:
        self._postbox.settle(mail.id, "given_up")
        log.warning("mail.given_up", mail_id=str(mail.id), kind=mail.kind, error=error, attempts=mail.attempts)
