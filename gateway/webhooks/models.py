"""Where a system wants to be told, and each thing that it is to be told."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base, BoroughRow, Versioned, within_borough
from chassis.errors import InvalidTransition
from gateway.people.models import real_now

OVERLAP: Final = timedelta(hours=24)
"""How long the secret from before still signs, beside the new one."""
TRIED_FOR: Final = timedelta(days=3)
FIRST_DELAY: Final = timedelta(seconds=5)
LONGEST_DELAY: Final = timedelta(hours=12)
GROWS_BY: Final = 4


def delay_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: 5 and 20 seconds, 80 seconds, 5 and 21 minutes, 1.4, 5.7 and 12 hours."""
    grown: int = GROWS_BY ** min(attempts - 1, 10)
    return min(FIRST_DELAY * grown, LONGEST_DELAY)


class Webhook(Versioned, BoroughRow, Base):
    """Where one system wants to be told.

    The secret is derived from the id, the edition and the gateway's key (ADR 0015): it is kept nowhere.

    Attributes:
        acts_as: which system: the id of its first token.
        name: which system, in the administrator's words.
        url: an https address.
        edition: of the secret; each new one counts up.
        former_until: until when the secret of the edition before signs too.
        state: ``on``, ``off`` (by an administrator) or ``disabled`` (it failed for three days).
        failing_since: when the first of the failures was that nothing came between; None once a delivery arrives.
        rests_until: not tried before, so that a slow receiver keeps nobody else waiting.
        made_by_name: the administrator who set it up.
    """

    __tablename__ = "webhooks"
    unaudited = frozenset({"failing_since", "rests_until"})
    __table_args__ = (UniqueConstraint("borough_id", "acts_as", name="uq_webhooks_acts_as"),)

    acts_as: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    edition: Mapped[int]
    former_until: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(Text)
    failing_since: Mapped[datetime | None]
    rests_until: Mapped[datetime | None]
    made_by_name: Mapped[str] = mapped_column(Text)

    def point_to(self, version: int, url: str) -> None:
        """Send to another address from now on, and begin again where it was disabled. Raises Stale."""
        self.expect(version, theirs={"url": self.url})
        self.version += 1
        self.url = url
        self._begin_again()

    def rotate(self, version: int) -> None:
        """Sign with the next secret; the one from before signs too for `OVERLAP`. Raises Stale."""
        self.expect(version)
        self.version += 1
        self.edition += 1
        self.former_until = real_now() + OVERLAP

    def switch(self, version: int, *, on: bool) -> None:
        """Tell the system from now on, or tell it nothing any more; raises Stale."""
        self.expect(version, theirs={"state": self.state})
        self.version += 1
        if on:
            self._begin_again()
        else:
            self.state = "off"

    def disable(self) -> None:
        """Stop, because nothing arrived for as long as `TRIED_FOR`."""
        self.version += 1
        self.state = "disabled"

    def require_on(self) -> None:
        """Let something be sent by it. Raises InvalidTransition: it is off, or disabled."""
        if self.state != "on":
            raise InvalidTransition("Nothing is sent while this webhook is off. Switch it on first.")

    def _begin_again(self) -> None:
        self.state, self.failing_since, self.rests_until = "on", None, None

    def editions(self, at: datetime) -> list[int]:
        """Return the editions of the secret that sign at a moment, the present one first."""
        overlaps = self.edition > 1 and self.former_until is not None and at < self.former_until
        return [self.edition, self.edition - 1] if overlaps else [self.edition]


class Delivery(BoroughRow, Base):
    """One thing that one system is told: where one referral stands, as its family agreed. It names nobody.

    Attributes:
        referral_id, reference: which referral.
        step_id: the move that is told of; each is told once.
        sequence: version of the referral when it was told of; what is older than what was taken back is taken back too.
        told, told_at: where it stands as the referrer may read it, and since when.
        state: ``waiting``, ``delivered``, ``given_up``, or ``taken_back`` where the family agreed to it no longer.
        give_up_at: not tried after.
        last_outcome: a status such as ``204``, or why there was none: a code of `OUTCOMES`; empty before the first attempt.
    """

    __tablename__ = "webhook_deliveries"
    unaudited = frozenset({"*"})  # what the trail of referrals has already, and a row of figures an attempt
    __table_args__ = (
        within_borough("webhook_id", "webhooks", ondelete="CASCADE"),
        UniqueConstraint("borough_id", "webhook_id", "step_id", name="uq_webhook_deliveries_step"),
        Index("ix_webhook_deliveries_due", "next_attempt_at", postgresql_where=text("state = 'waiting'")),
        Index(None, "borough_id", "webhook_id", "created_at", "id"),
        Index(None, "borough_id", "referral_id"),
    )

    webhook_id: Mapped[UUID]
    referral_id: Mapped[UUID]
    reference: Mapped[str] = mapped_column(Text)
    step_id: Mapped[UUID]
    sequence: Mapped[int] = mapped_column(BigInteger)
    told: Mapped[str] = mapped_column(Text)
    told_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime]
    give_up_at: Mapped[datetime]
    last_outcome: Mapped[str] = mapped_column(Text)
    last_attempt_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]

    def try_again(self, at: datetime) -> None:
        """Send it once more now, and go on for another three days. Raises InvalidTransition: it arrived, or may not be told any more."""
        if self.state not in {"waiting", "given_up"}:
            raise InvalidTransition("Only what has not arrived can be sent again.")
        self.state, self.settled_at, self.next_attempt_at, self.give_up_at = "waiting", None, at, at + TRIED_FOR
