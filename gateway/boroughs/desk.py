"""What the gateway answers about boroughs and agencies: load, act, publish, return."""

from typing import Any
from uuid import UUID

from chassis.contract import EventType
from chassis.database import Page
from chassis.errors import Conflict
from chassis.tenancy import BOROUGH_CHANGED, BOROUGH_ERASED, BOROUGH_ONBOARDED
from gateway.boroughs.models import Agency, Borough
from gateway.branding.models import Branding
from gateway.people.desk import PeopleDesk, invitation_answer
from gateway.repository import Work


class BoroughsDesk:
    """Boroughs and their agencies; its methods are named as the operations are."""

    def __init__(self, people: PeopleDesk) -> None:
        self._people = people

    def onboard(
        self,
        work: Work,
        *,
        agencies: list[dict[str, Any]],
        administrator: dict[str, Any],
        policy: dict[str, Any] | None,
        branding: dict[str, Any] | None,
        **described: Any,
    ) -> dict[str, Any]:
        """Take the borough of the work onto the platform, with its agencies, and invite its administrator.

        Raises:
            Conflict: another borough has this name in addresses, or two agencies have one name.
        """
        borough = work.boroughs.add(Borough.onboarded(work.borough_id, work.key, policy, **described))
        work.brandings.add(Branding.of_new_borough(borough.id, **(branding or {})))
        for agency in agencies:
            work.agencies.add(Agency(**agency))
        invitation = self._people.invited(work, administrator["name"], administrator["email"], ["administrator"], None)
        self._tell(work, borough, BOROUGH_ONBOARDED)
        told = ("id", "slug", "name", "gss_code", "programme_name", "practice", "policy", "version", "created_at")
        return {**{name: getattr(borough, name) for name in told}, "invitation": invitation_answer(invitation, {})}

    def with_link(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to onboarding with the administrator's address to go to."""
        return {**answer, "invitation": self._people.with_link(answer["invitation"])}

    def erase_borough(self, work: Work, borough_id: UUID) -> None:
        """Erase the borough of the work; every service that hears of it does the same.

        Raises:
            NotFound: no such borough.
            Conflict: it is a real one.
        """
        del borough_id
        borough = work.boroughs.this(for_update=True)
        if not borough.practice:
            raise Conflict("Only a practice borough can be erased.")
        work.publish(BOROUGH_ERASED(borough.id, borough.version + 1, borough_id=borough.id))
        work.boroughs.erase()

    def get_borough(self, work: Work) -> Borough:
        """Return the borough."""
        return work.boroughs.this()

    def change_borough(self, work: Work, version: int, programme_name: str, policy: dict[str, Any]) -> Borough:
        """Change programme name and policy; raises Stale."""
        borough = work.boroughs.this(for_update=True)
        borough.change(version=version, programme_name=programme_name, policy=policy)
        self._tell(work, borough, BOROUGH_CHANGED)
        return borough

    def rename(self, work: Work, programme_name: str) -> None:
        """Let the programme be called something else, and tell everybody; nothing where that is its name."""
        borough = work.boroughs.this(for_update=True)
        if borough.programme_name != programme_name:
            borough.programme_name = programme_name
            self._tell(work, borough, BOROUGH_CHANGED)

    def list_agencies(self, work: Work, after: str | None, limit: int) -> Page[Agency]:
        """Return a page of agencies by name."""
        return work.agencies.listed(after, limit)

    def add_agency(self, work: Work, name: str, kind: str) -> Agency:
        """Add an agency; raises Conflict where the name is taken."""
        return work.agencies.add(Agency(name=name, kind=kind))

    def _tell(self, work: Work, borough: Borough, what: EventType) -> None:
        """Write the borough, which counts its version, and tell everybody how it is now."""
        work.session.flush()
        work.boroughs.keep_copy(borough)
        told = ("slug", "name", "programme_name", "practice", "policy")
        work.publish(what(borough.id, borough.version, suspended=False, **{name: getattr(borough, name) for name in told}))
