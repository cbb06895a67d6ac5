"""The only file of the listening service that queries."""

from functools import cached_property

from chassis.database import Repository, UnitOfWork
from chassis.database.copies import Copies
from tests.support.listening_service.models import Beat, Copy, Heard


class HeardWords(Repository[Heard]):
    """What was heard in the borough."""

    model = Heard


class NoteCopies(Copies[Copy]):
    """The borough's notes as they last were."""

    model = Copy


class Beats(Repository[Beat]):
    """Where the timers were."""

    model = Beat


class Work(UnitOfWork):
    """A unit of work on what was heard."""

    @cached_property
    def heard(self) -> HeardWords:
        """What was heard in the borough."""
        return HeardWords(self)

    @cached_property
    def copies(self) -> NoteCopies:
        """The borough's notes as they last were."""
        return NoteCopies(self)

    @cached_property
    def beats(self) -> Beats:
        """Where the timers were."""
        return Beats(self)
