"""The family registry of one borough."""

from collections.abc import Collection
from uuid import UUID

from chassis.database import Page, Repository
from services.referrals.models import Family


class Families(Repository[Family]):
    """The family registry of one borough."""

    model = Family

    def of(self, family_ids: Collection[UUID]) -> list[Family]:
        """Return families by their ids, also those that became part of others."""
        return self.all(self.rows().where(Family.id.in_(family_ids)).order_by(Family.id)) if family_ids else []

    def by_name(self, after: str | None, limit: int) -> Page[Family]:
        """Return a page of families by last name; the first page counts them all."""
        return self.page(self.rows().where(Family.merged_into.is_(None)), Family.sort_name, after, limit, total=not after)
