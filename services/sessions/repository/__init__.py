"""The unit of work of sessions and its repositories: the only code here that queries."""

from collections.abc import Collection
from datetime import date
from functools import cached_property
from uuid import UUID

from chassis.clock import london
from chassis.database import UnitOfWork
from chassis.database.restrictions import Restrictions
from chassis.database.tenants import this_borough
from services.sessions.models import By, Thresholds
from services.sessions.repository.attendance import Marks
from services.sessions.repository.families import Families, Runs
from services.sessions.repository.groups import Counted, Groups, Sessions, Venues
from services.sessions.repository.merges import FamilyMerges
from services.sessions.repository.places import Places, Spells, Steps

__all__ = ["Counted", "Work"]

USUAL_CAPACITY = 8
"""Families in a new group where the borough's policy does not say."""


class Work(UnitOfWork):
    """One transaction of sessions, for one caller in one borough."""

    @cached_property
    def venues(self) -> Venues:
        """Where groups meet."""
        return Venues(self)

    @cached_property
    def groups(self) -> Groups:
        """Weekly groups."""
        return Groups(self)

    @cached_property
    def sessions(self) -> Sessions:
        """Meetings of groups."""
        return Sessions(self)

    @cached_property
    def places(self) -> Places:
        """Families' places."""
        return Places(self)

    @cached_property
    def spells(self) -> Spells:
        """Times in which families are expected."""
        return Spells(self)

    @cached_property
    def steps(self) -> Steps:
        """What happened to places."""
        return Steps(self)

    @cached_property
    def marks(self) -> Marks:
        """What registers say."""
        return Marks(self)

    @cached_property
    def families(self) -> Families:
        """Copies of families."""
        return Families(self)

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
    def runs(self) -> Runs:
        """Copies of collection runs."""
        return Runs(self)

    @property
    def today(self) -> date:
        """The day of the work, in London."""
        return london(self.now).date()

    @property
    def by(self) -> By:
        """Who works, and when."""
        return By(self.caller.person_name, self.now)

    @property
    def group_capacity(self) -> int:
        """How many families a new group has room for where nobody says: the borough's policy."""
        return int(this_borough(self).policy.get("group_capacity", USUAL_CAPACITY))

    @cached_property
    def thresholds(self) -> Thresholds:
        """What the borough's policy says of missed sessions."""
        return Thresholds.of(this_borough(self).policy)
