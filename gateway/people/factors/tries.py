"""Guessing codes is made slow, by person: each wrong code in a row makes the next attempt wait longer.

Unlike a password's, these attempts are counted by account and not by address: six digits are few, and whoever tries them
has the password already, so it takes more than a stranger to keep the owner waiting. A browser that signed in to the account
before has a count of its own; passkeys are not guessed, so they always work.
"""

from hashlib import sha256
from typing import Final
from uuid import UUID

from chassis.errors import TooManyAttempts
from gateway.people.factors.repository import Own
from gateway.people.models import real_now
from gateway.people.throttle import FORGOTTEN_AFTER, seconds_to_wait

FREE: Final = 5
"""Wrong codes in a row before the first delay."""


class Tries:
    """The attempts at one person's codes; to be used within `Factors.of`, so that no two pass the check at once.

    Args:
        own: the person's factors.
        known_browser: number of a browser that signed in to the account before; empty for any other.
    """

    def __init__(self, own: Own, known_browser: str = "") -> None:
        self._own = own
        self._subject = subject_of(own.person.id, known_browser)

    def check(self) -> None:
        """Let an attempt pass that does not come too soon.

        Raises:
            TooManyAttempts: with the seconds to wait in ``facts["retry_after"]``.
        """
        failures, failed_at = self._own.failures(self._subject) or (0, real_now())
        since = max(0.0, (real_now() - failed_at).total_seconds())
        left = round(seconds_to_wait(failures, FREE) - since + 0.499)
        if left > 0:
            raise TooManyAttempts(f"Wait {left} {'second' if left == 1 else 'seconds'}, then try again.", retry_after=left)
        if since > FORGOTTEN_AFTER.total_seconds():
            self._own.forget_failures(self._subject)

    def note(self, *, right: bool) -> None:
        """Count a wrong code, or start anew after a right one."""
        if right:
            self._own.forget_failures(self._subject)
        else:
            self._own.note_failure(self._subject)


def subject_of(person_id: UUID, known_browser: str = "") -> bytes:
    """Return the hash under which attempts are counted."""
    return sha256("\0".join(("second factor", str(person_id), known_browser)).encode()).digest()
