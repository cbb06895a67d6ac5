"""A process is killed in the middle of erasing a family: the erasure is finished when it is back, and nothing of the family is left."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest
from psycopg2 import extensions

from stayplay.journey import until
from stayplay.roster import PACKAGES, store
from tests.support.planted import Planted, places_of
from tests.support.platform import Platform

pytestmark = pytest.mark.timeout(300)
"""Whichever test comes first waits until five processes have started, beside whatever else the machine does."""
SERVICES = ("referrals", "assessments", "outreach")
"""Those that have something of a family that was just taken on: each is killed once."""


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def family(platform: Platform, service: str) -> Planted:
    """A family that was taken on, and of which every service has something."""
    family = Planted(platform, f"zqkill{service}")
    family.set_up()
    family.take_on()
    return family


def test_a_process_that_is_killed_while_it_erases_finishes_when_it_is_back(platform: Platform, family: Planted, service: str) -> None:
    before = left_of(platform, family)
    assert {place.split(".")[0] for place in before} >= set(SERVICES)
    with its_trail_kept_busy(platform, service, family):
        erasure = family.erase()
        until("the service is in the middle of it", lambda: waits(platform, service))
        platform.kill(service)
    platform.start(service)
    done = family.until_erased(erasure["id"])
    assert [one["state"] for one in done["services"]] == ["done"] * len(PACKAGES)
    assert counts_of(done, service)["audit"] >= 1, "the trail was not erased by what was cut short"
    until("nothing is left", lambda: not left_of(platform, family))


def left_of(platform: Platform, family: Planted) -> list[str]:
    """Return every column of every table in which a word of the family stands."""
    return places_of(family.mark, platform.env["POSTGRES_ADMIN_URL"], {name: store(name).database for name in PACKAGES})


def counts_of(erasure: dict[str, Any], service: str) -> dict[str, int]:
    """Return how many rows of each table one service erased, as it said."""
    found: dict[str, int] = next(one["counts"] for one in erasure["services"] if one["service"] == service)
    return found


@contextmanager
def its_trail_kept_busy(platform: Platform, service: str, family: Planted) -> Iterator[None]:
    """Let the details of what was done with the family be locked: whoever erases them waits, its own rows changed and not committed."""
    with administering(platform, service) as cursor:
        cursor.execute("SELECT id FROM audit WHERE family_id = %s FOR UPDATE", (family.seen["family_id"],))
        assert cursor.fetchall(), json.dumps(family.seen["family_id"])
        yield


def waits(platform: Platform, service: str) -> bool:
    """Tell whether somebody waits to erase details of the trail."""
    with administering(platform, service) as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ILIKE %s",
            ("%UPDATE audit%",),
        )
        (number,) = cursor.fetchone() or (0,)
        return bool(number)


@contextmanager
def administering(platform: Platform, service: str) -> Iterator[extensions.cursor]:
    """Look into a database as its administrator, and change nothing."""
    connection = psycopg2.connect(extensions.make_dsn(platform.env["POSTGRES_ADMIN_URL"], dbname=store(service).database))
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.rollback()
        connection.close()
