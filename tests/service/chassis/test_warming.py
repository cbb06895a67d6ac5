"""What is slow the first time is done beside the start."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import eventlet
import eventlet.patcher
import pytest

from chassis import clock
from chassis.container import Container
from chassis.warming import WarmUp
from services.outreach.models import working_days
from services.outreach.service import OutreachService
from services.sessions.models import calendar
from services.sessions.service import SessionsService
from tests.support.desk import until

pytestmark = pytest.mark.skipif(
    not eventlet.patcher.is_monkey_patched("thread"), reason="these tests need the process patched, as a service's is"
)
really_sleep = eventlet.patcher.original("time").sleep
done: list[str] = []


def slow() -> None:
    """Keep the processor's thread for half a second, as an import does."""
    really_sleep(0.5)
    done.append("slow")


def failing() -> None:
    """Fail."""
    raise LookupError("no such calendar")


class WarmService:
    """Has something slow to do at its start."""

    name = "warm"
    warm = WarmUp(slow)


class FailingService:
    """Can't do what it has to do at its start."""

    name = "failing"
    warm = WarmUp(failing)


@contextmanager
def started(service: type[Any]) -> Iterator[Container]:
    container = Container(service, {"max_workers": 2})
    container.start()
    try:
        yield container
    finally:
        container.stop()


def test_neither_the_start_nor_the_loop_waits_for_it() -> None:
    done.clear()
    begun = time.monotonic()
    with started(WarmService):
        assert time.monotonic() - begun < 0.4
        ticks = 0
        while not done:
            eventlet.sleep(0.01)
            ticks += 1
    assert ticks > 5


def test_it_is_done_once() -> None:
    done.clear()
    with started(WarmService):
        until(lambda: done)
        eventlet.sleep(0.6)
    assert done == ["slow"]


def test_a_service_that_can_not_do_it_ends_and_says_why() -> None:
    container = Container(FailingService, {"max_workers": 2})
    container.start()
    with pytest.raises(LookupError, match="no such calendar"):
        container.wait()


@pytest.mark.parametrize(("service", "load"), [(SessionsService, calendar.load_holidays), (OutreachService, working_days.load_holidays)])
def test_both_services_that_count_days_load_the_bank_holidays_at_their_start(service: Any, load: object) -> None:
    assert [one.what for one in vars(service).values() if isinstance(one, WarmUp)] == [load]


def test_once_loaded_a_day_is_looked_up_at_once() -> None:
    calendar.load_holidays()
    working_days.load_holidays()
    assert "holidays" in sys.modules
    begun = time.monotonic()
    for _ in range(1000):
        calendar.bank_holiday(clock.today())
        working_days.is_working_day(clock.today())
    assert time.monotonic() - begun < 0.25
