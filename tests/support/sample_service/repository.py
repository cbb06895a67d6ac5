"""The only file of the sample service that queries."""

from functools import cached_property

from chassis.database import Page, Repository, UnitOfWork
from tests.support.sample_service.models import Note, Remark


class Notes(Repository[Note]):
    """The borough's notes."""

    model = Note

    def newest(self, after: str | None, limit: int) -> Page[Note]:
        """Return a page of notes, the newest first."""
        return self.page(self.rows(), Note.created_at, after, limit, newest_first=True)

    def by_words(self, after: str | None, limit: int) -> Page[Note]:
        """Return a page of notes in the order of their words, with the count of all."""
        return self.page(self.rows(), Note.words, after, limit, total=True)


class Remarks(Repository[Remark]):
    """What is written beside the notes."""

    model = Remark


class Work(UnitOfWork):
    """A unit of work on notes."""

    @cached_property
    def notes(self) -> Notes:
        """The borough's notes."""
        return Notes(self)

    @cached_property
    def remarks(self) -> Remarks:
        """What is written beside them."""
        return Remarks(self)
