"""Families that became one: cases, contacts and stops of both go to the record that goes on."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import delete, select

from chassis.database.merges import Carrier, Columns, Merges, Rows
from services.outreach.models import Case, CollectionRun, Contact, FamilyMerge, Step, Stop
from services.outreach.repository.families import Standings

_CLOSED: Final = ("status", "closed_because", "closed_at", "closed_by", "closed_words")
_TAKEN_OVER: Final = ("due_on", "escalated_at", "missed", "owner_id", "owner_name", "contacts", "last_contact_at")
_HEARD: Final = ("missed", "settled_at", "ended_at")


class OneCase:
    """A family has one open case of a kind: the other goes on in it."""

    def forth(self, merges: Merges[Any], merge: FamilyMerge) -> None:
        """Close those of the merged record of which the other has one too, and let the other know what they knew."""
        goes_on = {case.reason: case for case in self._open(merges, merge.into_id)}
        for case in self._open(merges, merge.merged_id):
            if case.reason in goes_on:
                self._join(merges, merge, case, goes_on[case.reason])
        merges.session.flush()
        merge.remember("cases", merges.repoint(Case, merge.merged_id, merge.into_id))

    def back(self, merges: Merges[Any], merge: FamilyMerge) -> None:
        """Open again what was closed, unless it has another by now, and let the other forget what it took over."""
        merges.repoint(Case, merges.current(merge.into_id), merge.merged_id, merge.remembered("cases"))
        for kept in merge.put_by("cases"):
            other = self._one(merges, kept["other"]["id"])
            if other:
                Columns(other, *_TAKEN_OVER).put_back(kept["other"]["before"], kept["other"]["after"])
            case = self._one(merges, kept["id"])
            if case and not any(one.reason == case.reason for one in self._open(merges, case.family_id)):
                Columns(case, *_CLOSED).put_back(kept["before"], kept["after"])
                merges.session.flush()

    def _join(self, merges: Merges[Any], merge: FamilyMerge, case: Case, other: Case) -> None:
        before, was = Columns(case, *_CLOSED).kept(), Columns(other, *_TAKEN_OVER).kept()
        other.take_over(case)
        event = case.close("same_family", at=merges.work.now, by=merges.work.caller.person_name)
        merges.work.publish(event)
        after, now = Columns(case, *_CLOSED).kept(), Columns(other, *_TAKEN_OVER).kept()
        other_kept = {"id": str(other.id), "before": was, "after": now}
        merge.put_aside("cases", [{"id": str(case.id), "before": before, "after": after, "other": other_kept}])

    def _open(self, merges: Merges[Any], family_id: UUID) -> list[Case]:
        wanted = select(Case).where(Case.borough_id == merges.borough_id, Case.family_id == family_id, Case.status == "open")
        return list(merges.session.scalars(wanted.with_for_update(key_share=True).execution_options(populate_existing=True)))

    def _one(self, merges: Merges[Any], case_id: str) -> Case | None:
        return merges.session.get(Case, (merges.borough_id, UUID(case_id)), populate_existing=True)


class OneStop:
    """A run stops once at a family's home: of two stops on a run that is still to be made, the merged record's goes."""

    def forth(self, merges: Merges[Any], merge: FamilyMerge) -> None:
        """Re-point the stops, and tell the registers of it."""
        mine = {stop.run_id for stop in self._stops(merges, merge.into_id)}
        twice = [stop for stop in self._stops(merges, merge.merged_id) if stop.run_id in mine]
        to_be_made = self._runs(merges, {stop.run_id for stop in twice}, "arranged")
        gone = [stop for stop in twice if stop.run_id in to_be_made]
        merge.put_aside("stops", [_written(stop) for stop in gone])
        merges.session.execute(delete(Stop).where(Stop.borough_id == merges.borough_id, Stop.id.in_([stop.id for stop in gone])))
        moved = merges.repoint(Stop, merge.merged_id, merge.into_id, None, Stop.run_id.not_in(mine))
        merge.remember("stops", moved)
        self._tell(merges, {*to_be_made, *self._runs_of(merges, moved)})

    def back(self, merges: Merges[Any], merge: FamilyMerge) -> None:
        """Re-point them again; a stop that went comes back while the run is still to be made."""
        moved = merges.repoint(Stop, merges.current(merge.into_id), merge.merged_id, merge.remembered("stops"))
        gone = merge.put_by("stops")
        to_be_made = self._runs(merges, {UUID(kept["run_id"]) for kept in gone}, "arranged")
        there = {stop.run_id for stop in self._stops(merges, merge.merged_id)}
        for kept in gone:
            if UUID(kept["run_id"]) in to_be_made - there:
                merges.session.add(_read(merges.borough_id, merge.merged_id, kept))
        merges.session.flush()
        self._tell(merges, {*to_be_made, *self._runs_of(merges, moved)})

    def _stops(self, merges: Merges[Any], family_id: UUID) -> list[Stop]:
        return list(merges.session.scalars(select(Stop).where(Stop.borough_id == merges.borough_id, Stop.family_id == family_id)))

    def _runs_of(self, merges: Merges[Any], stop_ids: Sequence[UUID]) -> set[UUID]:
        return set(merges.session.scalars(select(Stop.run_id).where(Stop.borough_id == merges.borough_id, Stop.id.in_(stop_ids))))

    def _runs(self, merges: Merges[Any], ids: set[UUID], status: str) -> set[UUID]:
        wanted = select(CollectionRun.id).where(CollectionRun.borough_id == merges.borough_id, CollectionRun.id.in_(ids))
        return set(merges.session.scalars(wanted.where(CollectionRun.status == status)))

    def _tell(self, merges: Merges[Any], ids: set[UUID]) -> None:
        wanted = select(CollectionRun).where(CollectionRun.borough_id == merges.borough_id, CollectionRun.id.in_(ids))
        if ids:
            merges.session.flush()
            locked = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
            merges.work.publish(*(run.told_again() for run in merges.session.scalars(locked)))


class OneStanding:
    """What was heard of a family's attendance: by its row's id, the family's."""

    def forth(self, merges: Merges[Any], merge: FamilyMerge) -> None:
        """Let the one know what the other does."""
        standings = Standings(merges.work)
        other = standings.find(merge.merged_id)
        if other is None:
            return
        goes_on = standings.locked(merge.into_id)
        before = {**Columns(goes_on, *_HEARD).kept(), "sequence": goes_on.sequence}
        goes_on.join(other)
        after = Columns(goes_on, *_HEARD).kept()
        if any(before[name] != after[name] for name in _HEARD):
            merge.put_aside("standings", [{"before": before, "after": after}])

    def back(self, merges: Merges[Any], merge: FamilyMerge) -> None:
        """Let it forget; from now on it is counted by its own registers again, of which there are fewer."""
        goes_on = Standings(merges.work).locked(merges.current(merge.into_id))
        goes_on.sequence = 0
        for kept in merge.put_by("standings"):
            Columns(goes_on, *_HEARD).put_back(kept["before"], kept["after"])


class FamilyMerges(Merges[FamilyMerge]):
    """The merges of the borough's families."""

    model = FamilyMerge
    carriers: ClassVar[Sequence[Carrier]] = (OneStanding(), OneCase(), Rows(Contact), Rows(Step), OneStop())


def _written(stop: Stop) -> dict[str, Any]:
    names = [column.key for column in stop.__table__.columns if column.key not in {"borough_id", "family_id", "created_at", "changed_at"}]
    return Columns(stop, *names).kept()


def _read(borough_id: UUID, family_id: UUID, kept: dict[str, Any]) -> Stop:
    stop = Stop(borough_id=borough_id, family_id=family_id, id=UUID(kept["id"]))
    Columns(stop, *kept).put_back(kept, Columns(stop, *kept).kept())
    return stop
