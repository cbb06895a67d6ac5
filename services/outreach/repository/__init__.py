"""The unit of work of outreach and its repositories: the only code here that queries."""

from collections.abc import Collection
from datetime import date
from functools import cached_property
from uuid import UUID

from chassis.clock import london
from chassis.database import UnitOfWork
from chassis.database.restrictions import Restrictions
from chassis.database.tenants import this_borough
from services.outreach.models import By, Policy
from services.outreach.repository.cases import Cases, Steps
from services.outreach.repository.collections import CollectionRuns
from services.outreach.repository.families import Contacts, Families, Standings
from services.outreach.repository.merges import FamilyMerges

__all__ = ["Work"]


class Work(UnitOfWork):
    """One transaction of outreach, for one caller in one borough."""

    @cached_property
    def cases(self) -> Cases:
        """Reasons to reach out."""
        return Cases(self)

    @cached_property
    def steps(self) -> Steps:
        """What outreach did and decided."""
        return Steps(self)

    @cached_property
    def contacts(self) -> Contacts:
        """Attempts to reach families."""
        return Contacts(self)

    @cached_property
    def families(self) -> Families:
        """Copies of families."""
        return Families(self)

    @cached_property
    def standings(self) -> Standings:
        """What was heard of families' attendance."""
        return Standings(self)

    @cached_property
    def merges(self) -> FamilyMerges:
        """Families that became one."""
        return FamilyMerges(self)

    def settle(self, family_ids: Collection[UUID]) -> None:
        """Move what an event just did to families that became others; see `Merges.settle`."""
        self.merges.settle(family_ids)

    @cached_property
    def restrictions(self) -> Restrictions:
        """Who may see restricted families."""
        return Restrictions(self)

    @cached_property
    def runs(self) -> CollectionRuns:
        """Collection runs."""
        return CollectionRuns(self)

    @property
    def today(self) -> date:
        """The day of the work, in London."""
        return london(self.now).date()

    @property
    def by(self) -> By:
        """Who works, and when."""
        return By(self.caller.person_id, self.caller.person_name, self.now)

    @cached_property
    def policy(self) -> Policy:
        """What the borough's policy says of reaching out."""
        return Policy.of(this_borough(self).policy)
