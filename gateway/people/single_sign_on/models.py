"""How a borough's people sign in with their organisation's account, and which account is whose."""

from datetime import datetime
from hashlib import sha256
from typing import Any, Self
from uuid import UUID

from sqlalchemy import LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base, BoroughRow, Versioned
from chassis.errors import Conflict, InvalidTransition
from chassis.ids import new_id
from gateway.people.models import real_now


def subject_hash(issuer: str, subject: str) -> bytes:
    """Return what is kept of a provider's account: enough to know it again, and no name."""
    return sha256(f"{issuer}\n{subject}".encode()).digest()


class SignOn(Versioned, BoroughRow, Base):
    """A borough's provider of sign-in. There is one at most: its ``id`` is the borough's.

    Attributes:
        label: what people call the account, for example "Southwark Council account".
        edition: another one for each provider: sessions name it, so none outlives a change of provider.
        issuer: the provider's identifier, an address; everything else about it is discovered there.
        client_id, secret: what the provider knows us as; the secret is sealed, None for a client without one.
        acr_values: what to ask the provider for (OpenID Connect's ``acr_values``), blanks between; often empty.
        trusts_factor: the provider's word counts that a second factor was proved.
        factor_values: the words (of ``amr`` or ``acr``) by which it says so.
        enabled: people can use it. only: they can use nothing else to reach this borough.
        checked_at: when the provider last answered as it must; None since the issuer was changed.
        fault: what was wrong at the last check, in words for the administrator; empty when all was well.
    """

    __tablename__ = "sign_ons"
    unaudited = frozenset({"secret"})

    edition: Mapped[UUID]
    label: Mapped[str] = mapped_column(Text)
    issuer: Mapped[str] = mapped_column(Text)
    client_id: Mapped[str] = mapped_column(Text)
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    acr_values: Mapped[str] = mapped_column(Text)
    trusts_factor: Mapped[bool]
    factor_values: Mapped[list[str]]
    enabled: Mapped[bool]
    only: Mapped[bool]
    checked_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(Text)

    @classmethod
    def new(cls, borough_id: UUID) -> Self:
        """Return the settings of a borough that has none."""
        blank: dict[str, Any] = dict.fromkeys(("label", "issuer", "client_id", "acr_values", "fault"), "")
        return cls(
            id=borough_id, **blank, secret=None, trusts_factor=False, factor_values=["mfa"], enabled=False, only=False, checked_at=None
        )

    def describe(self, *, issuer: str, client_id: str, **described: Any) -> bool:
        """Take what the administrator wrote; tell whether it is another provider now.

        Another issuer or client is one: it must be checked and switched on anew, and never gets the secret of the one before.
        """
        other = (issuer, client_id) != (self.issuer, self.client_id)
        if other:
            self.checked_at, self.fault, self.enabled, self.only, self.edition = None, "", False, False, new_id()
            self.issuer, self.client_id, self.secret = issuer, client_id, None
        for name, value in described.items():
            setattr(self, name, value)
        return other

    def note_check(self, issuer: str, fault: str) -> None:
        """Keep what a check of ``issuer`` found; nothing where the issuer was changed meanwhile."""
        if issuer == self.issuer:
            self.fault = fault
            self.checked_at = real_now() if not fault else self.checked_at

    def switch(self, *, enabled: bool, only: bool, administrators_linked: int) -> None:
        """Let people use it, or nothing but it.

        Raises:
            Conflict: the provider has not answered a check, or no administrator has come in by it yet.
        """
        if enabled and (self.checked_at is None or self.fault):
            raise Conflict("Check the provider first: it has not answered as it must yet.")
        if only and not enabled:
            raise Conflict("Switch single sign-on on before you make it the only way in.")
        if only and not administrators_linked:
            raise Conflict(
                "No borough administrator has signed in this way yet. Link your own account and sign in with it first, "
                "so that you can't lock yourself out."
            )
        self.enabled, self.only = enabled, only

    def relax(self) -> None:
        """Let the other ways in again, though nobody can come in to say so: the provider is gone.

        Raises:
            InvalidTransition: the other ways are open already.
        """
        if not self.only:
            raise InvalidTransition("People can sign in with their passwords in this borough.")
        self.only = False

    def second_factor_proved(self, acr: object, amr: object) -> bool:
        """Tell whether the provider says, by words that this borough trusts, that a second factor was proved.

        Source of ``mfa`` and its neighbours: RFC 8176; of ``acr``: OpenID Connect Core 1.0, section 2.
        """
        said = [acr, *(amr if isinstance(amr, list) else [])]
        return self.trusts_factor and any(value in said for value in self.factor_values)


class LinkedAccount(BoroughRow, Base):
    """An account at the borough's provider that a person of the borough signs in with.

    Attributes:
        account: `subject_hash` of the account: the provider's own identifier is not kept.
        linked_by: ``invitation`` or ``account``: where the person asked for it.
        used_at: when the person last came in by it; None until they do.
    """

    __tablename__ = "linked_accounts"
    __table_args__ = (
        UniqueConstraint("borough_id", "account", name="uq_linked_accounts_account"),
        UniqueConstraint("borough_id", "person_id", name="uq_linked_accounts_person_id"),
    )

    person_id: Mapped[UUID]
    account: Mapped[bytes] = mapped_column(LargeBinary)
    linked_by: Mapped[str] = mapped_column(Text)
    used_at: Mapped[datetime | None]


class Spent(Base):
    """Something that may be used once and was: the end of a sign-in under way, or a provider's logout token."""

    __tablename__ = "spent"
    __table_args__ = ({"schema": "identity"},)

    what: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    forget_after: Mapped[datetime]
