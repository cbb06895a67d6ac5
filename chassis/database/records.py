"""What was decided about families' whole records, as this service knows it: held, not to be used, erased. See docs/decisions/0035."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from chassis.database.tables import record_marks
from chassis.database.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Mark:
    """How a family's record stands.

    Attributes:
        held: it may not be erased (a legal hold).
        limited: it is kept and may not be used.
        erased: it is no more; whatever comes late about it does nothing.
    """

    held: bool = False
    limited: bool = False
    erased: bool = False


class Records:
    """The marks on the records of the work's borough."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    def mark(self, family_id: UUID) -> Mark:
        """Return how a family's record stands."""
        return self.marks([family_id]).get(family_id, Mark())

    def marks(self, family_ids: Collection[UUID]) -> dict[UUID, Mark]:
        """Return how those of the families stand about whose records anything was decided."""
        if not family_ids:
            return {}
        columns = (record_marks.c.family_id, record_marks.c.held, record_marks.c.limited, record_marks.c.erased)
        wanted = select(*columns).where(record_marks.c.borough_id == self._work.borough_id, record_marks.c.family_id.in_(family_ids))
        return {row.family_id: Mark(row.held, row.limited, row.erased) for row in self._work.session.execute(wanted)}

    def keep(self, family_id: UUID, sequence: int, *, held: bool, limited: bool) -> None:
        """Take over what was decided, unless something as new is known."""
        values = {"sequence": sequence, "held": held, "limited": limited}
        added = insert(record_marks).values(borough_id=self._work.borough_id, family_id=family_id, erased=False, **values)
        newer = added.on_conflict_do_update(
            index_elements=[record_marks.c.borough_id, record_marks.c.family_id], set_=values, where=record_marks.c.sequence < sequence
        )
        self._work.session.execute(newer)

    def decide(self, family_id: UUID, *, held: bool, limited: bool) -> int:
        """Keep what was just decided here, on a record that is locked; return its sequence, for the event that tells the others."""
        theirs = (record_marks.c.borough_id == self._work.borough_id, record_marks.c.family_id == family_id)
        decided = record_marks.update().where(*theirs).values(held=held, limited=limited, sequence=record_marks.c.sequence + 1)
        return int(self._work.session.execute(decided.returning(record_marks.c.sequence)).scalar_one())

    def lock(self, family_id: UUID) -> Mark:
        """Return how a family's record stands; nobody changes that until the commit."""
        blank = insert(record_marks).values(
            borough_id=self._work.borough_id, family_id=family_id, sequence=0, held=False, limited=False, erased=False
        )
        self._work.session.execute(blank.on_conflict_do_nothing())
        columns = (record_marks.c.held, record_marks.c.limited, record_marks.c.erased)
        wanted = select(*columns).where(record_marks.c.borough_id == self._work.borough_id, record_marks.c.family_id == family_id)
        return Mark(*self._work.session.execute(wanted.with_for_update()).one())

    def erased(self, family_ids: Collection[UUID]) -> None:
        """Keep that the records of families are no more."""
        values = [
            {"borough_id": self._work.borough_id, "family_id": one, "sequence": 0, "held": False, "limited": False, "erased": True}
            for one in family_ids
        ]
        added = insert(record_marks).values(values)
        self._work.session.execute(
            added.on_conflict_do_update(index_elements=[record_marks.c.borough_id, record_marks.c.family_id], set_={"erased": True})
        )
