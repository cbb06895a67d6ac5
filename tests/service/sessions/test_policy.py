"""What the borough decides for itself holds where groups are: how many families a new one takes."""

from datetime import date, time

import pytest

from chassis.ids import new_id
from services.sessions import contract
from tests.support.hall import Hall

FIRST = date(2026, 3, 3)


@pytest.mark.parametrize(("policy", "given", "places"), [({"group_capacity": 12}, None, 12), ({"group_capacity": 12}, 6, 6), ({}, None, 8)])
def test_a_group_for_which_nobody_says_a_number_has_the_boroughs(
    halls: Hall, policy: dict[str, int], given: int | None, places: int
) -> None:
    borough = halls.of(halls.desk.know(new_id(), **policy))
    venue = borough.ask(contract.ADD_VENUE, name="Albany", address=None, postcode=None)
    group = borough.ask(
        contract.ADD_GROUP, name="Albany Tuesday", venue_id=venue["id"], room=None, weekday=str(FIRST.weekday()), starts_at=time(10),
        ends_at=time(11, 30), starts_on=FIRST, capacity=given, meets_on_bank_holidays=True,
    )  # fmt: skip
    assert group["capacity"] == places
