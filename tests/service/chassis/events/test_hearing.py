"""A handler has each event once in effect, and only for the borough that the event is of."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import eventlet
import pytest
from eventlet.event import Event
from sqlalchemy import select

from chassis import clock, context
from chassis.caller import Caller
from chassis.contract import ReceivedEvent
from chassis.database import open_work
from chassis.database.tables import audit, inbox, outbox
from chassis.signing import Signer
from tests.support.events import Services, hub_of, running, until
from tests.support.listening_service.models import Copy, Heard
from tests.support.listening_service.repository import Work
from tests.support.listening_service.service import ListeningService, TellingService
from tests.support.people import note_keeper
from tests.support.sample_service.contract import NOTE_ADDED

Trouble = Callable[[Work, ReceivedEvent], None]


def meanwhile(trouble: Trouble) -> None:
    """Let something happen in the handler, after it wrote down what it heard."""
    ListeningService.trouble = staticmethod(trouble)


def parked(both: Services, state: str) -> int:
    return both.count(inbox, state=state, handler="listening.write_down")


def test_an_event_that_comes_twice_does_nothing_the_second_time(both: Services) -> None:
    body = both.envelope("Only once").sealed(Signer(both.keys["sample"].private))
    with both.running(ListeningService):
        both.publish(body)
        until(both.heard)
        both.publish(body)
        both.publish(body)
        eventlet.sleep(0.3)
    assert both.heard() == ["Only once"]
    assert both.count(inbox, state="handled") == 2


def test_two_replicas_that_have_one_event_at_once_handle_it_once(both: Services) -> None:
    body = both.envelope("Only once").sealed(Signer(both.keys["sample"].private))
    meanwhile(lambda _work, _event: eventlet.sleep(0.2))
    with both.running(ListeningService, ListeningService):
        for _ in range(4):
            both.publish(body)
        until(both.heard)
        eventlet.sleep(0.3)
    assert both.heard() == ["Only once"]


def test_the_handler_acts_as_the_service_in_the_borough_of_the_event(both: Services) -> None:
    seen: dict[str, Any] = {}

    def look(work: Work, event: ReceivedEvent) -> None:
        seen.update(caller=work.caller, borough_id=work.borough_id, context=context.current(), event=event)

    meanwhile(look)
    envelope = both.envelope("Look")
    with both.running(ListeningService):
        both.publish(envelope.sealed(Signer(both.keys["sample"].private)))
        until(lambda: seen)
    assert seen["caller"].kind == "service"
    assert seen["caller"].borough_id == seen["borough_id"] == both.caller.borough_id
    assert seen["context"].service == "listening"
    assert seen["context"].correlation_id == "test-correlation"
    assert seen["event"] == envelope.received(NOTE_ADDED)


def test_an_event_of_a_practice_borough_is_handled_at_its_own_moment(both: Services) -> None:
    moments: list[datetime] = []
    meanwhile(lambda work, _event: moments.extend([clock.now(), work.now]))
    last_year = datetime(2025, 11, 3, 10, 0, tzinfo=UTC)
    with both.running(ListeningService):
        both.publish(both.envelope("Then", time=last_year, acting=True).sealed(Signer(both.keys["sample"].private)))
        until(lambda: moments)
    assert moments == [last_year, last_year]


def test_an_event_of_a_real_borough_is_handled_now(both: Services) -> None:
    moments: list[datetime] = []
    meanwhile(lambda work, _event: moments.append(work.now))
    with both.running(ListeningService):
        both.publish(both.envelope("Now", time=datetime(2025, 11, 3, tzinfo=UTC)).sealed(Signer(both.keys["sample"].private)))
        until(lambda: moments)
    assert datetime.now(UTC) - moments[0] < timedelta(seconds=30)


def test_an_event_of_one_borough_touches_no_other(both: Services) -> None:
    lambeth = note_keeper()
    both.know(lambeth.borough_id)
    with both.running():
        both.tell("Of Southwark")
        both.tell("Of Lambeth", caller=lambeth)
        until(lambda: both.heard() and both.heard(lambeth))
    assert both.heard() == ["Of Southwark"]
    assert both.heard(lambeth) == ["Of Lambeth"]


def test_a_handler_cannot_write_for_another_borough(both: Services) -> None:
    lambeth = note_keeper()
    both.know(lambeth.borough_id)

    def stray(work: Work, event: ReceivedEvent) -> None:
        work.session.add(Heard(borough_id=lambeth.borough_id, event_id=event.id, words="Stray"))

    meanwhile(stray)
    with both.running():
        both.tell("Hello")
        until(lambda: parked(both, "dead"))
    assert both.heard(lambeth) == both.heard() == []


def test_what_a_handler_tells_leaves_with_what_it_did(both: Services) -> None:
    meanwhile(lambda work, event: work.publish(NOTE_ADDED(event.subject, 2, words="Passed on")))
    with both.running(ListeningService):
        both.publish(both.envelope("Pass it on").sealed(Signer(both.keys["sample"].private)))
        until(both.heard)
    with both.listening.operating() as connection:
        (row,) = connection.execute(select(outbox.c.borough_id, outbox.c.correlation_id))
    assert row == (both.caller.borough_id, "test-correlation")


def test_copies_take_over_only_what_is_newer(both: Services) -> None:
    subject = uuid4()
    signer = Signer(both.keys["sample"].private)
    with both.running(ListeningService):
        for sequence, words in ((2, "Second"), (1, "First"), (4, "Fourth"), (3, "Third")):
            both.publish(both.envelope(words, subject=subject, sequence=sequence).sealed(signer))
            expected = sequence
            until(lambda: both.count(inbox, handler="listening.copy", state="handled") >= 1)
        until(lambda: both.count(inbox, handler="listening.copy", state="handled") == 4)
    assert expected == 3
    assert copies(both) == [(subject, 4, "Fourth")]


def copies(both: Services) -> list[tuple[Any, int, str]]:
    with open_work(Work, both.listening, Caller.service("listening", both.caller.borough_id)) as work:
        return [(row.id, row.sequence, row.words) for row in work.copies.all(work.copies.rows().order_by(Copy.id))]


def test_reading_for_an_event_leaves_no_entry_in_the_audit_trail(both: Services) -> None:
    with both.running():
        both.tell("Hello")
        until(both.heard)
    with open_work(Work, both.listening, both.caller, "sample.read") as work:
        assert work.session.execute(select(audit)).all() == []


@pytest.fixture
def held() -> Iterator[dict[str, Event]]:
    """A handler that begins, says so, and goes on when it is let."""
    gates = {"begun": Event(), "go on": Event()}

    def hold(_work: Work, _event: ReceivedEvent) -> None:
        if not gates["begun"].ready():
            gates["begun"].send()
        gates["go on"].wait()

    meanwhile(hold)
    yield gates
    if not gates["go on"].ready():
        gates["go on"].send()


def test_a_stop_waits_for_the_handler_in_hand(both: Services, held: dict[str, Event]) -> None:
    with both.running(TellingService), running(ListeningService, both.settings("listening")) as listening:
        both.tell("In hand")
        held["begun"].wait()
        stopping = eventlet.spawn(listening.stop)
        eventlet.sleep(0.2)
        assert not stopping.dead
        held["go on"].send()
        stopping.wait()
    assert both.heard() == ["In hand"]
    assert parked(both, "handled") == 1


def test_what_comes_during_a_stop_is_handled_after_the_restart(both: Services, held: dict[str, Event]) -> None:
    with both.running(TellingService):
        with running(ListeningService, both.settings("listening", max_workers=2)) as listening:
            both.tell("In hand")
            held["begun"].wait()
            both.tell("At the door")
            eventlet.sleep(0.2)
            stopping = eventlet.spawn(listening.stop)
            eventlet.sleep(0.1)
            held["go on"].send()
            stopping.wait()
        with both.running(ListeningService):
            until(lambda: len(both.heard()) == 2)
    assert both.heard() == ["At the door", "In hand"]


def test_a_process_that_dies_in_the_middle_of_a_handler_loses_nothing_and_doubles_nothing(both: Services, held: dict[str, Event]) -> None:
    with both.running(TellingService):
        dying = running(ListeningService, both.settings("listening"))
        container = dying.__enter__()
        both.tell("In the middle")
        held["begun"].wait()
        container.kill()
        assert both.heard() == []
        meanwhile(lambda _work, _event: None)
        with both.running(ListeningService):
            until(both.heard)
            until(lambda: parked(both, "handled") == 1)
    assert both.heard() == ["In the middle"]


def test_events_leave_half_of_the_workers_to_calls(both: Services, held: dict[str, Event]) -> None:
    with both.running(TellingService), running(ListeningService, both.settings("listening", max_workers=6)) as listening:
        for number in range(9):
            both.tell(f"Note {number}")
        held["begun"].wait()
        eventlet.sleep(0.5)
        assert hub_of(listening)._slots.counter == 0
        assert len(listening._worker_threads) == 3
        held["go on"].send()
        until(lambda: len(both.heard()) == 9)
