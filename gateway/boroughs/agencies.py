"""What the gateway answers about a borough's agencies: load, act, return."""

from typing import Any, Final
from uuid import UUID

from chassis.database import Page
from gateway.boroughs.models import Agency
from gateway.repository import Work

_TOLD: Final = ("id", "version", "name", "kind", "retired_at")


class AgenciesDesk:
    """The organisations that work in a borough; its methods are named as the operations are."""

    def list_agencies(self, work: Work, after: str | None, limit: int, *, retired: bool) -> Page[dict[str, Any]]:
        """Return a page of agencies by name, each with how many people it has."""
        page = work.agencies.listed(after, limit, retired=retired)
        members = work.belonging.members([agency.id for agency in page.items])
        told = [{**{name: getattr(agency, name) for name in _TOLD}, "members": members.get(agency.id, 0)} for agency in page.items]
        return Page(told, page.next)

    def add_agency(self, work: Work, name: str, kind: str) -> Agency:
        """Add an agency; raises Conflict where a present one has the name."""
        return work.agencies.add(Agency(name=name, kind=kind))

    def rename_agency(self, work: Work, agency_id: UUID, version: int, name: str) -> Agency:
        """Give an agency another name.

        Raises:
            NotFound: no such agency.
            Stale: somebody else saved first.
            Conflict: it is retired, or another has the name.
        """
        agency = work.agencies.get(agency_id, for_update=True)
        agency.rename(version=version, name=name)
        work.session.flush()
        return agency

    def retire_agency(self, work: Work, agency_id: UUID, version: int) -> Agency:
        """Let nobody belong to an agency any more.

        Raises:
            NotFound: no such agency.
            Stale: somebody else saved first.
            Conflict: somebody belongs to it or is invited to; the facts say who.
        """
        agency = work.agencies.get(agency_id, for_update=True)
        agency.retire(version=version, belonging=work.belonging.of(agency.id), now=work.now)
        work.session.flush()
        return agency
