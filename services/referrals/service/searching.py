"""Finding families."""

import structlog

from chassis.timers import every
from services.referrals.repository import Work

log = structlog.get_logger(__name__)


class Searching:
    """Finding families as people look for them."""

    @every(seconds=30)
    def key_families(self, uow: Work) -> None:
        """Make families findable that came before the present way of keying, some at a time, until all are."""
        number = uow.key_rounds.go_on(uow.keys)
        if number:
            log.info("families.keyed", borough_id=str(uow.borough_id), families=number)
