"""Families that became one, as a service knows it: what bears the one now bears the other, and can be put back. See docs/decisions/0034.

`referrals` decides which families are one and tells the others. Each keeps the merges it heard of (a model of its own that is a
`KeptMerge`), re-points what bears the merged family, and remembers what: undoing a merge moves back exactly that.

News may come twice, late and in any order. A merge is known by its id, and ids are in the order of time, so a merge that could
only be made after another was undone says that it was, before the news of that has come. Whatever comes late for a family that
was merged away is handled as ever, and then moved after the rest: `Merges.settle`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Mapped

from chassis import clock
from chassis.contract import ReceivedEvent
from chassis.database.base import BoroughRow
from chassis.database.repository import Repository
from chassis.database.restrictions import Access, Restrictions
from chassis.errors import FamilyMerged

_STRAYS_FOR = timedelta(hours=1)
_TURN = 1835364967
"""Spells "merg": of two pieces of news about merges in one borough, the second waits for the first."""


class KeptMerge(BoroughRow):
    """A merge that a service heard of; its row id is the merge's id.

    Attributes:
        sequence: 1 for the merge, 2 for its end.
        into_id, merged_id: the family that goes on, and the one that became part of it.
        at: when it was decided.
        people: who is whom: ``merged`` is ``into`` from then on.
        moved: what was re-pointed, by table: ids of rows.
        aside: what was changed besides, so that both fit into one, with what it was before.
    """

    sequence: Mapped[int]
    into_id: Mapped[UUID]
    merged_id: Mapped[UUID]
    at: Mapped[datetime]
    undone: Mapped[bool]
    people: Mapped[list[dict[str, Any]]]
    moved: Mapped[dict[str, Any]]
    aside: Mapped[dict[str, Any]]

    def remember(self, table: str, ids: Iterable[UUID]) -> None:
        """Note which rows of a table were re-pointed."""
        new = [str(one) for one in ids]
        if new:
            self.moved = {**self.moved, table: [*self.moved.get(table, []), *new]}

    def remembered(self, table: str) -> list[UUID]:
        """Return which rows of a table were re-pointed."""
        return [UUID(one) for one in self.moved.get(table, [])]

    def put_aside(self, what: str, items: Sequence[dict[str, Any]]) -> None:
        """Note, as JSON, what was changed besides."""
        if items:
            self.aside = {**self.aside, what: [*self.aside.get(what, []), *items]}

    def put_by(self, what: str) -> list[dict[str, Any]]:
        """Return what was changed besides, latest first."""
        kept: list[dict[str, Any]] = list(self.aside.get(what, []))
        return kept[::-1]


class Columns:
    """Some columns of a row as JSON, to be compared and put back."""

    def __init__(self, row: Any, *names: str) -> None:
        self._row, self._names = row, names

    def kept(self) -> dict[str, Any]:
        """Return them as JSON."""
        return {name: _kept(getattr(self._row, name)) for name in self._names}

    def put_back(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Give each column what it was ``before``, unless it is no more what it was ``after``: then somebody wrote it since.

        Of a list, what was written since stays, and the rest is as it was.
        """
        now = self.kept()
        for name in self._names:
            if name in before and before[name] != after.get(name):
                self._put_back(name, before[name], after.get(name), now[name])

    def _put_back(self, name: str, before: Any, after: Any, now: Any) -> None:
        if now == after:
            setattr(self._row, name, self._read(name, before))
        elif isinstance(now, list) and isinstance(before, list) and isinstance(after, list):
            own = [one for one in now if one in before or one not in after]
            setattr(self._row, name, [*own, *(one for one in before if one not in after and one not in own)])

    def _read(self, name: str, kept: Any) -> Any:
        kind = self._row.__table__.columns[name].type.python_type
        if kept is None or kind not in {date, datetime, UUID}:
            return kept
        return UUID(kept) if kind is UUID else kind.fromisoformat(kept)


