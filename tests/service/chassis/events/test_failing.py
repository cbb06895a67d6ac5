"""A handler that fails is tried again, later and later; what fails for good waits for a person."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import eventlet
import psycopg2
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from chassis.caller import Caller
from chassis.contract import ReceivedEvent
from chassis.database import open_work
from chassis.database.tables import inbox
from chassis.events.repository import Inbox, Parked
from chassis.signing import Signer
from tests.support.events import Services, until
from tests.support.listening_service.repository import Work
from tests.support.listening_service.service import ListeningService
from tests.support.people import note_keeper


class Troubled:
    """Fails so many times, then no more; counts."""

    def __init__(self, times: int, trouble: Callable[[], None]) -> None:
        self.times = times
        self.attempts = 0
        self.moments: list[float] = []
        self._trouble = trouble
        ListeningService.trouble = staticmethod(self)

    def __call__(self, _work: Work, _event: ReceivedEvent) -> None:
        self.attempts += 1
        self.moments.append(datetime.now(UTC).timestamp())
        if self.attempts <= self.times:
            self._trouble()


def fail() -> None:
    raise ValueError("Finn Doyle can't be found")


def parked(both: Services, state: str = "") -> list[Parked]:
    with both.listening.operating() as connection:
        return Inbox(connection).parked(state, both.caller.borough_id)


def test_a_handler_that_fails_twice_succeeds_the_third_time(both: Services) -> None:
    troubled = Troubled(2, fail)
    with both.running():
        both.tell("Third time lucky")
        until(both.heard)
    assert troubled.attempts == 3
    assert both.heard() == ["Third time lucky"]
    assert parked(both) == []


def test_the_pauses_between_attempts_grow(both: Services) -> None:
    troubled = Troubled(2, fail)
    with both.running(event_retry_seconds=(0.3, 1.0)):
        both.tell("Later")
        until(both.heard)
    first, second, third = troubled.moments
    assert second - first >= 0.3
    assert third - second >= 1.0


def test_what_a_failed_attempt_did_is_undone(both: Services) -> None:
    Troubled(99, fail)
    with both.running():
        both.tell("Undone")
        until(lambda: parked(both, "retrying") or parked(both, "dead"))
    assert both.heard() == []


def test_a_handler_that_fails_for_ever_gives_up_and_keeps_the_event(both: Services) -> None:
    troubled = Troubled(99, fail)
    with both.running():
        both.tell("Hopeless")
        (dead,) = until(lambda: parked(both, "dead"))
    assert troubled.attempts == dead.attempts == 3
    assert dead.handler == "listening.write_down"
    assert dead.envelope.data == {"words": "Hopeless"}
    assert dead.next_attempt_at is None


def test_a_failure_is_kept_as_its_kind_and_a_reference_without_its_text(both: Services, capsys: pytest.CaptureFixture[str]) -> None:
    Troubled(99, fail)
    with both.running():
        both.tell("Hopeless")
        (dead,) = until(lambda: parked(both, "dead"))
    kind, reference = dead.reference.split(" ")
    assert kind == "ValueError"
    assert UUID(reference).version == 7


def test_one_handler_that_fails_leaves_the_other_alone(both: Services) -> None:
    Troubled(99, fail)
    with both.running():
        both.tell("Copied all the same")
        until(lambda: both.count(inbox, handler="listening.copy", state="handled"))
        until(lambda: parked(both, "dead"))


def test_a_dead_event_can_be_replayed(both: Services) -> None:
    troubled = Troubled(3, fail)
    with both.running():
        both.tell("Back to life")
        (dead,) = until(lambda: parked(both, "dead"))
        with both.listening.operating() as connection:
            assert Inbox(connection).replay(dead)
        until(both.heard)
    assert troubled.attempts == 4
    assert parked(both) == []


def test_a_replayed_event_has_as_many_attempts_as_a_new_one(both: Services) -> None:
    troubled = Troubled(99, fail)
    with both.running():
        both.tell("Again and again")
        (dead,) = until(lambda: parked(both, "dead"))
        with both.listening.operating() as connection:
            Inbox(connection).replay(dead)
        until(lambda: troubled.attempts == 6 and parked(both, "dead"))


def test_a_discarded_event_is_never_handled(both: Services) -> None:
    Troubled(3, fail)
    envelope = both.envelope("Never mind")
    body = envelope.sealed(Signer(both.keys["sample"].private))
    with both.running(ListeningService):
        both.publish(body)
        (dead,) = until(lambda: parked(both, "dead"))
        with both.listening.operating() as connection:
            assert Inbox(connection).discard(dead)
            assert not Inbox(connection).discard(dead)
            assert not Inbox(connection).replay(dead)
        both.publish(body)
        eventlet.sleep(0.3)
    assert both.heard() == []
    with both.listening.operating() as connection:
        kept = connection.execute(select(inbox.c.state, inbox.c.envelope).where(inbox.c.handler == "listening.write_down")).one()
    assert kept == ("handled", None)


def test_an_event_that_is_being_retried_is_not_begun_anew_when_it_comes_again(both: Services) -> None:
    troubled = Troubled(1, fail)
    body = both.envelope("Patience").sealed(Signer(both.keys["sample"].private))
    with both.running(ListeningService, event_retry_seconds=(0.6,)):
        both.publish(body)
        until(lambda: parked(both, "retrying"))
        both.publish(body)
        eventlet.sleep(0.2)
        assert troubled.attempts == 1
        until(both.heard)
    assert troubled.attempts == 2


def test_a_handler_that_takes_too_long_is_stopped_and_tried_again(both: Services) -> None:
    Troubled(1, lambda: eventlet.sleep(30))
    with both.running():
        both.tell("Slow")
        (slow,) = until(lambda: parked(both, "retrying"))
        assert slow.reference.startswith("HandlerTooSlow ")
        until(both.heard)


def test_a_handler_that_waits_for_the_database_too_long_is_stopped_too(both: Services) -> None:
    def wait(work: Work, _event: ReceivedEvent) -> None:
        if not waited:
            waited.append(True)
            work.session.execute(text("SELECT pg_sleep(4)"))  # goes on in the server, and holds its locks, till then

    waited: list[bool] = []
    ListeningService.trouble = staticmethod(wait)
    with both.running():
        both.tell("Slow query")
        until(lambda: parked(both, "retrying"))
        until(both.heard)


def test_an_event_whose_data_do_not_fit_the_contract_is_kept_for_the_next_release(both: Services) -> None:
    body = both.envelope(data={"words": "Hello", "shoe_size": 5}).sealed(Signer(both.keys["sample"].private))
    with both.running(ListeningService):
        both.publish(body)
        dead = until(lambda: parked(both, "dead") if len(parked(both, "dead")) == 2 else [])
    assert {one.handler for one in dead} == {"listening.write_down", "listening.copy"}


def test_an_event_of_a_borough_not_yet_heard_of_waits_until_it_is(both: Services) -> None:
    newcomer = note_keeper()
    with both.running(event_retry_seconds=(0.1, 0.2, 0.4, 0.8)):
        both.tell("Too early", caller=newcomer)
        until(lambda: both.count(inbox, borough_id=newcomer.borough_id, state="retrying") == 2)
        both.know(newcomer.borough_id)
        until(lambda: both.heard(newcomer))
    assert both.heard(newcomer) == ["Too early"]


def test_two_replicas_try_each_event_again_once(both: Services) -> None:
    troubled = Troubled(10, fail)
    with both.running(ListeningService, ListeningService):
        for number in range(10):
            both.publish(both.envelope(f"Note {number}").sealed(Signer(both.keys["sample"].private)))
        until(lambda: len(both.heard()) == 10)
    assert troubled.attempts == 20


def test_an_event_that_a_dead_process_was_retrying_is_tried_again_when_its_lease_is_over(both: Services) -> None:
    Troubled(1, fail)
    with both.running(ListeningService, event_retry_seconds=(60.0,)):
        both.publish(both.envelope("Left behind").sealed(Signer(both.keys["sample"].private)))
        until(lambda: parked(both, "retrying"))
    with both.listening.operating() as connection:
        connection.execute(inbox.update().where(inbox.c.state == "retrying").values(next_attempt_at=text("clock_timestamp()")))
        assert len(Inbox(connection).due(["listening.write_down"], 10, lease_seconds=0.5)) == 1
    with both.running(ListeningService):
        until(both.heard)


def test_while_the_database_is_away_the_event_stays_at_the_broker(both: Services) -> None:
    with both.running():
        with away(both):
            both.tell("Patience")
            eventlet.sleep(1)
        until(both.heard, within=20)
        until(lambda: both.count(inbox, state="handled") == 2, within=20)
    assert both.heard() == ["Patience"]
    assert parked(both) == []


@contextmanager
def away(both: Services) -> Iterator[None]:
    """Let nobody into the listening service's database."""
    prepared = both.stores["listening"]
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


