"""Merges of the registry's families, and the rows that go with a family."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from chassis.database import Repository
from services.referrals.models import Child, Consent, Merge, Parent, Referral, SharingDecision
from services.referrals.models.records import RetentionClock, SubjectRequest

MOVED: Final = (Referral, Consent, SharingDecision, RetentionClock, SubjectRequest)
"""What bears a family and goes with it; people are in `services.referrals.models.uniting`, and search keys are made anew."""


class Merges(Repository[Merge]):
    """The merges of one borough."""

    model = Merge

    def of_family(self, family_id: UUID) -> list[Merge]:
        """Return what was merged into a family, newest first."""
        return self.all(self.rows().where(Merge.into_id == family_id).order_by(Merge.at.desc(), Merge.id.desc()))

    def current(self, family_id: UUID) -> UUID:
        """Return which family a family is now: itself, unless it was merged; whoever may see either."""
        seen: set[UUID] = set()
        while family_id not in seen:
            seen.add(family_id)
            standing = select(Merge.into_id).where(
                Merge.borough_id == self.borough_id, Merge.merged_id == family_id, Merge.undone_at.is_(None)
            )
            family_id = self.session.scalar(standing) or family_id
        return family_id

    def merged_into(self, family_ids: Collection[UUID]) -> list[UUID]:
        """Return the families that became part of these, and of those in turn."""
        found: list[UUID] = []
        level = list(family_ids)
        while level:
            standing = select(Merge.merged_id).where(
                Merge.borough_id == self.borough_id, Merge.into_id.in_(level), Merge.undone_at.is_(None)
            )
            level = [one for one in self.session.scalars(standing) if one not in found]
            found += level
        return found

    def everywhere(self, family_id: UUID, person_id: UUID) -> set[UUID]:
        """Return who somebody of a family is on every record that became part of it.

        Whom a merge that was undone took them for is somebody else again.
        """
        theirs = {person_id}
        for merge in self._all_of(family_id):
            if merge.undone_at is None:
                theirs |= {UUID(pair["merged"]) for pair in merge.people if UUID(pair["into"]) in theirs}
        return theirs

    def standing_for(self, family_id: UUID) -> dict[UUID, UUID]:
        """Return who the people of records that became part of a family are in it now."""
        found: dict[UUID, UUID] = {}
        for merge in self._all_of(family_id):
            if merge.undone_at is None:
                pairs = [(UUID(pair["merged"]), UUID(pair["into"])) for pair in merge.people]
                found |= {merged: found.get(into, into) for merged, into in pairs}
        return found

    def forget_person(self, family_id: UUID, person_id: UUID) -> set[UUID]:
        """Keep nothing of somebody on the records that became part of a family; those merges can be undone no longer.

        Return who they are everywhere.
        """
        theirs = self.everywhere(family_id, person_id)
        for merge in self._all_of(family_id):
            merge.forget()
        for kind in (Parent, Child):
            self.session.execute(delete(kind).where(kind.borough_id == self.borough_id, kind.id.in_(theirs - {person_id})))
        return theirs

    def release(self, record: Mapping[str, Any]) -> set[UUID]:
        """Take out of other records who left them when a merge was undone, and gets a record of their own now; return whose those were.

        Args:
            record: of the family that comes into the registry, as `FamilyRecord` has it.
        """
        found: set[UUID] = set()
        for kind, people in ((Parent, record["parents"]), (Child, record["children"])):
            theirs = (kind.borough_id == self.borough_id, kind.id.in_([UUID(str(one["id"])) for one in people]))
            gone = delete(kind).where(*theirs, kind.left_on.is_not(None)).returning(kind.family_id)
            found |= set(self.session.scalars(gone, execution_options={"synchronize_session": False}))
        return found

    def _all_of(self, family_id: UUID) -> list[Merge]:
        """Return every merge of a family and of what became part of it, also undone ones, each after what it became part of."""
        places = {one: place for place, one in enumerate([family_id, *self.merged_into([family_id])])}
        found = self.all(self.rows().where(or_(Merge.into_id.in_(places), Merge.merged_id.in_(places))))
        return sorted(found, key=lambda merge: places.get(merge.into_id, len(places)))

    def repoint(self, family_id: UUID, to: UUID, only: Merge | None = None) -> dict[str, list[UUID]]:
        """Make what bears one family bear another; with ``only``, what that merge moved. Return it by table."""
        self.session.flush()
        moved = {model.__tablename__: self._repoint(model, family_id, to, only) for model in MOVED}
        self.work.session.expire_all()
        return moved

    def to_forget(self, now: datetime, limit: int = 200) -> list[Merge]:
        """Return merges that can be undone no longer and still hold what the records were."""
        over = self.rows().where(Merge.until < now, Merge.before != {})
        return self.all(over.order_by(Merge.until).limit(limit).with_for_update(skip_locked=True))

    def _repoint(self, model: type[Any], family_id: UUID, to: UUID, only: Merge | None) -> list[UUID]:
        wanted = update(model).where(model.borough_id == self.borough_id, model.family_id == family_id)
        if only is not None:
            wanted = wanted.where(model.id.in_(only.remembered(model.__tablename__)))
        written = wanted.values(family_id=to).returning(model.id)
        return list(self.session.scalars(written, execution_options={"synchronize_session": False}))


def remember(merge: Merge, moved: dict[str, list[UUID]]) -> None:
    """Note with a merge what it moved."""
    for table, ids in moved.items():
        merge.remember(table, ids)
