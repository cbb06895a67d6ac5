"""What a family agreed to, with whom it is shared, and what was shared or kept back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from chassis.caller import Caller
from chassis.database import Base, BoroughRow, Versioned, within_borough
from chassis.errors import Invalid, InvalidTransition

_LEVEL_MISSING = "How much: choose what the referrer may be told."
_LEVEL_TOO_MUCH = "How much: leave this empty. It is only asked of a referrer."
ASKED = ("purpose", "partner", "what", "words", "level", "given_by", "given_how", "given_on", "evidence")


class Consent(Versioned, BoroughRow, Base):
    """One thing that a family agreed to. It is never deleted when it is withdrawn: that it once held is part of the record.

    Attributes:
        purpose: what for: a code of `CONSENT_PURPOSES`.
        partner: which agency it is shared with, in words.
        what, words: which information: codes of `SHARED_INFORMATION`, and what the family said.
        level: how much the referrer may be told (`MAY_BE_TOLD`), where that is the purpose; else None.
        given_by, given_how, given_on: who of the family, in which way, when.
        evidence: where it can be looked up: a form, a note, a recording.
        taken_by_id, taken_by_name: who took it down.
        referral_id: the referral that it came with.
        withdrawn_on, withdrawn_how, withdrawn_by_name, withdrawn_because: that it holds no more.
        withdrawn_at: when that was taken down.
    """

    __tablename__ = "consents"
    __table_args__ = (
        within_borough("family_id", "families", ondelete="CASCADE"),
        Index(None, "borough_id", "family_id", "given_on", "id"),
        Index(None, "borough_id", "referral_id"),
    )
    audited_as = "family_id"

    family_id: Mapped[UUID]
    purpose: Mapped[str]
    partner: Mapped[str]
    what: Mapped[list[str]]
    words: Mapped[str | None]
    level: Mapped[str | None]
    given_by: Mapped[str]
    given_how: Mapped[str]
    given_on: Mapped[date]
    evidence: Mapped[str | None]
    taken_by_id: Mapped[UUID]
    taken_by_name: Mapped[str]
    referral_id: Mapped[UUID | None]
    withdrawn_on: Mapped[date | None]
    withdrawn_how: Mapped[str | None]
    withdrawn_because: Mapped[str | None]
    withdrawn_by_name: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]

    @classmethod
    def given(cls, family_id: UUID, details: Mapping[str, Any], by: Caller, referral_id: UUID | None = None) -> "Consent":
        """Return what a family agreed to; ``details`` are a loaded `GiveConsentRequest`.

        Raises:
            Invalid: how much the referrer may be told is missing, or said for another purpose.
        """
        told = details["purpose"] == "tell_referrer"
        if told != (details["level"] is not None):
            raise Invalid(faults={"level": [_LEVEL_MISSING if told else _LEVEL_TOO_MUCH]})
        return cls(
            borough_id=by.borough_id, version=1, family_id=family_id, **{name: details[name] for name in ASKED},
            taken_by_id=by.person_id, taken_by_name=by.person_name, referral_id=referral_id,
        )  # fmt: skip

    @property
    def holds(self) -> bool:
        """Whether it still holds."""
        return self.withdrawn_on is None

    def withdraw(self, request: Mapping[str, Any], by: Caller, at: datetime) -> None:
        """Take down that the family takes it back; from now on nothing goes by it.

        Raises:
            Stale: somebody changed it since.
            InvalidTransition: it was withdrawn before.
            Invalid: it is to be withdrawn before it was given.
        """
        self.expect(request["version"], theirs={"withdrawn_on": self.withdrawn_on and self.withdrawn_on.isoformat()})
        if not self.holds:
            raise InvalidTransition("This was withdrawn before.")
        if request["withdrawn_on"] < self.given_on:
            raise Invalid(faults={"withdrawn_on": ["When: this is before it was given."]})
        self.version += 1
        for name in ("withdrawn_on", "withdrawn_how", "withdrawn_because"):
            setattr(self, name, request[name])
        self.withdrawn_by_name, self.withdrawn_at = by.person_name, at


class SharingDecision(BoroughRow, Base):
    """That something was shared with an agency, or was not, and why. Nobody changes it afterwards.

    Attributes:
        decision: ``shared`` or ``not_shared``.
        partner: which agency.
        what: which information: codes of `SHARED_INFORMATION`.
        basis: what it rests on: a code of `SHARING_BASES`.
        reason: in words.
        family_told: whether the family knows.
        decided_on: the day.
    """

    __tablename__ = "sharing_decisions"
    values_need = frozenset({"audit.read_family", "referrals.read_clinical"})
    __table_args__ = (
        within_borough("family_id", "families", ondelete="CASCADE"),
        within_borough("consent_id", "consents"),
        Index(None, "borough_id", "family_id", "decided_on", "id"),
        Index(None, "borough_id", "consent_id"),
    )
    audited_as = "family_id"

    family_id: Mapped[UUID]
    decision: Mapped[str]
    partner: Mapped[str]
    what: Mapped[list[str]]
    basis: Mapped[str]
    consent_id: Mapped[UUID | None]
    reason: Mapped[str]
    family_told: Mapped[str]
    decided_on: Mapped[date]
    decided_by_id: Mapped[UUID]
    decided_by_name: Mapped[str]
    decided_by_agency: Mapped[str]
