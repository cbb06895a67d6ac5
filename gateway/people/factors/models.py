"""What is kept of people's second factors, with the rules of each: the platform's own, since a person has one set for every borough."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base
from chassis.ids import new_id
from gateway.people.models import real_now

CHALLENGE_LIFE: Final = timedelta(minutes=5)
SET_UP_LIFE: Final = timedelta(minutes=30)
PURPOSES: Final = ("register", "prove", "sign_in")
_PERSON: Final = "identity.people.id"


def _whose() -> Mapped[UUID]:
    """Return the column of whose it is; with the person it goes."""
    return mapped_column(ForeignKey(_PERSON, ondelete="CASCADE"))


class Authenticator(Base):
    """The app on a person's phone that makes a code every 30 seconds (RFC 6238).

    Attributes:
        sealed_secret: what the app shares with us, encrypted.
        last_step: the time step of the last code that was used; only a later one is taken (RFC 6238 section 5.2).
        confirmed_at: when the first code proved that the app has the secret; None while it is being set up.
        used_at: when a code of it was last used.
    """

    __tablename__ = "authenticators"
    __table_args__ = (
        Index("uq_authenticators_in_use", "person_id", unique=True, postgresql_where=text("confirmed_at IS NOT NULL")),
        Index("uq_authenticators_begun", "person_id", unique=True, postgresql_where=text("confirmed_at IS NULL")),
        {"schema": "identity"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = _whose()
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(default=real_now)
    confirmed_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]

    @property
    def is_too_old(self) -> bool:
        """Whether setting it up was begun so long ago that it must be begun again."""
        return self.confirmed_at is None and real_now() - self.created_at > SET_UP_LIFE


class RecoveryCode(Base):
    """One of the codes that a person printed for the day the phone is gone. It works once.

    Attributes:
        salt: the same for all codes of one set, so that checking one takes one hash.
        code_hash: argon2id.
    """

    __tablename__ = "recovery_codes"
    __table_args__ = (Index("ix_recovery_codes_person_id", "person_id"), {"schema": "identity"})

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = _whose()
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=real_now)
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A passkey (WebAuthn Level 3, section 4, "credential record").

    Attributes:
        name: what the person calls it.
        sign_count: the authenticator's counter at the last use; 0 for one that does not count.
        backup_eligible: it may be copied to other devices by its maker; never changes.
        backed_up: it was copied when last used.
        transports: how the browser reached it, as hints for the next time.
        used_at: when it last signed something.
        stopped_at: its counter went back, so there may be a copy: it is refused from then on.
    """

    __tablename__ = "passkeys"
    __table_args__ = (UniqueConstraint("credential_id"), Index("ix_passkeys_person_id", "person_id"), {"schema": "identity"})

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = _whose()
    credential_id: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str] = mapped_column(Text)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    backup_eligible: Mapped[bool]
    backed_up: Mapped[bool]
    transports: Mapped[list[str]]
    created_at: Mapped[datetime] = mapped_column(default=real_now)
    used_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]

    def note(self, *, sign_count: int, backup_eligible: bool, backed_up: bool) -> bool:
        """Take note of an answer that it signed; tell whether it may be believed.

        A counter that did not grow says that there is a copy of the passkey somewhere (WebAuthn section 6.1.1): nobody can
        tell which of the two this is, so both are stopped. Whether it may be copied by its maker never changes either.
        """
        if self.stopped_at is not None:
            return False
        counts = sign_count > 0 or self.sign_count > 0
        if (counts and sign_count <= self.sign_count) or backup_eligible != self.backup_eligible:
            self.stopped_at = real_now()
            return False
        self.sign_count, self.backed_up, self.used_at = sign_count, backed_up, real_now()
        return True


class PasskeyHolder(Base):
    """The random name under which a person's passkeys are kept on their devices: nothing personal can be read from it."""

    __tablename__ = "passkey_holders"
    __table_args__ = (UniqueConstraint("handle"), {"schema": "identity"})

    person_id: Mapped[UUID] = mapped_column(ForeignKey(_PERSON, ondelete="CASCADE"), primary_key=True)
    handle: Mapped[bytes] = mapped_column(LargeBinary)


class Challenge(Base):
    """What a passkey is asked to sign, once and soon.

    Attributes:
        purpose: one of `PURPOSES`: an answer to one is worth nothing for another.
        session_id: the session that asked; None before sign-in.
    """

    __tablename__ = "challenges"
    __table_args__ = (Index("ix_challenges_expires_at", "expires_at"), {"schema": "identity"})

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    purpose: Mapped[str] = mapped_column(Text)
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    session_id: Mapped[UUID | None]
    expires_at: Mapped[datetime] = mapped_column(default=lambda: real_now() + CHALLENGE_LIFE)
