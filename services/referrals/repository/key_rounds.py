"""Keying what was there before there were keys, or before they were made in the present way: some families at a time."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from chassis.database import UnitOfWork
from services.referrals.models import RULES, Family, KeyRound, PersonKey, Referral
from services.referrals.repository.keys import Keys

AT_ONCE = 500
"""Families that are keyed in one transaction: about a second."""


class KeyRounds:
    """How far the families of the work's borough are keyed."""

    def __init__(self, work: UnitOfWork) -> None:
        self._borough_id = work.borough_id
        self._session = work.session

    def go_on(self, keys: Keys, at_once: int = AT_ONCE) -> int:
        """Key the next families, with the commit; return how many. Where it was left off is kept, so a stop loses nothing."""
        here = self._here()
        if here.done:
            return 0
        found = self._next(here.after, at_once)
        keys.refresh(found)
        here.after, here.done = (found[-1] if found else here.after), len(found) < at_once
        return len(found)

    @property
    def done(self) -> bool:
        """Whether every family of the borough can be found."""
        here = self._session.get(KeyRound, self._borough_id)
        return here.done and here.rules == RULES if here else not self._any_without()

    def _here(self) -> KeyRound:
        here = self._session.get(KeyRound, self._borough_id, with_for_update=True)
        if here is None:
            here = KeyRound(borough_id=self._borough_id, rules=0)
            self._session.add(here)
        if here.rules != RULES:
            here.rules, here.after, here.done = RULES, None, False
        return here

    def _next(self, after: UUID | None, at_once: int) -> list[UUID]:
        """Return the next families by id: those of the registry, and those that were only referred."""
        sides = [self._side(Referral, Referral.family_id, after, at_once), self._side(Family, Family.id, after, at_once)]
        together = sorted({family_id for side in sides for family_id in self._session.scalars(side)})
        return together[:at_once]

    def _side(self, model: type[Any], column: InstrumentedAttribute[UUID], after: UUID | None, at_once: int) -> Select[tuple[UUID]]:
        side = select(column).where(model.borough_id == self._borough_id).distinct().order_by(column).limit(at_once)
        return side.where(column > after) if after else side

    def _any_without(self) -> bool:
        keyed = exists().where(PersonKey.borough_id == self._borough_id, PersonKey.family_id == Referral.family_id)
        return bool(self._session.scalar(select(exists().where(Referral.borough_id == self._borough_id, ~keyed))))
