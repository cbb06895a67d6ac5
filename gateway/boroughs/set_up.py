"""What is left to set up, as far as the gateway knows, and the end of it: referrals are taken."""

from typing import Any

import structlog

from chassis.tenancy import BOROUGH_CHANGED
from gateway.boroughs.telling import tell
from gateway.contract.set_up import STEPS, done
from gateway.repository import Work

log = structlog.get_logger(__name__)


class SetUpDesk:
    """The set-up of a borough; its methods are named as the operations are."""

    def get_set_up(self, work: Work) -> dict[str, Any]:
        """Return who is there and what was decided: counted now, kept nowhere."""
        here, invited = work.belonging.practitioners(), work.belonging.invited_practitioners()
        borough = work.boroughs.this()
        return {
            **here,
            **{f"{kind}_invited": count for kind, count in invited.items()},
            "policy_reviewed_at": borough.policy_reviewed_at,
            "public_page_checked_at": work.brandings.this().checked_at,
            "opened_at": borough.opened_at,
        }

    def open_borough(self, work: Work, *, has_venue: bool, has_group: bool) -> dict[str, Any]:
        """Let referrals be taken from now on, and tell every service.

        Raises:
            InvalidTransition: they are taken already.
            Conflict: something is left to set up; the facts say what.
        """
        borough = work.boroughs.this(for_update=True)
        there = done(self.get_set_up(work), has_venue=has_venue, has_group=has_group)
        borough.open([name for step, name in STEPS.items() if not there[step]], work.now)
        tell(work, borough, BOROUGH_CHANGED)
        work.saw(subject_id=borough.id)
        log.info("borough.opened")
        return self.get_set_up(work)
