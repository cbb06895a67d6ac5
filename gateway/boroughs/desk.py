"""What the gateway answers about boroughs: load, act, publish, return."""

from typing import Any, Final
from uuid import UUID

import structlog

from chassis.errors import Conflict
from chassis.tenancy import BOROUGH_CHANGED, BOROUGH_ERASED, BOROUGH_SUSPENDED
from gateway.boroughs.models import Borough
from gateway.boroughs.policy import begin, decide
from gateway.boroughs.telling import tell
from gateway.contract.policy import kept_policy, whole_policy
from gateway.repository import Work

log = structlog.get_logger(__name__)

_TOLD: Final = (
    "id", "slug", "name", "gss_code", "programme_name", "practice", "version", "created_at", "opened_at",
    "suspended_at", "suspended_because",
)  # fmt: skip


class BoroughsDesk:
    """Boroughs that are on the platform; its methods are named as the operations are."""

    def get_borough(self, work: Work) -> dict[str, Any]:
        """Return the borough."""
        return told(work.boroughs.this())

    def show_borough(self, work: Work, borough_id: UUID) -> dict[str, Any]:
        """Return the borough as operators see it; nothing of any family. Raises NotFound."""
        work.saw(subject_id=borough_id)
        return {
            **told(work.boroughs.this()),
            "agencies": work.agencies.listed(None, 100, retired=False).items,
            "administrators": work.belonging.administrators(),
            "accepted": work.acceptances.listed(),
            "only_sign_on": work.sign_ons.is_only_way(),
        }

    def change_borough(self, work: Work, version: int, programme_name: str, policy: dict[str, Any], reason: str | None) -> dict[str, Any]:
        """Change programme name and policy from today on; the policy gets a version where it changes. Raises Stale."""
        borough = work.boroughs.this(for_update=True)
        policy = kept_policy(policy)
        borough.expect(
            version,
            yours={"programme_name": programme_name, "policy": policy},
            theirs={"programme_name": borough.programme_name, "policy": borough.policy},
        )
        borough.programme_name = programme_name
        if policy == kept_policy(whole_policy(borough.policy)):
            tell(work, borough, BOROUGH_CHANGED)
        else:
            decide(work, borough, policy, effective_on=None, reason=reason or "Changed together with the borough's details")
        return told(borough)

    def rename(self, work: Work, programme_name: str) -> None:
        """Let the programme be called something else, and tell everybody; nothing where that is its name."""
        borough = work.boroughs.this(for_update=True)
        if borough.programme_name != programme_name:
            borough.programme_name = programme_name
            tell(work, borough, BOROUGH_CHANGED)

    def suspend_borough(self, work: Work, borough_id: UUID, reason: str) -> dict[str, Any]:
        """Let nothing be changed in the borough of the work.

        Raises:
            NotFound: no such borough.
            InvalidTransition: it is suspended already.
        """
        borough = work.boroughs.this(for_update=True)
        borough.suspend(reason=reason, now=work.now)
        tell(work, borough, BOROUGH_SUSPENDED)
        work.saw(subject_id=borough_id, reason=reason)
        log.info("borough.suspended")
        return told(borough)

    def resume_borough(self, work: Work, borough_id: UUID, reason: str) -> dict[str, Any]:
        """Let the work of the borough go on, with the policy whose day came meanwhile.

        Raises:
            NotFound: no such borough.
            InvalidTransition: it is not suspended.
        """
        borough = work.boroughs.this(for_update=True)
        borough.resume()
        tell(work, borough, BOROUGH_CHANGED)
        begin(work, borough, work.policies.due(work.today))
        work.saw(subject_id=borough_id, reason=reason)
        log.info("borough.resumed")
        return told(borough)

    def erase_borough(self, work: Work, borough_id: UUID) -> None:
        """Erase the borough of the work; every service that hears of it does the same.

        Raises:
            NotFound: no such borough.
            Conflict: it is a real one.
        """
        borough = work.boroughs.this(for_update=True)
        if not borough.practice:
            raise Conflict("Only a practice borough can be erased.")
        work.saw(subject_id=borough_id)
        work.publish(BOROUGH_ERASED(borough.id, borough.version + 1, borough_id=borough.id))
        work.boroughs.erase()


def told(borough: Borough) -> dict[str, Any]:
    """Return what is told of a borough."""
    return {**{name: getattr(borough, name) for name in _TOLD}, "policy": whole_policy(borough.policy)}
