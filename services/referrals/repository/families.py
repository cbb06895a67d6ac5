"""The family registry of one borough."""

from chassis.database import Page, Repository
from services.referrals.models import Family


class Families(Repository[Family]):
    """The family registry of one borough."""

    model = Family

    def by_name(self, after: str | None, limit: int) -> Page[Family]:
        """Return a page of families by last name; the first page counts them all."""
        return self.page(self.rows().where(Family.merged_into.is_(None)), Family.sort_name, after, limit, total=not after)
