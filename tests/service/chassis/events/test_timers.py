"""A timer runs for each borough, in one process of a service, and one borough's trouble is not the others'."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import eventlet
import pytest
from eventlet.event import Event
from sqlalchemy import text

from chassis.database import Database
from chassis.database.tables import boroughs
from chassis.timers.turn import Turn
from tests.support.events import Services, running, until
from tests.support.listening_service.models import Beat
from tests.support.listening_service.repository import Work
from tests.support.listening_service.service import BeatingService
from tests.support.people import note_keeper


@pytest.fixture
def alone(both: Services) -> Services:
    """The services, in which the test's borough is the only one."""
    with both.listening.operating() as connection:
        others = connection.execute(boroughs.select().where(boroughs.c.borough_id != both.caller.borough_id)).all()
    for other in others:
        both.know(other.borough_id, suspended=True, sequence=other.sequence + 1)
    return both


def beats(both: Services) -> int:
    return len(moments(both))


def moments(both: Services) -> list[float]:
    from chassis.caller import Caller
    from chassis.database import open_work

    with open_work(Work, both.listening, Caller.service("listening", both.caller.borough_id)) as work:
        return sorted(row.created_at.timestamp() for row in work.beats.all(work.beats.rows().order_by(Beat.id)))


def meanwhile(trouble: Callable[[Work], None]) -> None:
    BeatingService.trouble = staticmethod(trouble)


def test_a_timer_runs_soon_after_the_start_and_comes_round_again(alone: Services) -> None:
    with alone.running(BeatingService):
        until(lambda: beats(alone) >= 3)


def test_a_timer_runs_as_the_service_in_each_active_borough(alone: Services) -> None:
    lambeth = note_keeper()
    suspended = note_keeper()
    alone.know(lambeth.borough_id)
    alone.know(suspended.borough_id, suspended=True)
    callers = set()
    meanwhile(lambda work: callers.add((work.borough_id, work.caller.kind, work.operation)))
    with alone.running(BeatingService):
        until(lambda: len(callers) == 2)
        eventlet.sleep(0.3)
    assert callers == {(borough_id, "service", "listening.beat") for borough_id in (alone.caller.borough_id, lambeth.borough_id)}


def test_of_two_replicas_one_runs_the_timer(alone: Services) -> None:
    with alone.running(BeatingService, BeatingService, BeatingService):
        until(lambda: beats(alone) >= 5)
    pauses = [later - earlier for earlier, later in zip(moments(alone), moments(alone)[1:], strict=False)]
    assert min(pauses) >= 0.2


def test_when_the_process_that_runs_it_stops_another_takes_over(alone: Services) -> None:
    with alone.running(BeatingService):
        second = running(BeatingService, alone.settings("listening"))
        with second:
            until(lambda: beats(alone) >= 2)
    done = beats(alone)
    with alone.running(BeatingService):
        until(lambda: beats(alone) >= done + 2)


def test_when_the_process_that_runs_it_loses_its_connection_another_takes_over(alone: Services) -> None:
    with alone.running(BeatingService, BeatingService):
        until(lambda: beats(alone) >= 2)
        with alone.listening.operating() as connection:
            locked = text(
                "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = "
                "(SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            (holder,) = connection.execute(locked).scalars()
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": holder})
        done = beats(alone)
        until(lambda: beats(alone) >= done + 2)


def test_trouble_in_one_borough_leaves_the_others_alone_and_undoes_what_was_done_in_it(alone: Services) -> None:
    lambeth = replace(alone, caller=note_keeper())
    alone.know(lambeth.caller.borough_id)

    def fail_in_lambeth(work: Work) -> None:
        if work.borough_id == lambeth.caller.borough_id:
            raise ValueError("not today")

    meanwhile(fail_in_lambeth)
    with alone.running(BeatingService):
        until(lambda: beats(alone) >= 3)
    assert beats(lambeth) == 0


def test_a_borough_that_takes_too_long_is_left(alone: Services) -> None:
    slow = replace(alone, caller=note_keeper())
    alone.know(slow.caller.borough_id, slug="a-slow-one")
    meanwhile(lambda work: eventlet.sleep(30) if work.borough_id == slow.caller.borough_id else None)
    with alone.running(BeatingService):
        until(lambda: beats(alone) >= 2)
    assert beats(slow) == 0


@pytest.fixture
def held() -> Iterator[dict[str, Event]]:
    gates = {"begun": Event(), "go on": Event()}

    def hold(_work: Work) -> None:
        if not gates["begun"].ready():
            gates["begun"].send()
        gates["go on"].wait()

    meanwhile(hold)
    yield gates
    if not gates["go on"].ready():
        gates["go on"].send()


def test_a_stop_waits_for_the_borough_in_hand(alone: Services, held: dict[str, Event]) -> None:
    with running(BeatingService, alone.settings("listening")) as container:
        held["begun"].wait()
        stopping = eventlet.spawn(container.stop)
        eventlet.sleep(0.2)
        assert not stopping.dead
        held["go on"].send()
        stopping.wait()
    assert beats(alone) == 1


def test_a_turn_is_one_process_s_until_it_gives_it_up(both: Services) -> None:
    first, second = turns(both.listening)
    assert first.mine()
    assert not second.mine()
    assert first.mine()
    first.give_up()
    assert second.mine()
    assert not first.mine()
    second.give_up()


def test_turns_at_different_things_do_not_meet(both: Services) -> None:
    one = Turn(both.listening.operator_engine, "timers of one")
    other = Turn(both.listening.operator_engine, "timers of another")
    assert one.mine()
    assert other.mine()
    one.give_up()
    other.give_up()


def test_a_turn_does_not_cost_the_pool_a_connection(both: Services) -> None:
    turn = Turn(both.listening.operator_engine, "something")
    assert turn.mine()
    with both.listening.operating(), both.listening.operating(), both.listening.operating():
        assert turn.mine()
    turn.give_up()


def turns(database: Database) -> tuple[Turn, Turn]:
    return Turn(database.operator_engine, "the same"), Turn(database.operator_engine, "the same")
