"""Guessing passwords is made slow, in a way that keeps nobody out of their own account.

Failed attempts are counted by account and address together, by address, and by account. The first two delay further attempts:
1, 2, 4 ... seconds, at most five minutes. The third delays nobody by itself, since whoever knows an address could keep its owner out
with it: it only takes the free attempts away from addresses that failed already. A browser that signed in to the account before has
a count of its own and no other. See docs/decisions, "Slow for guessers, open for owners".
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from threading import BoundedSemaphore
from typing import Final

from chassis.errors import TooManyAttempts
from gateway.people.models import real_now
from gateway.people.repository import Identity

FREE: Final = 5
"""Failed attempts at one account from one address, or from one known browser, before the first delay."""
FREE_FOR_ADDRESS: Final = 30
"""A children's centre has one address for everybody in it."""
UNDER_ATTACK: Final = 100
"""Failed attempts at one account, from wherever, after which an address has one free attempt at it instead of `FREE`."""
LONGEST_SECONDS: Final = 300
FORGOTTEN_AFTER: Final = timedelta(hours=1)
AT_ONCE: Final = 4
"""Attempts that one process has in hand at a time: as many passwords as it can hash at once. A burst waits here and is counted
one by one, so at most so many less one get past a count that another is about to raise."""
_turns: Final = BoundedSemaphore(AT_ONCE)


def seconds_to_wait(failures: int, free: int) -> int:
    """Return how long after the last of ``failures`` the next attempt must wait: 1, 2, 4 ... seconds, at most five minutes."""
    return 0 if failures < free else min(2 ** min(failures - free, 16), LONGEST_SECONDS)


@dataclass(frozen=True)
class Throttle:
    """The attempts at one account from one place. An account that isn't there counts just the same.

    Attributes:
        purpose: what is attempted; each purpose is counted apart.
        known_browser: number of a browser that signed in to the account before; empty for any other.
        free: failed attempts at one account from one address before the first delay.
    """

    identity: Identity
    email: str
    address: str
    known_browser: str = ""
    purpose: str = "sign-in"
    free: int = FREE

    def check(self) -> None:
        """Let an attempt pass that does not come too soon.

        Raises:
            TooManyAttempts: with the seconds to wait in ``facts["retry_after"]``.
        """
        known = self.identity.failures(self._subjects)
        if self.known_browser:
            left = seconds_left(known.get(self._browser), FREE)
        else:
            attacked = known.get(self._account, (0, None))[0] >= UNDER_ATTACK
            of_pair = seconds_left(known.get(self._pair), 1 if attacked else self.free)
            left = max(of_pair, seconds_left(known.get(self._place), FREE_FOR_ADDRESS))
        _refuse(left)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and let the attempt pass that does not come too soon; what comes of it is to be noted before the turn ends.

        Raises:
            TooManyAttempts: as `check`; an attempt that comes too soon already does not wait for a turn.
        """
        self.check()
        with _turns:
            self.check()
            yield

    def failed(self) -> None:
        """Count a failure."""
        self.identity.note_failure(self._subjects, forget_before=real_now() - FORGOTTEN_AFTER)

    def succeeded(self) -> None:
        """Start counting anew for who got in; address and account may be tried by others too, so their counts stay."""
        self.identity.forget_failures(self._browser if self.known_browser else self._pair)

    @property
    def _subjects(self) -> list[bytes]:
        return [self._browser] if self.known_browser else [self._account, self._place, self._pair]

    @property
    def _account(self) -> bytes:
        return self._subject("account", self.email)

    @property
    def _place(self) -> bytes:
        return self._subject("address", network(self.address))

    @property
    def _pair(self) -> bytes:
        return self._subject("account from address", self.email, network(self.address))

    @property
    def _browser(self) -> bytes:
        return self._subject("browser", self.email, self.known_browser)

    def _subject(self, *parts: str) -> bytes:
        return sha256("\0".join((self.purpose, *parts)).encode()).digest()


def check_pace(identity: Identity, purpose: str, address: str, free: int) -> None:
    """Count something that anybody may ask for without a name, and slow an address down that asks without end.

    Args:
        identity: where it is counted.
        purpose: what is asked for; each purpose is counted apart.
        address: where the question comes from.
        free: how often before the first delay, counted until an hour passes without a question.

    Raises:
        TooManyAttempts: as `Throttle.check`.
    """
    subject = sha256("\0".join((purpose, network(address))).encode()).digest()
    _refuse(seconds_left(identity.failures([subject]).get(subject), free))
    identity.note_failure([subject], forget_before=real_now() - FORGOTTEN_AFTER)


def network(address: str) -> str:
    """Return what one household or office has of an address: all of an IPv4 one, the first 64 bits of an IPv6 one."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    return str(found.ipv4_mapped) if found.ipv4_mapped else str(IPv6Address(int(found) >> 64 << 64))


def _refuse(left: int) -> None:
    if left > 0:
        raise TooManyAttempts(f"Wait {left} {'second' if left == 1 else 'seconds'}, then try again.", retry_after=left)


def seconds_left(known: tuple[int, datetime] | None, free: int) -> int:
    """Return the seconds left to wait; a failure noted by a clock that is ahead of ours makes nobody wait longer than the longest delay."""
    if known is None:
        return 0
    failures, failed_at = known
    wait = seconds_to_wait(failures, free)
    since = (real_now() - failed_at).total_seconds()
    return min(wait, max(0, round(wait - since + 0.499)))
