"""Guessing gets slower and slower."""

import pytest

from gateway.people.throttle import FREE, LONGEST_SECONDS, seconds_to_wait


@pytest.mark.parametrize("failures", range(FREE))
def test_a_few_slips_of_the_finger_cost_nothing(failures: int) -> None:
    assert seconds_to_wait(failures, FREE) == 0


def test_each_failure_after_them_doubles_the_wait() -> None:
    waits = [seconds_to_wait(FREE + more, FREE) for more in range(6)]
    assert waits == [1, 2, 4, 8, 16, 32]


@pytest.mark.parametrize("failures", [20, 1_000, 2**31])
def test_nobody_is_locked_out_for_ever(failures: int) -> None:
    assert seconds_to_wait(failures, FREE) == LONGEST_SECONDS
