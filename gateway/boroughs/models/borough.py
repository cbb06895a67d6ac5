"""A borough on the platform."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base, BoroughRow, Versioned
from chassis.errors import BoroughSuspended, Conflict, InvalidTransition


class Borough(Versioned, BoroughRow, Base):
    """A borough on the platform: its ``id`` is its ``borough_id``.

    Attributes:
        policy, policy_number: the one in force, every value of it, and which `PolicyVersion` it is.
        policy_edition: counted up at each decision on the policy, so that a stale one can be refused.
        policy_reviewed_at, policy_reviewed_by: when and by whom the policy that it came with was found right, or changed.
        onboarded_with: the idempotency key of the request that onboarded it, so that a repeat finds it.
        onboarded_as: fingerprint of its description, so that the same one sent again finds it too.
        opened_at: since when work with families may begin: a practice borough from the start, another once it is set up.
        suspended_at, suspended_because: since when and why nothing can be changed in it; None and empty while it works.
    """

    __tablename__ = "profiles"
    __table_args__ = (UniqueConstraint("slug"), UniqueConstraint("onboarded_with"))

    slug: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    gss_code: Mapped[str] = mapped_column(Text)
    programme_name: Mapped[str] = mapped_column(Text)
    practice: Mapped[bool]
    policy: Mapped[dict[str, Any]]
    policy_number: Mapped[int] = mapped_column(default=1)
    policy_edition: Mapped[int] = mapped_column(default=1)
    policy_reviewed_at: Mapped[datetime | None]
    policy_reviewed_by: Mapped[UUID | None]
    onboarded_with: Mapped[str] = mapped_column(Text)
    onboarded_as: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    suspended_because: Mapped[str] = mapped_column(Text, default="")

    @classmethod
    def onboarded(cls, borough_id: UUID, key: str, policy: dict[str, Any], *, practice: bool, now: datetime, **described: Any) -> Self:
        """Return a new borough with a complete policy; a practice one is open from the start."""
        names = {"borough_id": borough_id, "id": borough_id, "onboarded_with": key, "policy": policy, "practice": practice}
        return cls(**names, opened_at=now if practice else None, **described)

    @property
    def suspended(self) -> bool:
        """Whether nothing can be changed in it for now."""
        return self.suspended_at is not None

    @property
    def opened(self) -> bool:
        """Whether work with families may begin."""
        return self.opened_at is not None

    def open(self, left: Sequence[str], now: datetime) -> None:
        """Let work with families begin.

        Args:
            left: what is left to set up, each as people call it.
            now: the moment of the work.

        Raises:
            InvalidTransition: it is open already.
            Conflict: something is left; ``facts["left"]`` says what.
        """
        if self.opened:
            raise InvalidTransition("This borough takes referrals already.")
        if left:
            raise Conflict(f"Something is left to set up: {'; '.join(left)}.", left=list(left))
        self.opened_at = now

    def require_working(self) -> None:
        """Let something be changed in it.

        Raises:
            BoroughSuspended: nothing can be for now.
        """
        if self.suspended:
            raise BoroughSuspended(because=self.suspended_because)

    def rename(self, *, version: int, programme_name: str) -> None:
        """Take a new programme name.

        Raises:
            Stale: somebody else saved first.
        """
        self.expect(version, yours={"programme_name": programme_name}, theirs={"programme_name": self.programme_name})
        self.programme_name = programme_name

    def suspend(self, *, reason: str, now: datetime) -> None:
        """Let nothing be changed in it from now on; everything can still be read.

        Raises:
            InvalidTransition: it is suspended already.
        """
        if self.suspended:
            raise InvalidTransition("This borough is suspended already.")
        self.suspended_at, self.suspended_because = now, reason

    def resume(self) -> None:
        """Let its work go on.

        Raises:
            InvalidTransition: it is not suspended.
        """
        if not self.suspended:
            raise InvalidTransition("This borough is not suspended.")
        self.suspended_at, self.suspended_because = None, ""
