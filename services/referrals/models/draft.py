"""A referral that is being written: whose it is, what it says so far, the code that proves a mail address, and that it is sent once."""

import hmac
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from chassis.caller import Caller
from chassis.database import Base, BoroughRow, Versioned
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Stale, TooManyAttempts
from chassis.ids import new_id
from chassis.schemas import instance_of, whatever_day_it_is
from services.referrals import contract

CODE_LIFE: Final = timedelta(minutes=15)
CODE_TRIES: Final = 5
"""Wrong codes after which a code is worth nothing any more."""
CODES_AN_HOUR: Final = 5
CODES_IN_ALL: Final = 20
"""Codes that are mailed for one draft, however long it lies: nobody fills somebody else's mailbox with it."""
COPY_FOR: Final = timedelta(days=1)
"""How long whoever sent a referral can look at what they sent, and keep a copy."""

_PEOPLE: Final = ("parents", "children")
_GONE: Final = (
    "It may have been sent, or have been put aside for too long, or this is not the browser it was written in. You can start again."
)


class Draft(Versioned, BoroughRow, Base):
    """A referral that is being written.

    Attributes:
        kind: code of `contract.DRAFT_KINDS`.
        owner_id: the person with an account who writes it; None for somebody without one.
        digest: of the secret that opens it, where there is no owner.
        email, email_proven: the mail address of whoever writes it without an account, and whether they showed that it is theirs.
        answers: by step, as they were loaded.
        saved: by step, the version at which it was saved last, so that two tabs see where they differ.
        sent_at, referral_id, reference: what became of it.
    """

    __tablename__ = "drafts"
    __table_args__ = (Index(None, "borough_id", "expires_at"), Index(None, "borough_id", "owner_id", "id"))
    unaudited = frozenset({"answers", "email", "digest", "code_digest", "code_until"})

    kind: Mapped[str]
    owner_id: Mapped[UUID | None]
    digest: Mapped[bytes | None]
    email: Mapped[str | None]
    email_proven: Mapped[bool]
    code_digest: Mapped[bytes | None]
    code_until: Mapped[datetime | None]
    code_tries: Mapped[int]
    codes_sent: Mapped[list[str]]
    answers: Mapped[dict[str, Any]]
    saved: Mapped[dict[str, Any]]
    expires_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    referral_id: Mapped[UUID | None]
    reference: Mapped[str | None]

    @classmethod
    def start(cls, kind: str, secret: str | None, by: Caller, at: datetime) -> "Draft":
        """Return a draft without answers.

        Raises:
            Forbidden: only somebody of the team writes this kind, or a system asks, which has no drafts.
            Invalid: somebody without an account sent no secret.
        """
        about = contract.DRAFT_KINDS[kind]
        if by.kind not in {"member", "public"} or (about.members_only and not by.may("families.read")):
            raise Forbidden
        owned = by.kind == "member"
        if not owned and not secret:
            raise Invalid(faults={"secret": ["Secret: this is needed from somebody without an account."]})
        return cls(
            borough_id=by.borough_id,
            id=new_id(),
            version=1,
            kind=kind,
            owner_id=by.person_id if owned else None,
            digest=None if owned or not secret else digest_of(secret),
            email_proven=False,
            code_tries=0,
            codes_sent=[],
            answers={},
            saved={},
            expires_at=at + timedelta(days=about.days),
        )

    def require(self, by: Caller, secret: str | None, at: datetime) -> None:
        """Let somebody pass whose draft it is, while it is kept.

        Raises:
            NotFound: it is somebody else's, or its time is over; nothing tells these apart.
        """
        if self.expires_at <= at or not self._is_of(by, secret):
            raise NotFound(_GONE)

    def _is_of(self, by: Caller, secret: str | None) -> bool:
        if self.owner_id is not None:
            return by.kind == "member" and by.person_id == self.owner_id
        return bool(secret) and self.digest is not None and hmac.compare_digest(digest_of(secret or ""), self.digest)

    def save(self, version: int, step: str, answers: Mapping[str, Any], at: datetime) -> None:
        """Keep the answers of one step, where they fit its schema.

        Raises:
            Invalid: there is no such step, or an answer does not fit; the faults are named by field.
            Stale: this step was saved after ``version``, in another tab perhaps; both are in the error.
            Conflict: it was sent already, or the mail address is to be proved first.
        """
        self._require_open()
        try:
            schema = contract.step_schema(self.kind, step)
            loaded = schema.load(answers)
        except KeyError:
            raise Invalid(faults={"step": ["Step: there is no such step."]}) from None
        except ValidationError as wrong:
            raise Invalid(faults=wrong.messages_dict) from None
        kept = schema.dump(loaded)
        if self.saved.get(step, 0) > version and self.answers[step] != kept:
            raise Stale(yours={"version": version, "answers": kept}, theirs={"version": self.version, "answers": self.answers[step]})
        self.version += 1
        others = self._still_right(step, kept)
        self.answers, self.saved = {**others, step: kept}, {**self.saved, step: self.version}
        self.expires_at = at + timedelta(days=contract.DRAFT_KINDS[self.kind].days)

    def _still_right(self, step: str, kept: Mapping[str, Any]) -> dict[str, Any]:
        """Return the other answers; who is what to whom names people by their places, and is asked again where those changed."""
        moved = step in _PEOPLE and _names(kept[step]) != _names(self.answers.get(step, {}).get(step, ()))
        return {name: answer for name, answer in self.answers.items() if not (moved and name == "relations")}

    def _require_open(self) -> None:
        if self.sent_at is not None:
            raise Conflict(f"This referral was sent already. Its reference is {self.reference}.")
        if contract.DRAFT_KINDS[self.kind].needs_mail and self.owner_id is None and not self.email_proven:
            raise Conflict("First prove that the email address is yours, with the code we sent.")

    def whole(self) -> dict[str, Any]:
        """Return everything that was answered, as the schema of the kind loads it.

        Raises:
            Invalid: something is missing, or does not fit together; the faults are named by field.
        """
        self._require_open()
        try:
            with whatever_day_it_is():
                loaded: dict[str, Any] = instance_of(contract.DRAFT_KINDS[self.kind].whole).load(contract.put_together(self.answers))
        except ValidationError as wrong:
            raise Invalid(faults=wrong.messages_dict) from None
        return loaded

    def become(self, referral_id: UUID, reference: str, at: datetime) -> None:
        """Note what was sent; the answers stay a day, for a copy."""
        self.version += 1
        self.sent_at, self.referral_id, self.reference, self.expires_at = at, referral_id, reference, at + COPY_FOR

    def can_be_mailed(self, email: str, by: Caller, secret: str | None, at: datetime) -> bool:
        """Tell whether a code may go to ``email``: the address its owner gives now, or the one that was proved, for who comes back.

        Whoever asks about somebody else's draft is not told which address that is.
        """
        takes_codes = self.owner_id is None and contract.DRAFT_KINDS[self.kind].needs_mail
        if not takes_codes or self.expires_at <= at or self.sent_at is not None:
            return False
        return self._is_of(by, secret) or (self.email_proven and _same(email, self.email))

    def new_code(self, email: str, at: datetime) -> str:
        """Return a code that is to be mailed to ``email``; the one before works no longer.

        Raises:
            TooManyAttempts: too many were asked for.
        """
        self._require_patience(at)
        code = f"{secrets.randbelow(10**6):06}"
        self.version += 1
        if not _same(email, self.email):
            self.email, self.email_proven = email.strip(), False
        self.code_digest, self.code_until, self.code_tries = self._code_digest(code), at + CODE_LIFE, 0
        self.codes_sent = [*self.codes_sent, at.isoformat()]
        return code

    def _require_patience(self, at: datetime) -> None:
        lately = [moment for moment in map(datetime.fromisoformat, self.codes_sent) if at - moment < timedelta(hours=1)]
        if len(self.codes_sent) >= CODES_IN_ALL:
            raise TooManyAttempts("We sent as many codes as we can. Begin a new referral, or ring us.", retry_after=24 * 3600)
        if len(lately) >= CODES_AN_HOUR:
            left = round((lately[0] + timedelta(hours=1) - at).total_seconds())
            raise TooManyAttempts("We sent five codes in an hour. Look in your mailbox, or wait and ask for another.", retry_after=left)

    def prove(self, code: str, secret: str | None, at: datetime) -> bool:
        """Tell whether ``code`` is the one that was mailed; then the address is proved, and ``secret`` opens the draft from now on.

        A wrong one is counted; after five, or a quarter of an hour, none is right any more.
        """
        if self.code_digest is None or self.code_until is None or self.code_until <= at or self.code_tries >= CODE_TRIES or not secret:
            return False
        self.version += 1
        typed = "".join(figure for figure in code if figure.isdecimal())
        if not hmac.compare_digest(self._code_digest(typed), self.code_digest):
            self.code_tries += 1
            return False
        self.email_proven, self.code_digest, self.code_until, self.digest = True, None, None, digest_of(secret)
        return True

    @property
    def tries_left(self) -> int:
        """How often another code may be tried before a new one must be asked for."""
        return CODE_TRIES - self.code_tries if self.code_digest is not None else 0

    def _code_digest(self, code: str) -> bytes:
        return sha256(self.id.bytes + code.encode()).digest()

    @property
    def initials(self) -> str:
        """The family by initials, as far as it is known: "S. D., F."."""
        return ", ".join(initials_of(contract.put_together(self.answers)))


def _names(people: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    return [(person.get("given_name"), person.get("family_name")) for person in people]


def digest_of(secret: str) -> bytes:
    """Return what is kept of a secret."""
    return sha256(secret.encode()).digest()


def initials_of(family: Mapping[str, Any]) -> Iterator[str]:
    """Yield the initials of everybody in a family, parents with their last name's: enough for whoever knows them."""
    for parent in family.get("parents", ()):
        yield " ".join(f"{name[0].upper()}." for name in (parent["given_name"], parent["family_name"]) if name)
    for child in family.get("children", ()):
        yield f"{child['given_name'][0].upper()}." if child.get("given_name") else contract.EXPECTED_BABY


def _same(one: str, other: str | None) -> bool:
    return one.strip().casefold() == (other or "").casefold()
