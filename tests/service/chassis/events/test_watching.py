"""What operators can watch of events: counts, gauges and log lines; and that the machinery outlives trouble."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import eventlet
import psycopg2
import pytest
import structlog
from kombu.connection import Connection
from prometheus_client import REGISTRY
from sqlalchemy import text

from chassis.broker import BrokerUnavailable
from chassis.contract import EventType
from chassis.database import open_work
from chassis.database.tables import inbox, outbox
from chassis.events import EventRelay, declare_queues, handlers_of
from chassis.events.hub import work_of
from chassis.events.retries import Retries
from chassis.signing import Signer
from tests.support.events import Services, hub_of, running, until
from tests.support.listening_service.service import ListeningService, TellingService
from tests.support.ports import free_port
from tests.support.sample_service.contract import NoteAdded
from tests.support.sample_service.repository import Work

NOTE_HIDDEN = EventType("sample.note.hidden", NoteAdded)


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def fail(_work: object, _event: object) -> None:
    raise ValueError("Finn Doyle can't be found")


def test_what_was_sent_and_handled_is_counted(both: Services) -> None:
    sent = counted("stayplay_events_published_total", type="sample.note.added", outcome="ok")
    handled = counted("stayplay_event_handled_seconds_count", handler="listening.write_down", outcome="ok")
    lagged = counted("stayplay_event_lag_seconds_count", handler="listening.write_down")
    with both.running():
        both.tell("Count me")
        until(both.heard)
    assert counted("stayplay_events_published_total", type="sample.note.added", outcome="ok") == sent + 1
    assert counted("stayplay_event_handled_seconds_count", handler="listening.write_down", outcome="ok") == handled + 1
    assert counted("stayplay_event_lag_seconds_count", handler="listening.write_down") == lagged + 1


def test_what_nobody_asked_for_is_counted_each_time_and_logged_aloud_once(both: Services) -> None:
    before = counted("stayplay_events_published_total", type=NOTE_HIDDEN.name, outcome="unrouted")
    with structlog.testing.capture_logs() as lines, both.running():
        for _ in range(3):
            with open_work(Work, both.telling, both.caller, "sample.write") as work:
                work.publish(NOTE_HIDDEN(uuid4(), 1, words="Hello"))
        until(lambda: both.count(outbox, "sample", sent_at=None) == 0)
    assert counted("stayplay_events_published_total", type=NOTE_HIDDEN.name, outcome="unrouted") == before + 3
    aloud = [line for line in lines if line["event"] == "event.unrouted" and line["log_level"] != "debug"]
    assert [line["type"] for line in aloud] == [NOTE_HIDDEN.name]


def test_what_is_refused_is_counted_by_its_fault(both: Services) -> None:
    before = counted("stayplay_events_refused_total", handler="listening.copy", fault="unverified")
    with both.running(ListeningService):
        both.publish(both.envelope().sealed(Signer(both.keys["listening"].private)))
        until(lambda: counted("stayplay_events_refused_total", handler="listening.copy", fault="unverified") == before + 1)


def test_a_failure_is_logged_with_the_reference_that_its_inbox_row_keeps(both: Services) -> None:
    ListeningService.trouble = staticmethod(fail)
    with structlog.testing.capture_logs() as lines, both.running():
        both.tell("Hopeless")
        until(lambda: both.count(inbox, state="dead"))
    with both.listening.operating() as connection:
        kept = connection.execute(text("SELECT error_reference FROM inbox WHERE state = 'dead'")).scalar_one()
    failures = [line for line in lines if line["event"] == "event.failed"]
    assert [line["log_level"] for line in failures] == ["warning"] * 3
    assert failures[-1]["reference"] == kept
    (given_up,) = [line for line in lines if line["event"] == "event.dead"]
    assert given_up["log_level"] == "error"
    assert given_up["attempts"] == 3


def test_log_lines_hold_nothing_of_what_was_told(both: Services, capfd: pytest.CaptureFixture[str]) -> None:
    ListeningService.trouble = staticmethod(fail)
    with both.running():
        both.tell("Sinead is worried about Finn")
        until(lambda: both.count(inbox, state="dead"))
    told = capfd.readouterr()
    assert "event.failed" in told.out + told.err
    assert "Finn" not in told.out + told.err


def test_what_waits_and_what_failed_shows_on_the_gauges(both: Services) -> None:
    ListeningService.trouble = staticmethod(fail)
    with both.running():
        both.tell("Hopeless")
        until(lambda: both.count(inbox, state="dead"))
    look_out(both).measure()
    assert counted("stayplay_inbox_parked", service="listening", state="dead") == 1
    assert counted("stayplay_inbox_parked", service="listening", state="retrying") == 0
    assert counted("stayplay_outbox_waiting", service="listening") == 0


def test_the_look_out_throws_away_what_is_done_with_for_long(both: Services) -> None:
    with both.running():
        both.tell("Long ago")
        until(lambda: both.count(inbox, state="handled") == 2)
    with both.listening.operating() as connection:
        connection.execute(text("UPDATE inbox SET at = now() - interval '31 days'"))
    look_out(both).prune()
    assert both.count(inbox) == 0


def look_out(both: Services) -> Retries:
    handlers = {handler.name: handler for handler in handlers_of(ListeningService)}
    return Retries(both.listening, handlers, lambda _handler, _envelope: pytest.fail("nothing is due"))


def test_a_commit_wakes_the_relay_so_that_nobody_waits_for_its_poll(both: Services) -> None:
    with both.running() as containers:
        both.tell("Warm")
        until(both.heard)
        database = work_of(containers[1]).opened
        eventlet.sleep(0.05)
        began = time.monotonic()
        with open_work(Work, database, both.caller, "sample.write") as work:
            work.publish(NOTE_HIDDEN(uuid4(), 1, words="Hello"))
        until(lambda: both.count(outbox, "sample", sent_at=None) == 0)
        assert time.monotonic() - began < 0.9


def test_the_relay_outlives_an_absence_of_its_database(both: Services) -> None:
    with both.running():
        both.tell("Before")
        until(both.heard)
        with away(both, "sample"):
            eventlet.sleep(1.5)
        both.tell("After")
        until(lambda: len(both.heard()) == 2)


def test_the_look_out_outlives_an_absence_of_its_database(both: Services) -> None:
    attempts: list[bool] = []

    def fail_once(_work: object, _event: object) -> None:
        attempts.append(True)
        if len(attempts) == 1:
            raise ValueError

    ListeningService.trouble = staticmethod(fail_once)
    with both.running(event_retry_seconds=(1.0,)):
        both.tell("Retried after the absence")
        until(lambda: both.count(inbox, state="retrying"))
        with away(both, "listening"):
            eventlet.sleep(1.5)
        until(both.heard, within=20)


@contextmanager
def away(both: Services, service: str) -> Iterator[None]:
    """Let nobody into a service's database."""
    prepared = both.stores[service]
    name = prepared.store.database
    server = psycopg2.connect(prepared.admin_url.replace(f"/{name}", "/postgres"))
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        try:
            yield
        finally:
            cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    server.close()


