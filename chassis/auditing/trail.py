"""What every service does for its audit trail: answer whoever may read it, and seal the ends of its chains."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import Any, ClassVar, cast

import structlog

from chassis import clock
from chassis.auditing import reading
from chassis.auditing.contract import READ_AUDIT, READ_FAMILY_AUDIT
from chassis.auditing.repository import heads, keep_seal, last_seal
from chassis.auditing.seals import Head, Seal
from chassis.database import Database, Page, UnitOfWork
from chassis.database.provider import WorkProvider
from chassis.rpc import rpc
from chassis.settings import Settings
from chassis.signing import Signer
from chassis.timers import steadily

log = structlog.get_logger(__name__)
SEAL_SECONDS = 300


class Sealed:
    """The timer that seals: a service's class derives from this, the gateway's too."""

    name: ClassVar[str]
    work: ClassVar[WorkProvider[Any]]

    @steadily(seconds=SEAL_SECONDS)
    def seal_audit(self) -> None:
        """Seal every chain that grew; several processes at once are harmless."""
        settings = cast("Settings", self.work.container.config["settings"])
        if settings.signing_key:
            seal_chains(self.work.opened, self.name, Signer(settings.signing_key))


class AuditTrail(Sealed):
    """The entrypoints of a service's audit trail; its class derives from this."""

    reasons_need: ClassVar[Mapping[str, AbstractSet[str]]] = MappingProxyType({})
    """Permissions, beside `READ_FAMILY`, that whoever reads the trail must hold, all of them, to be shown a reason of a sensitivity."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        service = getattr(cls, "name", "")
        if service in READ_AUDIT:
            cls.read_audit = rpc(READ_AUDIT[service])(_read_audit)  # type: ignore[attr-defined]  # nameko looks for it there
            cls.read_family_audit = rpc(READ_FAMILY_AUDIT[service])(_read_family_audit)  # type: ignore[attr-defined]  # as above


def seal_chains(database: Database, service: str, signer: Signer) -> int:
    """Seal the chain of every borough that grew since its last seal; return how many.

    Each seal is logged too: with the logs kept elsewhere, `stayplay audit verify --heads` finds what was undone together with its seals.
    """
    with database.operating() as connection:
        grown = [head for head, sealed in heads(connection) if head.number > sealed]
    return sum(_sealed(database, head, service, signer) for head in grown)


def _sealed(database: Database, head: Head, service: str, signer: Signer) -> bool:
    """Seal a head, and tell; unless another process sealed it, or a newer one, meanwhile."""
    with database.session(head.borough_id) as session:
        number, signature = last_seal(session, head.borough_id)
        if number >= head.number:
            return False
        keep_seal(session, head.borough_id, Seal.on(head, service, clock.real_now(), signer, after=signature))
        session.commit()
    log.info("audit.sealed", borough_id=head.borough_id, number=head.number, hash=head.hash.hex())
    return True


def _read_audit(self: AuditTrail, work: UnitOfWork, **asked: Any) -> Page[dict[str, Any]]:
    """Return a page of the borough's entries, newest first."""
    return reading.read_audit(work, self.name, reasons_need=self.reasons_need, **asked)


def _read_family_audit(self: AuditTrail, work: UnitOfWork, **asked: Any) -> Page[dict[str, Any]]:
    """Return a page of the entries about one family; raises Restricted or NotFound where it is hidden from the caller."""
    return reading.read_family_audit(work, self.name, reasons_need=self.reasons_need, **asked)
