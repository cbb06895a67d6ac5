"""The family registry of one borough."""

from chassis.database import Page, Repository
from services.referrals.models import Family, folded


class Families(Repository[Family]):
    """The family registry of one borough."""

    model = Family

    def named(self, name: str | None, after: str | None, limit: int) -> Page[Family]:
        """Return a page of families by last name; with ``name``, those with each of its words in a name."""
        statement = self.rows()
        for word in folded(name or "").split():
            statement = statement.where(Family.search_words.contains(word, autoescape=True))
        return self.page(statement, Family.sort_name, after, limit, total=not after)