def _kept(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


M = TypeVar("M", bound=KeptMerge)


class Carrier(Protocol):
    """What bears a family, and how it is moved."""

    def forth(self, merges: "Merges[Any]", merge: Any) -> None:
        """Move what bears the merged family to the one that it is now; called again whenever more has come."""

    def back(self, merges: "Merges[Any]", merge: Any) -> None:
        """Put back what `forth` moved, and leave what was written since."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that name a family in ``family_id`` and stand in nobody's way."""

    model: type[Any]

    def forth(self, merges: "Merges[Any]", merge: KeptMerge) -> None:
        """Re-point them."""
        merge.remember(self.model.__tablename__, merges.repoint(self.model, merge.merged_id, merge.into_id))

    def back(self, merges: "Merges[Any]", merge: KeptMerge) -> None:
        """Re-point those that are still where the merge put them."""
        moved = merge.remembered(self.model.__tablename__)
        merges.repoint(self.model, merges.current(merge.into_id), merge.merged_id, moved)


class Merges(Repository[M], Generic[M]):
    """The merges of the work's borough. Derive it, name the model and what bears a family."""

    carriers: ClassVar[Sequence[Carrier]] = ()

    def hear(self, event: ReceivedEvent) -> None:
        """Take over what an event says of a merge, or of its end, unless as much is known."""
        facts: dict[str, Any] = event.data
        self.session.execute(select(func.pg_advisory_xact_lock(_TURN, func.hashtext(str(self.borough_id)))))
        known = self.find(event.subject, for_update=True)
        if known and known.sequence >= event.sequence:
            return
        self._keep_restriction(facts)
        merge = known or self._first_news(event)
        merge.sequence = event.sequence
        if facts["undone"]:
            self._end(merge)
        self.session.flush()

    def settle(self, family_ids: Collection[UUID]) -> None:
        """Move what still bears one of these families, if it was merged, to the family that it is now."""
        merges = self._standing(family_ids) if family_ids else []
        seen: set[UUID] = set()
        while merges:
            merge = merges.pop()
            if merge.id not in seen:
                seen.add(merge.id)
                self._carry(merge)
                merges += self._standing([merge.into_id])

    def gather_strays(self) -> None:
        """Settle every family that was merged within the last hour: for what was under way while the merge was carried out."""
        standing = self.rows().where(self.model.undone.is_(False), self.model.id >= first_id_of(clock.real_now() - _STRAYS_FOR))
        self.settle([merge.merged_id for merge in self.all(standing)])

    def current(self, family_id: UUID) -> UUID:
        """Return which family a family is now: itself, unless it was merged."""
        seen = {family_id}
        while (merge := self._latest(family_id)) and merge.into_id not in seen:
            family_id = merge.into_id
            seen.add(family_id)
        return family_id

    def require_current(self, family_id: UUID) -> None:
        """Let pass who names a family that was not merged. Raises FamilyMerged, with the family that it is now."""
        current = self.current(family_id)
        if current != family_id:
            raise FamilyMerged(into=str(current))

    def repoint(
        self, model: type[Any], family_id: UUID, to: UUID, ids: Collection[UUID] | None = None, *conditions: ColumnElement[bool]
    ) -> list[UUID]:
        """Make rows that bear one family bear another, all of them or those among ``ids``; return which did."""
        if ids is not None and not ids:
            return []
        wanted = update(model).where(model.borough_id == self.borough_id, model.family_id == family_id, *conditions)
        if ids is not None:
            wanted = wanted.where(model.id.in_(ids))
        self.session.flush()
        written = wanted.values(family_id=to).returning(model.id)
        moved = list(self.session.scalars(written, execution_options={"synchronize_session": False}))
        if moved:
            self._forget(model)
        return moved

    def _forget(self, model: type[Any]) -> None:
        """Let rows that were loaded before be looked up again."""
        for row in [row for row in self.session.identity_map.values() if isinstance(row, model)]:
            self.session.expire(row)

    def _first_news(self, event: ReceivedEvent) -> M:
        """Take over a merge of which nothing is known, and move what bears the merged family: unless it is known to have ended."""
        facts: dict[str, Any] = event.data
        people = [{name: str(one[name]) for name in ("merged", "into")} for one in facts["people"]]
        values = {"into_id": facts["family_id"], "merged_id": facts["merged_id"], "at": facts["at"], "people": people}
        merge: M = self.model(id=event.subject, sequence=event.sequence, undone=False, moved={}, aside={}, **values)
        merge.undone = bool(facts["undone"]) or self._ended_before_another(merge)
        for earlier in [] if merge.undone else self._ended_by(merge):
            self._end(earlier)
        self.add(merge)
        self.session.flush()
        if not merge.undone:
            self.settle([merge.merged_id])
        return merge

    def _carry(self, merge: M) -> None:
        for carrier in self.carriers:
            carrier.forth(self, merge)

    def _end(self, merge: M) -> None:
        """Put back what a merge moved; what another merge of the same family claims since moves on."""
        if merge.undone:
            return
        for carrier in reversed(self.carriers):
            carrier.back(self, merge)
        merge.undone = True
        self.session.flush()
        self.settle([merge.merged_id])

    def _ended_before_another(self, merge: M) -> bool:
        """Tell whether a later merge is known that could not have been made while this one stood."""
        later = self.rows().where(self.model.id > merge.id)
        named = or_(self.model.into_id == merge.merged_id, self.model.merged_id == merge.merged_id)
        return self.first(later.where(named)) is not None

    def _ended_by(self, merge: M) -> list[M]:
        """Return the merges that must have ended before this one could be made."""
        earlier = self.rows().where(self.model.id < merge.id, self.model.undone.is_(False))
        return self.all(earlier.where(self.model.merged_id.in_((merge.into_id, merge.merged_id))))

    def _standing(self, family_ids: Collection[UUID]) -> list[M]:
        return self.all(self.rows().where(self.model.merged_id.in_(family_ids), self.model.undone.is_(False)))

    def _latest(self, family_id: UUID) -> M | None:
        standing = self.rows().where(self.model.merged_id == family_id, self.model.undone.is_(False))
        return self.first(standing.order_by(self.model.id.desc()))

    def _keep_restriction(self, facts: dict[str, Any]) -> None:
        """Hide the family that goes on from whomever either was hidden from, at once: its own news of it may come later."""
        told = facts.get("restriction")
        if told:
            access = {one["person_id"]: Access(one["until"], one["reason"] or "") for one in told["access"]}
            Restrictions(self.work).keep(facts["family_id"], told["version"], in_force=told["in_force"], access=access)


def first_id_of(moment: datetime) -> UUID:
    """Return the lowest id that may be given at a moment: ids begin with their time (RFC 9562, UUIDv7)."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
