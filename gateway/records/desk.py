"""What the gateway itself holds of families: who looked at them, and what administrators were told of restricted ones."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from chassis.database import UnitOfWork
from chassis.database.erasing import Counts, ErasurePlan, Words
from chassis.database.restrictions import Restrictions
from chassis.keeping.entrypoints import Erases
from chassis.keeping.lookers import lookers
from chassis.keeping.rows import other_rows
from gateway.people.mail.erasing import erase_mails, erase_mails_to
from gateway.records.repository import blank_notices, erase_deliveries
from gateway.repository import Work


def _notices(work: UnitOfWork, families: Collection[UUID]) -> int:
    return blank_notices(work, families)


PLAN: Final = ErasurePlan("gateway", frozenset(), {"notices": _notices})
_HEADINGS: Final = {"notices": "What administrators were told"}


class KeepingDesk:
    """The gateway's own part of a pack; its methods are named as the operations are."""

    def everything_held(self, work: Work, family_id: UUID) -> dict[str, Any]:
        """Return everything that the gateway holds of a family; raises Restricted or NotFound where it is hidden."""
        Restrictions(work).require(family_id)
        work.saw(family_id=family_id, gathered=True)
        return {"items": [*other_rows(work, PLAN, family_id, headings=_HEADINGS), *lookers(work, family_id)]}


class ErasesMails(Erases):
    """The gateway's handlers: beside its rows, what waits to be sent goes too."""

    erasing = PLAN

    def erase_letters(self, work: UnitOfWork, facts: dict[str, Any]) -> Counts:
        """Erase mails that wait and name the family, and what other systems were to be told of its referrals."""
        words = Words.told(facts["salt"], facts["exact"])
        mails = erase_mails(self.work.opened, work.borough_id, words) if facts["exact"] else 0
        return {"mails": mails, "webhook_deliveries": erase_deliveries(work, facts["known"])}

    def blank_person(self, work: UnitOfWork, facts: dict[str, Any]) -> Counts:
        """Blank what names one person; mails that wait to go to them go too."""
        words = Words.told(facts["salt"], facts["digests"])
        return {"mails": erase_mails_to(self.work.opened, work.borough_id, words), **super().blank_person(work, facts)}
