"""What is slow the first time is done before a service takes its first call."""

import sys
import time
from typing import Any

import pytest
from nameko.extensions import DependencyProvider

from chassis import clock, working_days
from chassis.container import Container
from chassis.warming import WarmUp
from services.outreach.service import OutreachService
from services.sessions.models import calendar
from services.sessions.service import SessionsService

order: list[str] = []


def failing() -> None:
    """Fail."""
    raise LookupError("no such calendar")


class Taking(DependencyProvider):
    """Stands for whatever begins to take calls."""

    def start(self) -> None:
        """Begin."""
        order.append("taking")


class WarmService:
    """Has something slow to do before it takes calls."""

    name = "warm"
    taking = Taking()
    warm = WarmUp(lambda: order.append("warm"))


class FailingService:
    """Can't do what it has to do before it takes calls."""

    name = "failing"
    taking = Taking()
    warm = WarmUp(failing)


def test_it_is_done_once_and_before_anything_is_taken() -> None:
    order.clear()
    container = Container(WarmService, {"max_workers": 2})
    container.start()
    container.stop()
    assert order == ["warm", "taking"]


def test_a_service_that_can_not_do_it_does_not_start() -> None:
    order.clear()
    with pytest.raises(LookupError, match="no such calendar"):
        Container(FailingService, {"max_workers": 2}).start()
    assert order == []


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
