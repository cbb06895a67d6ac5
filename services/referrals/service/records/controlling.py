"""Legal holds, restrictions of processing, and how a family's record is kept."""

from typing import Any
from uuid import UUID

from chassis import clock
from chassis.keeping import RECORD_MARKED
from chassis.rpc import rpc
from services.referrals.contract.records import controls
from services.referrals.models.records import Control
from services.referrals.repository import Work
from services.referrals.service.records.people import decided_about, name_of, require_known
from services.referrals.views import records as views


class Controlling:
    """What keeps a record from being erased, or from being used."""

    @rpc(controls.PLACE_HOLD)
    def place_hold(self, uow: Work, **wanted: Any) -> Control:
        """Keep a record from being erased; an erasure that is on its way stops. Raises as `require_known`."""
        return _placed(uow, "hold", wanted)

    @rpc(controls.LIMIT_USE)
    def limit_use(self, uow: Work, **wanted: Any) -> Control:
        """Keep a record and let nobody use it; raises as `require_known`."""
        return _placed(uow, "limit", wanted)

    @rpc(controls.LIFT_CONTROL)
    def lift_control(self, uow: Work, control_id: UUID, version: int, reason: str) -> Control:
        """Lift a hold or a restriction; raises NotFound, and as `Control.lift` does."""
        control = uow.controls.get(control_id, for_update=True)
        control.lift(version, reason, uow.caller, uow.now)
        _tell(uow, control.family_id)
        return control

    @rpc(controls.FAMILY_RECORDS)
    def family_records(self, uow: Work, family_id: UUID) -> dict[str, Any]:
        """Return how a family's record is kept; of one that was erased, that. Raises as `require_known`."""
        uow.restrictions.require(family_id)
        today, mark = clock.today(), uow.records.mark(family_id)
        erased = uow.erasures.of_family(family_id)
        family, referrals = (None, []) if mark.erased and erased else require_known(uow, family_id)
        name = name_of(family, referrals) if family or referrals else "An erased record"
        people = [views.clock(row, uow.retention_years, today, held=mark.held) for row in uow.clocks.of_family(family_id)]
        listed: dict[str, Any] = {
            "requests": uow.subject_requests.of_family(family_id),
            "controls": uow.controls.of_family(family_id),
            "erasures": erased,
        }
        uow.saw(family_id=family_id)
        return {**views.family(family_id, name, mark, people, listed, today), "registered": family is not None}

    @rpc(controls.RECORD_STATE)
    def record_state(self, uow: Work, family_id: UUID) -> dict[str, Any]:
        """Return whether a record may be used and erased; raises Restricted and NotFound where it is hidden."""
        uow.restrictions.require(family_id)
        uow.saw(family_id=family_id)
        mark = uow.records.mark(family_id)
        return views.state(family_id, mark, uow.controls.of_family(family_id) if mark.limited else [])


def _placed(uow: Work, kind: str, wanted: dict[str, Any]) -> Control:
    decided_about(uow, wanted["family_id"])
    control = uow.controls.add(Control.placed(kind, wanted, uow.caller, uow.now))
    _tell(uow, control.family_id)
    erasure = uow.erasures.open_of(control.family_id) if kind == "hold" else None
    if erasure:
        erasure.stop()
    return control


def _tell(uow: Work, family_id: UUID) -> None:
    """Let every service know whether a record may be erased and used."""
    uow.records.lock(family_id)
    kinds = {control.kind for control in uow.controls.of_family(family_id) if control.in_force}
    held, limited = "hold" in kinds, "limit" in kinds
    sequence = uow.records.decide(family_id, held=held, limited=limited)
    uow.publish(RECORD_MARKED(family_id, sequence, family_id=family_id, held=held, limited=limited))
