"""Services that tell and listen, for the tests of events and timers."""

from collections.abc import Callable
from typing import ClassVar

from chassis.contract import ReceivedEvent
from chassis.database.provider import WorkProvider
from chassis.events import EventRelay, on_event
from chassis.tenancy import BoroughCopies
from chassis.timers import every, steadily
from tests.support.listening_service.models import Beat, Heard
from tests.support.listening_service.repository import Work
from tests.support.sample_service.contract import NOTE_ADDED
from tests.support.sample_service.repository import Work as NoteWork


class TellingService:
    """The sample service, as far as it tells of events."""

    name = "sample"
    work = WorkProvider(NoteWork)
    events = EventRelay()


class ListeningService(BoroughCopies):
    """Writes down what it hears.

    Attributes:
        trouble: what a test wants to happen before the words are written down; it may raise or wait.
    """

    name = "listening"
    work = WorkProvider(Work)
    trouble: ClassVar[Callable[[Work, ReceivedEvent], None]] = staticmethod(lambda _work, _event: None)

    @on_event(NOTE_ADDED, within=3)
    def write_down(self, work: Work, event: ReceivedEvent) -> None:
        """Write down the words of a note."""
        work.heard.add(Heard(event_id=event.id, words=event.data["words"]))
        type(self).trouble(work, event)

    @on_event(NOTE_ADDED)
    def copy(self, work: Work, event: ReceivedEvent) -> None:
        """Keep the words as they last were."""
        work.copies.hear(event.subject, event.sequence, words=event.data["words"])


class BeatingService(BoroughCopies):
    """The listening service, as far as it runs by the clock.

    Attributes:
        trouble: what a test wants to happen in a borough; it may raise or wait.
    """

    name = "listening"
    work = WorkProvider(Work)
    trouble: ClassVar[Callable[[Work], None]] = staticmethod(lambda _work: None)

    @every(seconds=0.2, within=1)
    def beat(self, work: Work) -> None:
        """Note that the timer was here."""
        work.beats.add(Beat(timer="beat"))
        type(self).trouble(work)


class SteadyService:
    """The listening service, as far as every one of its processes does something by the clock, for no borough.

    Attributes:
        task: what a test wants to be done each time; it may raise or wait.
    """

    name = "listening"
    work = WorkProvider(Work)
    task: ClassVar[Callable[[], None]] = staticmethod(lambda: None)

    @steadily(seconds=0.1)
    def step(self) -> None:
        """Do it once."""
        type(self).task()
