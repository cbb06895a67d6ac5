"""PostgreSQL under eventlet: one green thread's wait must never be everybody's."""

import time
from itertools import pairwise

import eventlet
import eventlet.patcher
import pytest
from sqlalchemy import text

from chassis.caller import Caller
from chassis.database import Database
from chassis.database.lean import LeanConnection
from tests.support.database import Prepared
from tests.support.people import working
from tests.support.sample_service.models import Note

pytestmark = pytest.mark.skipif(
    not eventlet.patcher.is_monkey_patched("psycopg"), reason="these tests need the process patched, as a service's is"
)


@pytest.fixture
def wide(sample: Prepared) -> Database:
    return sample.open(pool_size=20)


def sleep(database: Database, seconds: float) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": seconds})


def test_twenty_waits_at_once_take_the_time_of_one_while_the_loop_goes_on(wide: Database) -> None:
    ticks = [time.monotonic()]

    def tick() -> None:
        while True:
            eventlet.sleep(0.01)
            ticks.append(time.monotonic())

    ticker = eventlet.spawn(tick)
    start = time.monotonic()
    sleepers = [eventlet.spawn(sleep, wide, 0.5) for _ in range(20)]
    for sleeper in sleepers:
        sleeper.wait()
    took = time.monotonic() - start
    ticker.kill()
    wide.close()
    longest = max(later - earlier for earlier, later in pairwise(ticks))
    assert took < 2
    assert len(ticks) > 20
    assert longest < 0.4


def test_work_that_is_killed_half_way_leaves_neither_rows_nor_a_broken_connection(sample: Prepared, southwark: Caller) -> None:
    database = sample.open(pool_size=1)

    def never_ends() -> None:
        with working(database, southwark) as work:
            work.notes.add(Note(words="Half done"))
            work.session.flush()
            work.session.connection().execute(text("SELECT pg_sleep(30)"))

    worker = eventlet.spawn(never_ends)
    eventlet.sleep(0.2)
    worker.kill()
    with working(database, southwark) as work:
        assert work.notes.all(work.notes.rows()) == []
    database.close()


def test_work_that_runs_into_its_deadline_gives_the_connection_back(sample: Prepared, southwark: Caller) -> None:
    database = sample.open(pool_size=1)
    with pytest.raises(eventlet.Timeout), eventlet.Timeout(0.2), working(database, southwark) as work:
        work.session.connection().execute(text("SELECT pg_sleep(30)"))
    with working(database, southwark) as work:
        driver = work.session.lean()
        assert isinstance(driver, LeanConnection)
        assert work.session.connection().execute(text("SELECT 1")).scalar() == 1
    database.close()
