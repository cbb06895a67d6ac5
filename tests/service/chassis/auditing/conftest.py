"""A chain of a few entries in a borough of its own."""

from collections.abc import Callable

import pytest

from chassis.caller import Caller
from chassis.database import Database
from chassis.database.tenants import Borough, keep_borough
from chassis.signing import new_pair
from tests.support.database import Prepared
from tests.support.people import note_keeper, working
from tests.support.trails import Trail


@pytest.fixture
def new_trail(sample: Prepared, database: Database) -> Callable[[], Trail]:
    def begin() -> Trail:
        caller = note_keeper(roles=("practitioner",), address="192.0.2.7")
        with working(database, Caller.service("sample", caller.borough_id), "") as work:
            keep_borough(work, Borough(caller.borough_id, f"b-{caller.borough_id}", "Southwark", "Little Steps", sequence=1))
        return Trail(sample, database, caller, new_pair())

    return begin


@pytest.fixture
def trail(new_trail: Callable[[], Trail]) -> Trail:
    """Five entries, sealed after the third."""
    begun = new_trail()
    begun.grow(3)
    begun.seal()
    begun.grow(2)
    return begun
