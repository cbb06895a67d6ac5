"""Tokens of other systems."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base, BoroughRow
from chassis.errors import InvalidTransition
from gateway.people.models import real_now

LONGEST_LIFE: Final = timedelta(days=365)
SOON: Final = timedelta(days=30)


class SystemToken(BoroughRow, Base):
    """What another system uses the API of this borough with; only a hash of the token is kept.

    Attributes:
        acts_as: which system: the id of its first token. Whoever gets the next one acts as the same, and what it
            referred stays its own.
        name: which system, in the administrator's words.
        scopes: the permissions it has, of `gateway.access.scopes`.
        expires_at: by the real clock, at most `LONGEST_LIFE` after it was made.
        made_by, made_by_name: the administrator who made it.
        used_at: when it was last used, to the minute.
        withdrawn_at: when it was taken back.
    """

    __tablename__ = "system_tokens"
    unaudited = frozenset({"token_hash"})
    __table_args__ = (UniqueConstraint("token_hash"),)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    acts_as: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    scopes: Mapped[list[str]]
    expires_at: Mapped[datetime]
    made_by: Mapped[UUID]
    made_by_name: Mapped[str] = mapped_column(Text)
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    @property
    def state(self) -> str:
        """Tell where it stands: ``working``, ``withdrawn`` or ``expired``."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "working" if real_now() < self.expires_at else "expired"

    @property
    def expires_soon(self) -> bool:
        """Whether it still works, and ends within `SOON`: time to make the next one."""
        return self.state == "working" and self.expires_at - real_now() <= SOON

    def withdraw(self) -> None:
        """Take it back: it stops working with the next request. Once is enough."""
        self.withdrawn_at = self.withdrawn_at or real_now()

    def require_replaceable(self) -> None:
        """Let a system have its next token.

        Raises:
            InvalidTransition: this one was taken back: whoever took it back meant that the system is not to have one.
        """
        if self.withdrawn_at is not None:
            raise InvalidTransition("This token was taken back. Add the system anew if it is to use the API again.")
