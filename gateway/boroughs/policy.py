"""What the gateway answers about a borough's policy: load, act, publish, return."""

from datetime import date
from typing import Any, Final
from uuid import UUID

import structlog

from chassis import clock
from chassis.caller import Caller
from chassis.database import Database, Page, open_work
from chassis.errors import Stale
from chassis.tenancy import BOROUGH_CHANGED
from gateway.boroughs.models import Borough, PolicyVersion
from gateway.boroughs.telling import tell
from gateway.contract.policy import kept_policy, whole_policy
from gateway.people.repository.boroughs import Boroughs
from gateway.repository import Work

log = structlog.get_logger(__name__)

_TOLD: Final = ("number", "effective_on", "reason", "by_name", "state", "applied_at", "withdrawn_at", "withdrawn_by")


class PolicyDesk:
    """What a borough decides for itself; its methods are named as the operations are."""

    def get_policy(self, work: Work) -> dict[str, Any]:
        """Return the policy in force and those to come."""
        return _now(work, work.boroughs.this())

    def list_policy_versions(self, work: Work, after: str | None, limit: int) -> Page[dict[str, Any]]:
        """Return a page of all versions, newest first."""
        page = work.policies.listed(after, limit)
        return Page([_told(version) for version in page.items], page.next)

    def change_policy(self, work: Work, version: int, effective_on: date | None, reason: str, **policy: Any) -> dict[str, Any]:
        """Decide on the whole policy from a day on: at once where that is today.

        Raises:
            Stale: somebody decided first; both policies are told.
            Invalid: the day is past, or more than a year ahead.
        """
        borough = work.boroughs.this(for_update=True)
        _expect(work, borough, version, yours=kept_policy(policy))
        decide(work, borough, kept_policy(policy), effective_on=effective_on, reason=reason)
        _reviewed(work, borough)
        return _now(work, borough)

    def withdraw_policy(self, work: Work, version: int, number: int) -> dict[str, Any]:
        """Take a policy back that is still to come.

        Raises:
            Stale: somebody decided first.
            NotFound, InvalidTransition: no such version, or it holds already.
        """
        borough = work.boroughs.this(for_update=True)
        _expect(work, borough, version)
        work.policies.numbered(number).withdraw(by=work.caller.person_name, now=work.now)
        borough.policy_edition += 1
        return _now(work, borough)

    def review_policy(self, work: Work, version: int) -> dict[str, Any]:
        """Note that the caller found the policy right as it is. Raises Stale where somebody decided first."""
        borough = work.boroughs.this(for_update=True)
        _expect(work, borough, version)
        _reviewed(work, borough)
        return _now(work, borough)


def decide(work: Work, borough: Borough, policy: dict[str, Any], *, effective_on: date | None, reason: str) -> None:
    """Add a version to a borough that is locked; one of today holds at once, and everybody is told.

    Raises:
        Invalid: the day is past, or more than a year ahead.
    """
    today = work.today
    by: tuple[UUID, str] = (work.caller.person_id, work.caller.person_name)
    version = PolicyVersion.decided(
        work.policies.next_number(), policy, effective_on=effective_on or today, reason=reason, by=by, today=today
    )
    work.policies.add(version)
    borough.policy_edition += 1
    work.saw(subject_id=version.id, policy_version=version.number, effective_on=version.effective_on.isoformat())
    log.info("policy.decided", number=version.number)
    if version.is_due(today):
        begin(work, borough, [version])


def begin(work: Work, borough: Borough, due: list[PolicyVersion]) -> None:
    """Let versions hold from now on, in their order, and tell everybody once."""
    for version in due:
        version.applied_at = work.now
        borough.policy, borough.policy_number = version.policy, version.number
    if due:
        tell(work, borough, BOROUGH_CHANGED)
        log.info("policy.began", number=due[-1].number)


class Beginning:
    """Lets policies hold from their day on, in whatever borough; several processes may do so at once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._boroughs = Boroughs(database)

    def begin_due(self) -> int:
        """Let the policies hold whose day has come; return in how many boroughs that was tried. What fails in one is logged."""
        due = sorted(self._boroughs.with_policy_due(clock.today()), key=str)
        for borough_id in due:
            try:
                self._begin_in(borough_id)
            except Exception:  # one borough's trouble is not the others'; the next round asks again
                log.exception("policy.not_begun", borough_id=str(borough_id))
        return len(due)

    def _begin_in(self, borough_id: UUID) -> None:
        caller = Caller.service("gateway", borough_id)
        with open_work(Work, self._database, caller, operation="gateway.begin_policy") as work:
            borough = work.boroughs.this(for_update=True)
            if not borough.suspended:
                begin(work, borough, work.policies.due(work.today))


def _expect(work: Work, borough: Borough, version: int, yours: dict[str, Any] | None = None) -> None:
    """Let a decision pass that was made on what is decided now.

    Raises:
        Stale: with both policies.
    """
    if version == borough.policy_edition:
        return
    upcoming = work.policies.upcoming()
    theirs = upcoming[-1].policy if upcoming else borough.policy
    raise Stale(yours={"version": version, "policy": yours or {}}, theirs={"version": borough.policy_edition, "policy": theirs})


def _reviewed(work: Work, borough: Borough) -> None:
    if borough.policy_reviewed_at is None:
        borough.policy_reviewed_at, borough.policy_reviewed_by = work.now, work.caller.person_id


def _now(work: Work, borough: Borough) -> dict[str, Any]:
    work.session.flush()
    return {
        "version": borough.policy_edition,
        "current": _told(work.policies.numbered(borough.policy_number)),
        "upcoming": [_told(version) for version in work.policies.upcoming()],
        "reviewed_at": borough.policy_reviewed_at,
    }


def _told(version: PolicyVersion) -> dict[str, Any]:
    told = {name: getattr(version, name) for name in _TOLD}
    return {**told, "decided_at": version.created_at, "policy": whole_policy(version.policy)}
