"""Until when records are kept, what keeps them longer, and what was erased."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, delete, func, or_, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Page, Repository
from services.referrals.contract.records import retention
from services.referrals.models.records import Control, Erasure, RetentionClock
from services.referrals.repository.merging import Merges

OPEN: Final = ("asked", "erasing")
"""States of an erasure that still has a way to go."""


class Controls(Repository[Control]):
    """Holds and restrictions."""

    model = Control

    def of_family(self, family_id: UUID) -> list[Control]:
        """Return every hold and restriction of a family, newest first."""
        return self.all(self.rows().where(Control.family_id == family_id).order_by(Control.placed_at.desc(), Control.id.desc()).limit(200))


class Clocks(Repository[RetentionClock]):
    """Retention clocks."""

    model = RetentionClock

    def of_family(self, family_id: UUID) -> list[RetentionClock]:
        """Return the clocks of a family's people, parents first."""
        return self.all(self.rows().where(RetentionClock.family_id == family_id).order_by(RetentionClock.side.desc(), RetentionClock.name))

    def due(self, today: date, years: int, after: str | None, limit: int) -> Page[RetentionClock]:
        """Return a page of the clocks that have run out, the longest ago first."""
        by_contact = RetentionClock.last_contact_on < today - relativedelta(years=years)
        statement = self.rows().where(by_contact, RetentionClock.in_group.is_(False), self._of_age(today), self._not_kept_longer(today))
        return self.page(statement, RetentionClock.last_contact_on, after, limit, total=not after)

    def know(self, people: Sequence[Mapping[str, Any]], family_id: UUID, on: date) -> None:
        """Start the clocks of a family's people, or set them forward to a day; who is known keeps what was decided about them."""
        if not people:
            return
        rows = [{**person, "borough_id": self.borough_id, "family_id": family_id, "last_contact_on": on} for person in people]
        added = insert(RetentionClock).values(rows)
        told = added.excluded
        self.session.execute(
            added.on_conflict_do_update(
                index_elements=[RetentionClock.borough_id, RetentionClock.id],
                set_={
                    "family_id": told.family_id,
                    "name": told.name,
                    "birth_date": told.birth_date,
                    "last_contact_on": func.greatest(RetentionClock.last_contact_on, told.last_contact_on),
                },
            )
        )

    def set_forward(self, family_id: UUID, on: date, *, in_group: bool | None = None) -> None:
        """Set a family's clocks forward to a day, never back; with ``in_group``, let them stand still or run."""
        theirs = (RetentionClock.borough_id == self.borough_id, RetentionClock.family_id == family_id)
        values: dict[str, Any] = {"last_contact_on": func.greatest(RetentionClock.last_contact_on, on)}
        if in_group is None:
            self.session.execute(update(RetentionClock).where(*theirs, RetentionClock.last_contact_on < on).values(values))
        else:
            self.session.execute(update(RetentionClock).where(*theirs).values({**values, "in_group": in_group}))

    def forget(self, people: Collection[UUID]) -> dict[str, int]:
        """Forget the clocks of people; return how many that were, by table."""
        gone = self.session.execute(
            delete(RetentionClock).where(RetentionClock.borough_id == self.borough_id, RetentionClock.id.in_(people))
        )
        return {"retention_clocks": int(gone.rowcount)}  # type: ignore[attr-defined]  # the result of a DELETE counts its rows

    def _of_age(self, today: date) -> ColumnElement[bool]:
        born_before = today - relativedelta(years=retention.CHILD_UNTIL_AGE)
        return or_(RetentionClock.side == "parent", func.coalesce(RetentionClock.birth_date, RetentionClock.last_contact_on) < born_before)

    def _not_kept_longer(self, today: date) -> ColumnElement[bool]:
        return or_(RetentionClock.kept_until.is_(None), RetentionClock.kept_until <= today - timedelta(days=1))


class Erasures(Repository[Erasure]):
    """Erasures."""

    model = Erasure

    def of_family(self, family_id: UUID) -> list[Erasure]:
        """Return every erasure of a family or of a person of it, newest first."""
        return self.all(self.rows().where(Erasure.family_id == family_id).order_by(Erasure.decided_at.desc()).limit(100))

    def open_of(self, family_id: UUID) -> Erasure | None:
        """Return the erasure that is on its way for a family, locked, or None."""
        on_its_way = self.rows().where(Erasure.family_id == family_id, Erasure.state.in_(OPEN))
        return self.session.scalars(on_its_way.limit(1).with_for_update()).first()

    def under_way(self, family_ids: Collection[UUID]) -> bool:
        """Tell whether an erasure is on its way for one of the families."""
        on_its_way = self.rows().where(Erasure.family_id.in_(family_ids), Erasure.state.in_(OPEN))
        return self.first(on_its_way) is not None

    def listed(self, state: str | None, after: str | None, limit: int) -> Page[Erasure]:
        """Return a page of erasures, newest first."""
        statement = self.rows() if state is None else self.rows().where(Erasure.state == state)
        return self.page(statement, Erasure.decided_at, after, limit, newest_first=True, total=not after)

    def merged_into(self, family_id: UUID) -> list[UUID]:
        """Return the records that go on under a family's, where it was on record more than once."""
        return Merges(self.work).merged_into([family_id])
