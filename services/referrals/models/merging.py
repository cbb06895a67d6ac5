"""Merging two records of one family, and taking that back: what changes, what it was before, what was written since."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped

from chassis.caller import Caller
from chassis.contract import Event
from chassis.database import Base, BoroughRow, Versioned, within_borough
from chassis.errors import Conflict
from chassis.ids import new_id
from services.referrals import contract

UNDO_WITHIN: Final = timedelta(days=contract.UNDO_DAYS)
Document = dict[str, Any]


class Merge(Versioned, BoroughRow, Base):
    """Two records of one family made one.

    Attributes:
        into_id: the record that goes on.
        merged_id: the one that became part of it; it may only have been referred, and then ``merged_version`` is 0.
        until: up to when it can be undone.
        people: who is whom, as JSON: ``merged`` is ``into`` from then on.
        moved: ids of what was re-pointed here, by table, as JSON; people too.
        before, after: the record that goes on, as it was and as the merge left it, as JSON (`Snapshot`); emptied when the merge can
            be undone no longer.
        restriction: since when the record that goes on was restricted; who might see it, before, where the merge changed that.
    """

    __tablename__ = "family_merges"
    __table_args__ = (
        within_borough("into_id", "families"),
        Index(None, "borough_id", "into_id", "at"),
        Index(None, "borough_id", "merged_id", unique=True, postgresql_where=text("undone_at IS NULL")),
        Index(None, "borough_id", "at", "id"),
        Index("ix_family_merges_to_forget", "borough_id", "until", postgresql_where=text("before <> '{}'")),
    )
    audited_as = "into_id"
    unaudited = frozenset({"before", "after", "moved", "people", "restriction"})

    into_id: Mapped[UUID]
    merged_id: Mapped[UUID]
    merged_version: Mapped[int]
    merged_name: Mapped[str]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
    until: Mapped[datetime]
    people: Mapped[list[dict[str, Any]]]
    moved: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    restriction: Mapped[dict[str, Any]]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]
    undone_because: Mapped[str | None]

    @classmethod
    def decided(cls, request: Mapping[str, Any], merged_name: str, by: Caller, at: datetime) -> "Merge":
        """Return a merge that somebody decided on; ``request`` is a loaded `MergeRequest`."""
        pairs = [{"merged": str(one["merged"]), "into": str(one["into"])} for one in request["people"] if one["into"]]
        return cls(
            id=new_id(), version=1, into_id=request["into_id"], merged_id=request["merged_id"], merged_version=request["merged_version"],
            merged_name=merged_name, by_id=by.person_id, by_name=by.person_name, reason=request["reason"], at=at, until=at + UNDO_WITHIN,
            people=pairs, moved={}, before={}, after={}, restriction={},
        )  # fmt: skip

    def can_be_undone(self, at: datetime) -> bool:
        """Tell whether it stands and its time to be undone is not over."""
        return self.undone_at is None and at <= self.until and bool(self.before)

    def undo(self, version: int, because: str, by: Caller, at: datetime) -> None:
        """Take it back.

        Raises:
            Stale: somebody did, since.
            Conflict: it was undone before, or its 30 days are over.
        """
        self.expect(version)
        if self.undone_at:
            raise Conflict("This was undone before: both records are there again.")
        if at > self.until or not self.before:
            raise Conflict(f"These records became one more than {contract.UNDO_DAYS} days ago. That can't be undone any more.")
        self.undone_at, self.undone_by, self.undone_because = at, by.person_name, because

    def forget(self) -> None:
        """Keep of what the records were no more than that they became one: from then on that can't be undone."""
        self.before, self.after = {}, {}

    def event(self, restriction: Document | None) -> Event:
        """Return the event of the merge as it stands; ``restriction`` says who may see the record that goes on, where that changed."""
        undone = self.undone_at is not None
        people = [{name: UUID(one[name]) for name in ("merged", "into")} for one in self.people]
        facts = {"family_id": self.into_id, "merged_id": self.merged_id, "at": self.at, "undone": undone, "people": people}
        return contract.FAMILY_MERGED(self.id, 2 if undone else 1, **facts, restriction=restriction)

    def remember(self, table: str, ids: Collection[UUID]) -> None:
        """Note what was re-pointed."""
        self.moved = {**self.moved, table: [str(one) for one in ids]} if ids else self.moved

    def remembered(self, table: str) -> list[UUID]:
        """Return what was re-pointed."""
        return [UUID(one) for one in self.moved.get(table, [])]