def test_a_hub_is_usable_while_its_connections_are_up(both: Services) -> None:
    with running(TellingService, both.settings("sample")) as container:
        assert hub_of(container).usable
    assert not hub_of(container).usable


def test_a_service_without_a_database_is_told_what_it_lacks(both: Services) -> None:
    class Forgetful:
        name = "sample"
        events = EventRelay()

    with pytest.raises(LookupError, match="sample needs a line like: work = WorkProvider"), running(Forgetful, both.settings("sample")):
        pass


def test_declaring_again_changes_nothing(both: Services) -> None:
    assert declare_queues(both.amqp_uri, [ListeningService]) == declare_queues(both.amqp_uri, [ListeningService]) == 4


def test_a_broker_that_is_not_there_can_t_be_declared_to() -> None:
    with pytest.raises(BrokerUnavailable, match="could not be declared"):
        declare_queues(f"amqp://guest:guest@127.0.0.1:{free_port()}//", [ListeningService])


def test_a_queue_that_is_there_with_other_arguments_is_said_to_be_in_the_way(both: Services, broker: str) -> None:
    if not broker.startswith("amqp"):
        pytest.skip("the in-process broker takes any arguments")

    class Odd:
        name = "odd"
        hear: Any = ListeningService.copy

    with Connection(broker) as connection:  # type: ignore[no-untyped-call]  # kombu is half typed
        connection.channel().queue_declare("events.odd.hear", durable=True, auto_delete=False)
        with pytest.raises(BrokerUnavailable, match="PreconditionFailed"):
            declare_queues(broker, [Odd])
        connection.channel().queue_delete("events.odd.hear")
