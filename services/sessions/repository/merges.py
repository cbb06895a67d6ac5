"""Families that became one: places, registers and the story of both go to the record that goes on."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import select

from chassis.clock import london
from chassis.database.merges import Carrier, Columns, Merges, Rows
from services.sessions.models import FamilyMerge, Mark, Place, Spell, Step

JOINED: Final = "The family was on record twice, and its other place goes on."
_PLACE: Final = ("status", "ended_on", "end_reason")
_FURTHEST: Final = ("active", "paused", "offered", "waiting")
_SAYS_MOST: Final = ("here", "late", "told_us", "we_cancelled", "did_not_come")


class OnePlace:
    """A family has one place that has not ended: the one that is further on goes on, by the decision of whoever merged the two."""

    def forth(self, merges: Merges[Any], merge: FamilyMerge) -> None:
        """End the other, and let its days of the future be the first one's alone."""
        places = [place for family in (merge.into_id, merge.merged_id) for place in self._open(merges, family)]
        if len({place.family_id for place in places}) > 1:
            self._end(merges, merge, max(places, key=lambda place: (_FURTHEST.index(place.status), place.asked_at)))
        merge.remember("places", merges.repoint(Place, merge.merged_id, merge.into_id))

    def back(self, merges: Merges[Any], merge: FamilyMerge) -> None:
        """Give each family its place back, unless it has another by now."""
        merges.repoint(Place, merges.current(merge.into_id), merge.merged_id, merge.remembered("places"))
        for kept in merge.put_by("places"):
            place = merges.session.get(Place, (merges.borough_id, UUID(kept["id"])), populate_existing=True)
            if place and place.end_reason == JOINED and not self._open(merges, place.family_id):
                Columns(place, *_PLACE).put_back(kept["before"], kept["after"])
                self._go_on(merges, kept)
                merges.session.flush()

    def _end(self, merges: Merges[Any], merge: FamilyMerge, place: Place) -> None:
        spells = self._spells(merges, place)
        before = Columns(place, *_PLACE).kept(), [Columns(spell, "until_on").kept() for spell in spells]
        place.join_another(JOINED, spells, today=london(merges.work.now).date())
        days = [
            {"id": str(spell.id), "before": was, "after": Columns(spell, "until_on").kept()}
            for spell, was in zip(spells, before[1], strict=True)
        ]
        kept = {"id": str(place.id), "before": before[0], "after": Columns(place, *_PLACE).kept(), "spells": days}
        merge.put_aside("places", [kept])
        merges.session.flush()

    def _go_on(self, merges: Merges[Any], kept: dict[str, Any]) -> None:
        for days in kept["spells"]:
            spell = merges.session.get(Spell, (merges.borough_id, UUID(days["id"])), populate_existing=True)
            if spell:
                Columns(spell, "until_on").put_back(days["before"], days["after"])

    def _open(self, merges: Merges[Any], family_id: UUID) -> list[Place]:
        wanted = select(Place).where(Place.borough_id == merges.borough_id, Place.family_id == family_id, Place.status != "ended")
        return list(merges.session.scalars(wanted.with_for_update(key_share=True).execution_options(populate_existing=True)))

    def _spells(self, merges: Merges[Any], place: Place) -> list[Spell]:
        wanted = select(Spell).where(Spell.borough_id == merges.borough_id, Spell.place_id == place.id, Spell.until_on.is_(None))
        return list(merges.session.scalars(wanted))


class OneMark:
    """A register says one thing of a family: where both were marked, what says more; the other mark is kept with the merged record."""

    def forth(self, merges: Merges[Any], merge: FamilyMerge) -> None:
        """Re-point the marks; where both have one in a session and the merged one says more, they change places."""
        mine, theirs = (self._marks(merges, family) for family in (merge.into_id, merge.merged_id))
        poorer = [mark.id for one, mark in mine.items() if one in theirs and _rank(theirs[one]) < _rank(mark)]
        merges.repoint(Mark, merge.into_id, merge.id, poorer)
        both = [session_id for session_id in mine if session_id in theirs and mine[session_id].id not in poorer]
        moved = merges.repoint(Mark, merge.merged_id, merge.into_id, None, Mark.session_id.not_in(both))
        merges.repoint(Mark, merge.id, merge.merged_id, poorer)
        merge.put_aside("marks", [{"id": str(one)} for one in poorer])
        merge.remember("marks", moved)
        self._rename(merges, merge, moved)

    def back(self, merges: Merges[Any], merge: FamilyMerge) -> None:
        """Re-point them again."""
        current, poorer = merges.current(merge.into_id), [UUID(kept["id"]) for kept in merge.put_by("marks")]
        merges.repoint(Mark, merge.merged_id, merge.id, poorer)
        merges.repoint(Mark, current, merge.merged_id, merge.remembered("marks"))
        merges.repoint(Mark, merge.id, current, poorer)
        for kept in merge.put_by("came"):
            mark = merges.session.get(Mark, (merges.borough_id, UUID(kept["id"])), populate_existing=True)
            if mark and sorted(map(str, mark.people)) == sorted(kept["after"]):
                mark.people = [UUID(one) for one in kept["before"]]

    def _rename(self, merges: Merges[Any], merge: FamilyMerge, ids: list[UUID]) -> None:
        """Let who came be who they are from now on."""
        names = {UUID(one["merged"]): UUID(one["into"]) for one in merge.people}
        if not names or not ids:
            return
        for mark in merges.session.scalars(select(Mark).where(Mark.borough_id == merges.borough_id, Mark.id.in_(ids))):
            people = list(dict.fromkeys(names.get(one, one) for one in mark.people))
            if people != list(mark.people):
                merge.put_aside("came", [{"id": str(mark.id), "before": [*map(str, mark.people)], "after": [*map(str, people)]}])
                mark.people = people

    def _marks(self, merges: Merges[Any], family_id: UUID) -> dict[UUID, Mark]:
        wanted = select(Mark).where(Mark.borough_id == merges.borough_id, Mark.family_id == family_id)
        return {mark.session_id: mark for mark in merges.session.scalars(wanted.execution_options(populate_existing=True))}


class FamilyMerges(Merges[FamilyMerge]):
    """The merges of the borough's families."""

    model = FamilyMerge
    carriers: ClassVar[Sequence[Carrier]] = (OnePlace(), Rows(Spell), OneMark(), Rows(Step))


def _rank(mark: Mark) -> int:
    return _SAYS_MOST.index(mark.mark)
