"""Work ends when nobody waits for it any more."""

import time

import eventlet
import pytest

from chassis.rpc.deadline import Deadline, DeadlinePassed


def test_work_is_interrupted_at_its_deadline() -> None:
    began = time.monotonic()
    with pytest.raises(DeadlinePassed), Deadline(began + 0.05):
        eventlet.sleep(5)
    assert time.monotonic() - began < 1


def test_work_whose_time_is_up_does_not_begin() -> None:
    with pytest.raises(DeadlinePassed), Deadline(time.monotonic() - 1):
        pytest.fail("it began")


def test_work_without_a_deadline_has_the_hard_limit() -> None:
    with pytest.raises(DeadlinePassed), Deadline(None, limit=0.05):
        eventlet.sleep(5)


def test_a_far_deadline_does_not_go_past_the_hard_limit() -> None:
    with pytest.raises(DeadlinePassed), Deadline(time.monotonic() + 3600, limit=0.05):
        eventlet.sleep(5)


def test_nothing_is_interrupted_after_the_end() -> None:
    with Deadline(time.monotonic() + 0.05):
        pass
    eventlet.sleep(0.1)


def test_a_commit_that_has_begun_is_not_interrupted() -> None:
    with Deadline(time.monotonic() + 0.05) as deadline:
        deadline.lift()
        eventlet.sleep(0.1)


def test_a_handler_that_catches_every_exception_does_not_catch_it() -> None:
    def handler() -> None:
        try:
            eventlet.sleep(5)
        except Exception:
            pytest.fail("it was caught")

    with pytest.raises(DeadlinePassed), Deadline(time.monotonic() + 0.05):
        handler()
