"""The pack: a frozen copy of everything that is held, looked through record by record. Nothing leaves it that nobody looked at."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from chassis import clock
from chassis.caller import Caller
from chassis.database import Base, BoroughRow, Versioned, within_borough
from chassis.errors import Conflict, Forbidden, Invalid, InvalidTransition, NotFound
from services.referrals.contract.records import packs
from services.referrals.models.records.redaction import Proposal, stands_in, without

_NOT_THERE = "Words to hide: {} is not in this record. Write it exactly as it is there."


class PackItem(BoroughRow, Base):
    """One record as it was when the pack was gathered, what was proposed and what somebody decided."""

    __tablename__ = "pack_items"
    __table_args__ = (within_borough("pack_id", "packs", ondelete="CASCADE"), UniqueConstraint("borough_id", "pack_id", "number"))
    unaudited = frozenset({"*"})  # a copy of what is audited where it is held; decisions are in the pack's own entry

    pack_id: Mapped[UUID]
    number: Mapped[int]
    service: Mapped[str]
    heading: Mapped[str]
    title: Mapped[str]
    about: Mapped[str]
    proposed: Mapped[str]
    decision: Mapped[str | None]
    reason: Mapped[str | None]
    words: Mapped[str | None]
    reviewed_by: Mapped[str | None]
    at: Mapped[datetime | None]
    person_id: Mapped[UUID | None]
    lines: Mapped[list[dict[str, Any]]]
    hidden: Mapped[list[str]]

    @classmethod
    def gathered(cls, pack_id: UUID, number: int, item: Mapping[str, Any], proposal: Proposal) -> "PackItem":
        """Return a record that nobody has looked at yet."""
        told = {name: item[name] for name in ("service", "heading", "title", "about", "at", "person_id")}
        lines = [{"label": line["label"], "words": line["words"]} for line in item["lines"]]
        return cls(
            pack_id=pack_id, number=number, lines=lines, proposed=proposal.decision, hidden=list(proposal.hidden), reason=proposal.reason,
            **told,
        )  # fmt: skip

    def decide(self, decision: Mapping[str, Any], by: str) -> None:
        """Keep what somebody decided.

        Raises:
            Invalid: something is left out and nobody says why, or words are to be hidden that are not there: they are written otherwise,
                and would be given out.
        """
        leaves_out = decision["decision"] == "withhold" or decision["hidden"]
        if leaves_out and not decision["reason"]:
            raise Invalid(faults={"reason": ["Why is something left out?: choose a reason."]})
        if decision["decision"] == "give" and (absent := self._absent(decision["hidden"])):
            raise Invalid(faults={"hidden": [_NOT_THERE.format(", ".join(f"\u201c{words}\u201d" for words in absent))]})
        self.decision, self.hidden, self.words = decision["decision"], list(decision["hidden"]), decision["words"]
        self.reason, self.reviewed_by = decision["reason"] if leaves_out else None, by

    def _absent(self, hidden: Iterable[str]) -> list[str]:
        text = "\n".join([*(line["words"] or "" for line in self.lines), self.title])
        return [words for words in hidden if words.strip() and not stands_in(words, text)]

    def given(self) -> dict[str, Any]:
        """Return it as it is given out: what is hidden or left out is not in it."""
        given = self.decision == "give"
        lines = [{"label": line["label"], "words": without(line["words"], self.hidden)} for line in self.lines] if given else []
        title = without(self.title, self.hidden) if given else "A record that was left out"
        reason = packs.REASONS[self.reason] if self.reason else None
        return {
            "number": self.number,
            "heading": self.heading,
            "title": title,
            "at": self.at,
            "given": given,
            "reason": reason,
            "lines": lines,
        }


class Pack(Versioned, BoroughRow, Base):
    """A pack; its id is the request's.

    Attributes:
        given: what was given out, as a list without the words, kept after the file is gone.
        programme, about: what stands on the file.
        digest: SHA-256 of the JSON file.
    """

    __tablename__ = "packs"
    __table_args__ = (
        within_borough("id", "subject_requests", ondelete="CASCADE"),
        Index(None, "borough_id", "state", "expires_on", "id"),
    )

    state: Mapped[str]
    frozen_at: Mapped[datetime]
    second_by: Mapped[str | None]
    second_words: Mapped[str | None]
    given_by: Mapped[str | None]
    given_as: Mapped[str | None]
    digest: Mapped[str | None]
    programme: Mapped[str | None]
    about: Mapped[str | None]
    given_at: Mapped[datetime | None]
    expires_on: Mapped[date | None]
    given: Mapped[list[dict[str, Any]]]
    items: Mapped[list[PackItem]] = relationship(order_by=PackItem.number, lazy="selectin", cascade="all, delete-orphan")

    @classmethod
    def frozen(cls, request_id: UUID, items: Iterable[PackItem], at: datetime) -> "Pack":
        """Return a pack to be looked through."""
        return cls(id=request_id, version=1, state="review", frozen_at=at, given=[], items=list(items))

    @property
    def left(self) -> int:
        """How many records nobody has looked at."""
        return sum(item.decision is None for item in self.items)

    def review(self, version: int, decisions: Sequence[Mapping[str, Any]], by: Caller) -> None:
        """Keep what was decided about some records.

        Raises:
            Stale, InvalidTransition: somebody changed it since, or it was given out.
            Invalid: records are not in the pack, or something is left out without a reason; by the place of the decision.
        """
        self._require_review(version)
        by_number, faults = {item.number: item for item in self.items}, {}
        for place, decision in enumerate(decisions):
            try:
                _among(by_number, decision["number"]).decide(decision, by.person_name)
            except Invalid as wrong:
                faults[str(place)] = wrong.faults
        if faults:
            raise Invalid(faults={"decisions": faults})
        self.second_by = self.second_words = None
        self.version += 1

    def look_again(self, version: int, words: str, by: Caller) -> None:
        """Keep that a second person looked through it.

        Raises:
            Stale, InvalidTransition: as `review`.
            Conflict: not everything was looked at once.
            Forbidden: they looked at some of it the first time.
        """
        self._require_review(version)
        self._require_looked_at()
        if by.person_name in {item.reviewed_by for item in self.items}:
            raise Forbidden("The second look is somebody else's: you looked through some of this yourself.")
        self.second_by, self.second_words = by.person_name, words
        self.version += 1

    def give(self, version: int, given_as: str, names: Mapping[str, str], by: Caller, at: datetime) -> None:
        """Give it out.

        Raises:
            Stale, InvalidTransition: as `review`.
            Conflict: not everything was looked at.
        """
        self._require_review(version)
        self._require_looked_at()
        self.programme, self.about = names["programme"], names["about"]
        self.state, self.given_at, self.given_by, self.given_as = "given", at, by.person_name, given_as
        self.expires_on = clock.london(at).date() + timedelta(days=packs.FILE_DAYS)
        self.digest = digest_of(self.document())
        self.given = [
            {**{name: line[name] for name in ("number", "heading", "given", "reason")}} for line in map(PackItem.given, self.items)
        ]
        self.version += 1

    def document(self) -> dict[str, Any]:
        """Return what is given out, as `GivenPack` has it.

        Raises:
            NotFound: it was not given out, or its time is over.
        """
        if self.state != "given" or self.given_at is None:
            raise NotFound("This file is not there: it was not given out yet, or its time is over.")
        return {
            "format": packs.FORMAT,
            "programme": self.programme,
            "about": self.about,
            "gathered_at": self.frozen_at,
            "given_on": clock.london(self.given_at).date(),
            "items": [item.given() for item in self.items],
        }

    def expire(self) -> None:
        """Forget the records: what was given stays as a digest and a list."""
        self.state, self.items, self.about = "expired", [], None
        self.version += 1

    def _require_review(self, version: int) -> None:
        self.expect(version)
        if self.state != "review":
            raise InvalidTransition("This pack was given out. Nothing in it can be changed.")

    def _require_looked_at(self) -> None:
        if self.left:
            raise Conflict(f"Nothing leaves that nobody looked at: {self.left} of {len(self.items)} records are still to be looked at.")


def _among(by_number: Mapping[int, PackItem], number: int) -> PackItem:
    if number not in by_number:
        raise Invalid(faults={"number": ["This record is not in the pack."]})
    return by_number[number]


def digest_of(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the JSON file that holds ``document``."""
    return sha256(packs.written(document)).hexdigest()