def test_handled_events_go_after_thirty_days_and_failed_ones_stay(both: Services) -> None:
    with open_work(Work, both.listening, Caller.service("listening", both.caller.borough_id)) as work:
        for state in ("handled", "retrying", "dead"):
            document = None if state == "handled" else both.envelope().document()
            work.session.execute(
                inbox.insert().values(
                    borough_id=both.caller.borough_id,
                    handler=state,
                    event_id=uuid4(),
                    state=state,
                    envelope=document,
                    at=text("now() - interval '31 days'"),
                )
            )
    with both.listening.operating() as connection:
        assert Inbox(connection).prune(30) == 1
    assert {one.handler for one in parked(both)} == {"retrying", "dead"}


def test_the_application_s_role_sees_only_its_borough_s_inbox(both: Services) -> None:
    Troubled(99, fail)
    with both.running():
        both.tell("Confidential")
        until(lambda: parked(both, "dead"))
    with open_work(Work, both.listening, Caller.service("listening", uuid4())) as work:
        assert work.session.execute(select(inbox)).all() == []


def test_a_violated_constraint_is_a_failure_like_any_other(both: Services) -> None:
    def violate(work: Work, _event: ReceivedEvent) -> None:
        work.session.execute(text("INSERT INTO heard (borough_id) VALUES (:borough)"), {"borough": work.borough_id})

    ListeningService.trouble = staticmethod(violate)
    with both.running():
        both.tell("Violates")
        (dead,) = until(lambda: parked(both, "dead"))
    assert dead.reference.startswith(IntegrityError.__name__)
