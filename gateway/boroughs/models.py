"""A borough and its agencies."""

from typing import Any, Self
from uuid import UUID

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base, BoroughRow, Versioned
from gateway.contract import Policy


class Borough(Versioned, BoroughRow, Base):
    """A borough on the platform: its ``id`` is its ``borough_id``.

    Attributes:
        onboarded_with: the idempotency key of the request that onboarded it, so that a repeat finds it.
    """

    __tablename__ = "profiles"
    __table_args__ = (UniqueConstraint("slug"), UniqueConstraint("onboarded_with"))

    slug: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    gss_code: Mapped[str] = mapped_column(Text)
    programme_name: Mapped[str] = mapped_column(Text)
    practice: Mapped[bool]
    policy: Mapped[dict[str, Any]]
    onboarded_with: Mapped[str] = mapped_column(Text)

    @classmethod
    def onboarded(cls, borough_id: UUID, key: str, policy: dict[str, Any] | None, **described: Any) -> Self:
        """Return a new borough; what its policy leaves out has the platform's default."""
        complete = Policy().load(policy or {})
        return cls(borough_id=borough_id, id=borough_id, onboarded_with=key, policy=complete, **described)

    def change(self, *, version: int, programme_name: str, policy: dict[str, Any]) -> None:
        """Take a new programme name and policy.

        Raises:
            Stale: somebody else saved first.
        """
        self.expect(
            version,
            yours={"programme_name": programme_name, "policy": policy},
            theirs={"programme_name": self.programme_name, "policy": self.policy},
        )
        self.programme_name, self.policy = programme_name, policy


class Agency(BoroughRow, Base):
    """An organisation that works in the borough."""

    __tablename__ = "agencies"
    __table_args__ = (UniqueConstraint("borough_id", "name"),)

    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
