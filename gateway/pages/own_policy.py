"""What the borough's policy says to the pages of its people."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chassis import clock
from chassis.working_days import working_days_after
from gateway.access import current
from gateway.contract import whole_policy


def own_policy() -> dict[str, Any]:
    """Return the policy in force in the borough of the address, typed and complete."""
    return whole_policy(current.borough().policy)


def waits_too_long(working_days: int) -> Callable[[datetime], bool]:
    """Return what tells of the moment something began to wait whether it has waited more working days than the policy allows."""

    def is_late(since: datetime) -> bool:
        return clock.today() > working_days_after(clock.london(since).date(), working_days)

    return is_late
