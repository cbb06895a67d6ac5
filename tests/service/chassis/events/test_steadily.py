"""What every process of a service does by the clock, bound to no borough."""

from collections.abc import Callable, Iterator

import eventlet
import pytest

from tests.support.events import Services, running, until
from tests.support.listening_service.service import SteadyService


@pytest.fixture(autouse=True)
def idle() -> Iterator[None]:
    yield
    doing(lambda: None)


def doing(task: Callable[[], None]) -> None:
    SteadyService.task = staticmethod(task)


def test_it_runs_soon_after_the_start_and_again(both: Services) -> None:
    done: list[int] = []
    doing(lambda: done.append(1))
    with both.running(SteadyService):
        until(lambda: len(done) >= 3)


def test_it_runs_in_every_process(both: Services) -> None:
    waiting: list[int] = []

    def wait() -> None:
        waiting.append(1)
        eventlet.sleep(0.5)

    doing(wait)
    with both.running(SteadyService), running(SteadyService, both.settings("listening")):
        until(lambda: len(waiting) == 2, within=0.5)


def test_what_goes_wrong_once_is_tried_again(both: Services) -> None:
    tried: list[int] = []

    def fail() -> None:
        tried.append(1)
        raise ConnectionError

    doing(fail)
    with both.running(SteadyService):
        until(lambda: len(tried) >= 3)


def test_it_never_runs_twice_at_once_in_one_process(both: Services) -> None:
    at_once, most = 0, 0

    def slowly() -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        eventlet.sleep(0.25)
        at_once -= 1

    doing(slowly)
    with both.running(SteadyService):
        eventlet.sleep(0.9)
    assert most == 1


def test_stopping_waits_for_what_is_in_hand(both: Services) -> None:
    begun: list[int] = []
    ended: list[int] = []

    def slowly() -> None:
        begun.append(1)
        eventlet.sleep(0.3)
        ended.append(1)

    doing(slowly)
    with both.running(SteadyService):
        until(lambda: begun)
    assert len(ended) == len(begun)
