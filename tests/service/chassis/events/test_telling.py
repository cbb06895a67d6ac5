"""Events leave with the change that they tell of: once it is committed, and whatever happens then."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
import structlog.testing
from sqlalchemy import text

from chassis.broker import Address, ConfirmingPublisher, Topology
from chassis.contract import EventType
from chassis.database import open_work
from chassis.database.tables import inbox, outbox
from chassis.events.relay import Relay
from chassis.events.repository import Outbox
from chassis.events.topology import EXCHANGE, declare_exchanges
from chassis.signing import Signer
from tests.support.events import Services, until
from tests.support.listening_service.service import ListeningService, TellingService
from tests.support.sample_service.contract import NoteAdded
from tests.support.sample_service.repository import Work

NOTE_FORGOTTEN = EventType("sample.note.forgotten", NoteAdded)
NOTE_MISLAID = EventType("sample.note.mislaid", NoteAdded)
NOTE_LATE = EventType("sample.note.late", NoteAdded)


def sent(both: Services, event_type: str = "sample.note.added") -> int:
    with both.telling.operating() as connection:
        finite = text("SELECT count(*) FROM outbox WHERE isfinite(sent_at) AND type = :type")
        return int(connection.execute(finite, {"type": event_type}).scalar_one())


def test_what_one_service_tells_the_other_hears(both: Services) -> None:
    with both.running():
        both.tell("Finn likes the sandpit")
        until(both.heard)
    assert both.heard() == ["Finn likes the sandpit"]
    assert sent(both) == 1
    assert both.count(outbox, "sample", sent_at=None) == 0


def test_each_handler_of_a_type_has_the_event(both: Services) -> None:
    with both.running():
        both.tell("Hello")
        until(lambda: both.count(inbox, state="handled") == 2)


def test_an_event_of_work_that_was_rolled_back_is_never_told(both: Services) -> None:
    with both.running():
        with pytest.raises(ZeroDivisionError), open_work(Work, both.telling, both.caller, "sample.write") as work:
            work.publish(NOTE_FORGOTTEN(uuid4(), 1, words="Never"))
            raise ZeroDivisionError
        both.tell("After")
        until(both.heard)
    assert both.heard() == ["After"]
    assert both.count(outbox, "sample") == 1


def test_an_event_that_does_not_fit_its_contract_does_not_leave(both: Services) -> None:
    with pytest.raises(ValueError, match="does not fit its contract"), open_work(Work, both.telling, both.caller, "sample.write") as work:
        work.publish(NOTE_FORGOTTEN(uuid4(), 1, words="Hello", shoe_size=5))
    assert both.count(outbox, "sample") == 0


def test_what_was_committed_before_the_process_died_is_sent_after_the_restart(both: Services) -> None:
    both.tell("Committed, and then the power went")
    with both.running():
        until(both.heard)
    assert both.heard() == ["Committed, and then the power went"]


def test_what_was_published_before_the_process_died_and_not_marked_is_sent_twice_and_handled_once(both: Services) -> None:
    with both.running(ListeningService):
        both.tell("Published, and then the power went")
        with relay(both) as first, pytest.raises(ZeroDivisionError), both.telling.operating() as connection:
            events = Outbox(connection).claim(10)
            first._publisher.publish_all([first._message(event) for event in events])
            raise ZeroDivisionError
        until(both.heard)
        assert sent(both) == 0
        with both.running(TellingService):
            until(lambda: sent(both) == 1)
        until(lambda: both.count(inbox, state="handled") == 2)
        assert both.heard() == ["Published, and then the power went"]


def test_two_relays_at_once_send_each_event(both: Services) -> None:
    words = [f"Note {number:03}" for number in range(150)]
    for each in words:
        both.tell(each)
    with both.running(ListeningService, TellingService, TellingService):
        until(lambda: len(both.heard()) == 150)
        until(lambda: sent(both) == 150)
    assert both.heard() == words


def test_a_relay_passes_over_what_another_has_in_hand(both: Services) -> None:
    both.tell("Mine")
    with both.telling.operating() as connection:
        assert len(Outbox(connection).claim(10)) == 1
        with both.telling.operating() as other:
            assert Outbox(other).claim(10) == []


def test_more_events_than_fit_in_a_batch_are_all_sent(both: Services) -> None:
    for number in range(25):
        both.tell(f"Note {number}")
    with both.running(ListeningService), relay(both, batch=10) as small:
        small.send_waiting()
        assert sent(both) == 25


def test_an_event_that_nobody_asked_for_is_kept_and_not_sent_again(both: Services) -> None:
    with both.running():
        publish(both, NOTE_FORGOTTEN)
        both.tell("Later")
        until(both.heard)
        until(lambda: unrouted(both) == ["sample.note.forgotten"])
    assert sent(both, "sample.note.forgotten") == 0
    assert both.count(outbox, "sample", sent_at=None) == 0


def test_an_event_that_nobody_asked_for_is_sent_once_somebody_does(both: Services) -> None:
    both.tell("Is anybody there?")
    with both.telling.operating() as connection:
        events = Outbox(connection).claim(1)
        Outbox(connection).mark_unrouted(events)
    with both.running():
        with both.telling.operating() as connection:
            assert Outbox(connection).send_again([(event.borough_id, event.id) for event in events]) == 1
        until(both.heard)


def test_it_is_information_once_a_type_that_nobody_asked_for_an_event(both: Services) -> None:
    with structlog.testing.capture_logs() as lines, relay(both) as alone:
        for _ in range(3):
            publish(both, NOTE_FORGOTTEN)
            alone.send_waiting()
    assert levels(lines) == ["info", "debug", "debug"]


def test_an_event_that_somebody_should_have_had_is_a_warning_and_sent_until_there_is_a_queue(both: Services) -> None:
    with structlog.testing.capture_logs() as lines, relay(both, heard={NOTE_MISLAID.name}) as alone:
        publish(both, NOTE_MISLAID)
        alone.send_waiting()
        assert unrouted(both) == [NOTE_MISLAID.name]
        alone.send_waiting()
        assert unrouted(both) == [NOTE_MISLAID.name]
        listen(both, NOTE_MISLAID)
        alone.send_waiting()
    assert levels(lines) == ["warning", "debug"]
    assert (sent(both, NOTE_MISLAID.name), unrouted(both)) == (1, [])


def test_it_is_not_sent_again_at_once_but_at_the_next_start(both: Services) -> None:
    publish(both, NOTE_LATE)
    with relay(both, heard={NOTE_LATE.name}, again_seconds=3600) as alone:
        alone.send_waiting()
        listen(both, NOTE_LATE)
        alone.send_waiting()
        assert unrouted(both) == [NOTE_LATE.name]
    with relay(both, heard={NOTE_FORGOTTEN.name}) as one_who_knows_of_no_listener:
        one_who_knows_of_no_listener.send_waiting()
    assert unrouted(both) == [NOTE_LATE.name]
    with relay(both, heard={NOTE_LATE.name}) as next_one:
        next_one.send_waiting()
    assert (sent(both, NOTE_LATE.name), unrouted(both)) == (1, [])


def test_an_event_that_nobody_took_for_a_week_waits_for_an_operator(both: Services) -> None:
    both.tell("Long ago")
    with both.telling.operating() as connection:
        Outbox(connection).mark_unrouted(Outbox(connection).claim(1))
        connection.execute(text("UPDATE outbox SET created_at = now() - interval '8 days'"))
        assert Outbox(connection).send_missed_again({"sample.note.added"}) == 0


def test_an_envelope_that_everybody_would_refuse_is_not_in_the_way(both: Services) -> None:
    both.tell("Odd")
    with both.telling.operating() as connection:
        connection.execute(outbox.update().values(correlation_id="no such thing as this"))
    both.tell("Next")
    with both.running():
        until(both.heard)
        until(lambda: unrouted(both) == ["sample.note.added"])
    assert both.heard() == ["Next"]


def test_old_events_go_and_those_that_wait_or_found_nobody_stay(both: Services) -> None:
    for words in ("sent", "waiting", "nobody"):
        both.tell(words)
    with both.telling.operating() as connection:
        connection.execute(text("UPDATE outbox SET sent_at = now() - interval '31 days' WHERE data->>'words' = 'sent'"))
        connection.execute(text("UPDATE outbox SET sent_at = 'infinity' WHERE data->>'words' = 'nobody'"))
        connection.execute(text("UPDATE outbox SET created_at = now() - interval '31 days'"))
        assert Outbox(connection).prune(30, 365) == 1
        assert {event.data["words"] for event in Outbox(connection).unsent() + Outbox(connection).unrouted()} == {"waiting", "nobody"}


def test_what_waits_is_counted(both: Services) -> None:
    both.tell("One")
    both.tell("Two")
    with both.telling.operating() as connection:
        waiting = Outbox(connection).waiting()
    assert waiting.events == 2
    assert waiting.oldest is not None


def unrouted(both: Services) -> list[str]:
    with both.telling.operating() as connection:
        return [event.type for event in Outbox(connection).unrouted()]


def publish(both: Services, event_type: EventType) -> None:
    with open_work(Work, both.telling, both.caller, "sample.write") as work:
        work.publish(event_type(uuid4(), 1, words="Anybody?"))


def listen(both: Services, event_type: EventType) -> None:
    """Give a type the queue that it lacked."""

    def declare(topology: Topology) -> None:
        declare_exchanges(topology)
        topology.queue(f"late.{event_type.name}")
        topology.bind(f"late.{event_type.name}", EXCHANGE, event_type.name)

    publisher = ConfirmingPublisher(Address(both.amqp_uri), "test", declare=declare)
    publisher.open(5)
    publisher.close()


def levels(lines: Sequence[Mapping[str, Any]]) -> list[str]:
    return [line["log_level"] for line in lines if line["event"] == "event.unrouted"]


class relay:  # noqa: N801 - reads as a function
    """A relay of the telling service outside any process of it."""

    def __init__(self, both: Services, *, again_seconds: float = 0, **how: Any) -> None:
        self._publisher = ConfirmingPublisher(Address(both.amqp_uri), "test", declare=declare_exchanges)
        self._relay = Relay(both.telling, self._publisher, Signer(both.keys["sample"].private), again_seconds=again_seconds, **how)

    def __enter__(self) -> Relay:
        self._publisher.open(5)
        return self._relay

    def __exit__(self, *_: object) -> None:
        self._publisher.close()


def test_ids_of_events_are_their_own(both: Services) -> None:
    note_id = both.tell("Hello")
    with both.telling.operating() as connection:
        (event,) = Outbox(connection).unsent()
    assert event.subject == note_id
    assert isinstance(event.id, UUID)
    assert event.id != note_id
