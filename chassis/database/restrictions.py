"""Who may see restricted families, as this service knows it. Row-level security goes by it: see docs/decisions/0022.

A member reads as themselves, and PostgreSQL hides from them the rows of each family that is restricted to others. The
service itself (timers, events) sees all. What names nobody sees nothing that is restricted.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from chassis.contract import ReceivedEvent
from chassis.database.tables import restrictions
from chassis.database.work import UnitOfWork
from chassis.errors import NotFound, Restricted

BREAK_GLASS = "families.break_glass"
"""The permission of those who are told that a family is restricted, and how to open it all the same."""
FOR_GOOD = "infinity"


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody may see a restricted family by.

    Attributes:
        until: the real moment at which it ends; None for those who are named.
        reason: why it was asked for; empty for those who are named.
    """

    until: datetime | None = None
    reason: str = ""


class Restrictions:
    """The restrictions of the work's borough."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    def keep(self, family_id: UUID, sequence: int, *, in_force: bool, access: Mapping[UUID, Access]) -> bool:
        """Take over how a restriction is, unless something as new is known; return whether it was news."""
        values = {"sequence": sequence, "in_force": in_force, "access": {str(one): _kept(given) for one, given in access.items()}}
        added = insert(restrictions).values(borough_id=self._work.borough_id, family_id=family_id, **values)
        newer = added.on_conflict_do_update(
            index_elements=[restrictions.c.borough_id, restrictions.c.family_id], set_=values, where=restrictions.c.sequence < sequence
        ).returning(restrictions.c.family_id)
        kept = self._work.session.execute(newer).one_or_none() is not None
        self.__dict__.pop("hidden", None)
        return kept

    def hear(self, event: ReceivedEvent) -> bool:
        """Take over what an event tells of a restriction, in whole; return whether it was news."""
        facts: dict[str, Any] = event.data
        access = {one["person_id"]: Access(one["until"], one["reason"] or "") for one in facts["access"]}
        return self.keep(event.subject, event.sequence, in_force=facts["in_force"], access=access)

    @cached_property
    def hidden(self) -> frozenset[UUID]:
        """The families that are hidden from the caller."""
        return frozenset(self._work.session.scalars(select(func.hidden_families())))

    def look_past(self) -> None:
        """See restricted families too, to the end of this work; `hidden` still says which must be masked before anything is shown."""
        _ = self.hidden  # asked for while PostgreSQL still hides them
        self._work.session.look_past_restrictions()

    def among(self, family_ids: Collection[UUID]) -> frozenset[UUID]:
        """Return those of the families that are restricted, whoever may see them."""
        if not family_ids:
            return frozenset()
        of_borough = select(restrictions.c.family_id).where(restrictions.c.borough_id == self._work.borough_id, restrictions.c.in_force)
        return frozenset(self._work.session.scalars(of_borough.where(restrictions.c.family_id.in_(family_ids))))

    def require(self, family_id: UUID) -> None:
        """Let pass who may see the family, and whoever asks for one that is not restricted (or not there).

        Raises:
            Restricted: it is hidden from the caller, who may break the glass.
            NotFound: it is hidden from the caller, who may not.
        """
        if family_id in self.hidden:
            self.missed(family_id)

    def missed(self, family_id: UUID) -> NoReturn:
        """Say why a family was not found. Asked after it was looked for, so that a restriction made in between is told of.

        Raises:
            Restricted, NotFound: as `require`; NotFound also where it is not hidden: then it is not there.
        """
        self.__dict__.pop("hidden", None)
        raise Restricted if family_id in self.hidden and self._work.caller.may(BREAK_GLASS) else NotFound

    def refuse_hidden(self, family_id: UUID) -> None:
        """Let pass whoever may see the family. Raises NotFound: it is hidden from the caller."""
        if family_id in self.hidden:
            raise NotFound


def _kept(access: Access) -> dict[str, str]:
    return {"until": access.until.isoformat() if access.until else FOR_GOOD, "reason": access.reason}
