"""For which children the groups are, as a parent reads it."""

import pytest

from gateway.pages.join.dates import who_for_of
from tests.support.pages import Looking


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (60, "up to 5 years old"),
        (24, "up to 2 years old"),
        (30, "up to 30 months old"),
        (12, "up to 12 months old"),
        (None, "up to 5 years old"),
    ],
)
def test_an_age_is_said_as_people_say_it_and_nobody_is_turned_away(looking: Looking, months: int | None, said: str) -> None:
    with looking("referrer", path="/southwark/join"):
        words = who_for_of({} if months is None else {"child_max_age_months": months})
    assert words == f"It is for children {said}. If yours is older, you can still ask us."
