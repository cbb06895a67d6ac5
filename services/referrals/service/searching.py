"""Finding families."""

from typing import Any

import structlog

from chassis import clock
from chassis.rpc import rpc
from chassis.timers import every
from services.referrals import contract, views
from services.referrals.models.typed import understood
from services.referrals.repository import Work

log = structlog.get_logger(__name__)


class Searching:
    """Finding families as people look for them."""

    @rpc(contract.SEARCH_FAMILIES)
    def search_families(self, uow: Work, query: str, after: str | None, limit: int) -> dict[str, Any]:
        """Return a page of the families that are like what was typed, the closest first.

        Those that were only referred are among them for who may read referrals, and for who answers what is held about anybody.

        Each family on the page is in the audit trail, and the search itself with its words and how many there are.

        Raises:
            Invalid: the cursor is of another list.
        """
        terms = understood(query, clock.today())
        referred = uow.caller.may("referrals.read") or uow.caller.may("records.manage")
        matches = uow.search.found(uow.search.widened(terms), after, limit, referred=referred)
        shown = [match.family_id for match in matches.items]
        known = uow.search.known(shown)
        for family_id in shown:
            uow.saw(family_id=family_id)
        return views.search(terms, matches, known, uow.restrictions.among(shown), complete=uow.key_rounds.done)

    @every(seconds=30)
    def key_families(self, uow: Work) -> None:
        """Make families findable that came before the present way of keying, some at a time, until all are."""
        number = uow.key_rounds.go_on(uow.keys)
        if number:
            log.info("families.keyed", borough_id=str(uow.borough_id), families=number)
