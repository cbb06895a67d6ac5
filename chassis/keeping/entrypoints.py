"""What every service does for the people in its records: say what it holds of a family, and erase it."""

from collections.abc import Iterable
from typing import Any, ClassVar, cast

import structlog

from chassis.contract import ReceivedEvent
from chassis.database import UnitOfWork
from chassis.database.erasing import Counts, ErasurePlan, Words, erase_family, erase_person, held
from chassis.database.provider import WorkProvider
from chassis.database.records import Records
from chassis.database.restrictions import Restrictions
from chassis.events import on_event
from chassis.keeping.contract import (
    ERASURE_ASKED,
    ERASURE_FINISHED,
    ERASURE_REPORTED,
    FAMILY_ERASED,
    HELD,
    PERSON_ERASED,
    RECORD_MARKED,
)
from chassis.keeping.lookers import lookers
from chassis.rpc import rpc

log = structlog.get_logger(__name__)
WITHIN_SECONDS = 120.0

Items = Iterable[dict[str, Any]]


class Erases:
    """The handlers that mark and erase records; a service's class derives from this, the gateway's too."""

    name: ClassVar[str]
    work: ClassVar[WorkProvider[Any]]
    erasing: ClassVar[ErasurePlan]

    @on_event(RECORD_MARKED)
    def hear_of_record_mark(self, work: UnitOfWork, event: ReceivedEvent) -> None:
        """Keep whether a record may be erased, and whether it may be used."""
        facts: dict[str, Any] = event.data
        Records(work).keep(facts["family_id"], event.sequence, held=facts["held"], limited=facts["limited"])

    @on_event(ERASURE_ASKED, even_erased=True)
    def hear_of_erasure_asked(self, work: UnitOfWork, event: ReceivedEvent) -> None:
        """Say whether this service is ready to erase: nothing is erased anywhere before every one is."""
        state = "held" if Records(work).lock(cast("Any", event.data["family_id"])).held else "ready"
        self._report(work, event, state, 1, {})

    @on_event(FAMILY_ERASED, even_erased=True, within=WITHIN_SECONDS)
    def hear_of_erased_family(self, work: UnitOfWork, event: ReceivedEvent) -> None:
        """Erase what is held of a family, unless a legal hold came first."""
        facts: dict[str, Any] = event.data
        if Records(work).lock(facts["family_id"]).held:
            self._report(work, event, "held", 2, {})
            return
        counts = self._erase(work, facts)
        log.info("family.erased", erasure_id=event.subject)
        self._report(work, event, "done", 2, counts)

    @on_event(PERSON_ERASED, even_erased=True, within=WITHIN_SECONDS)
    def hear_of_erased_person(self, work: UnitOfWork, event: ReceivedEvent) -> None:
        """Blank what names one person, unless a legal hold came first."""
        facts: dict[str, Any] = event.data
        if Records(work).lock(facts["family_id"]).held:
            self._report(work, event, "held", 2, {})
            return
        self._report(work, event, "done", 2, self.blank_person(work, facts))
        log.info("person.erased", erasure_id=event.subject)

    @on_event(ERASURE_FINISHED, even_erased=True, within=WITHIN_SECONDS)
    def hear_of_erasure_finished(self, work: UnitOfWork, event: ReceivedEvent) -> None:
        """Erase once more what was on its way while the others erased; only of a family that was erased here."""
        if Records(work).lock(cast("Any", event.data["family_id"])).erased:
            self._erase(work, event.data)

    def blank_person(self, work: UnitOfWork, facts: dict[str, Any]) -> Counts:
        """Blank what names one person; return how many rows of each table that were."""
        words = Words.told(facts["salt"], facts["digests"])
        return erase_person(work, self.work.opened, self.erasing, [facts["family_id"], *facts["also"]], words)

    def erase_letters(self, work: UnitOfWork, facts: dict[str, Any]) -> Counts:
        """Erase what waits to be sent to a family or about it; only the gateway sends anything."""
        del work, facts
        return {}

    def _erase(self, work: UnitOfWork, facts: dict[str, Any]) -> Counts:
        words = Words.told(facts["salt"], facts["digests"])
        families = [facts["family_id"], *facts["also"]]
        return {**self.erase_letters(work, facts), **erase_family(work, self.work.opened, self.erasing, families, facts["known"], words)}

    def _report(self, work: UnitOfWork, event: ReceivedEvent, state: str, sequence: int, counts: Counts) -> None:
        family_id = event.data["family_id"]
        work.publish(ERASURE_REPORTED[self.name](event.subject, sequence, family_id=family_id, state=state, counts=held(counts)))


class KeepsRecords(Erases):
    """A service that also says what it holds; its class defines `held`."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        service = getattr(cls, "name", "")
        if service in HELD:
            cls.everything_held = rpc(HELD[service])(_everything_held)  # type: ignore[attr-defined]  # nameko looks for it there

    def held(self, work: Any, family_id: Any) -> Items:
        """Return every record that is held of a family, as `HeldItem` has them."""
        raise NotImplementedError


def _everything_held(self: KeepsRecords, uow: UnitOfWork, family_id: Any) -> dict[str, Any]:
    """Return everything that is held of a family, with who looked at it; raises Restricted or NotFound where it is hidden."""
    Restrictions(uow).require(family_id)
    uow.saw(family_id=family_id, gathered=True)
    return {"items": [*self.held(uow, family_id), *lookers(uow, family_id)]}
