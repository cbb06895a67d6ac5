"""Guessing passwords is made slow: each failure in a row makes the next attempt wait longer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from chassis.errors import TooManyAttempts
from gateway.people.models import real_now
from gateway.people.repository import Identity

FREE_FOR_ACCOUNT: Final = 5
FREE_FOR_ADDRESS: Final = 30
"""A children's centre has one address for everybody in it."""
LONGEST_SECONDS: Final = 300
FORGOTTEN_AFTER: Final = timedelta(hours=1)


def seconds_to_wait(failures: int, free: int) -> int:
    """Return how long after the last of ``failures`` the next attempt must wait: 1, 2, 4 ... seconds, at most five minutes."""
    return 0 if failures < free else min(2 ** min(failures - free, 16), LONGEST_SECONDS)


@dataclass(frozen=True)
class Throttle:
    """The attempts to sign in to one account from one address. An account that isn't there counts just the same."""

    identity: Identity
    email: str
    address: str

    def check(self) -> None:
        """Let an attempt pass that does not come too soon.

        Raises:
            TooManyAttempts: with the seconds to wait in ``facts["retry_after"]``.
        """
        known = self.identity.failures([self._account, self._place])
        left = max(
            _left(known.get(self._account), FREE_FOR_ACCOUNT),
            _left(known.get(self._place), FREE_FOR_ADDRESS),
        )
        if left > 0:
            raise TooManyAttempts(f"Wait {left} {'second' if left == 1 else 'seconds'}, then try again.", retry_after=left)

    def failed(self) -> None:
        """Count a failure."""
        self.identity.note_failure([self._account, self._place], forget_before=real_now() - FORGOTTEN_AFTER)

    def succeeded(self) -> None:
        """Start the account's count anew; the address may be trying other accounts too, so its count stays."""
        self.identity.forget_failures(self._account)

    @property
    def _account(self) -> bytes:
        return sha256(f"account {self.email}".encode()).digest()

    @property
    def _place(self) -> bytes:
        return sha256(f"address {self.address}".encode()).digest()


def _left(known: tuple[int, datetime] | None, free: int) -> int:
    if known is None:
        return 0
    failures, failed_at = known
    since = (real_now() - failed_at).total_seconds()
    return max(0, round(seconds_to_wait(failures, free) - since + 0.499))
