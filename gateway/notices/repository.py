"""Queries on a borough's notices."""

from chassis.database import Page, Repository
from gateway.notices.models import Notice


class Notices(Repository[Notice]):
    """What the administrators of the borough were told."""

    model = Notice

    def listed(self, *, new: bool | None, after: str | None, limit: int) -> Page[Notice]:
        """Return a page, newest first, of all or of those that nobody looked at; the first page counts them."""
        statement = self.rows().where(Notice.looked_at.is_(None)) if new else self.rows()
        return self.page(statement, Notice.happened_at, after, limit, newest_first=True, total=not after)
