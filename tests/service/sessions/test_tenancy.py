"""The boroughs' rows of sessions and outreach are kept apart by PostgreSQL itself, and go whole when a practice borough is erased."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time
from typing import Any
from uuid import UUID, uuid4

import psycopg2
import pytest
from psycopg2 import errors
from psycopg2.extras import register_uuid
from sqlalchemy import create_engine

from chassis.database.catalogue import faults
from chassis.database.migrate import check_migrations
from chassis.tenancy import BOROUGH_ERASED, BOROUGH_ONBOARDED
from services.outreach import contract as outreach
from services.sessions import contract as sessions
from stayplay.roster import store
from tests.support.desk import until
from tests.support.hall import FIRST, Hall, moment
from tests.support.post import envelope_of

SERVICES = ("sessions", "outreach")
TABLES = {
    "sessions": ("venues", "groups", "sessions", "places", "spells", "steps", "marks", "families", "collection_runs"),
    "outreach": ("families", "standings", "cases", "steps", "contacts", "collection_runs", "stops"),
}
OWN = [(service, table) for service in SERVICES for table in TABLES[service]]


@contextmanager
def as_app(hall: Hall, service: str, borough_id: UUID | None) -> Iterator[Any]:
    """Connect as the service's own role, with a borough set or none."""
    with psycopg2.connect(hall.desk.installed.env[f"{service.upper()}_DATABASE_URL"]) as connection, connection.cursor() as cursor:
        register_uuid(conn_or_curs=cursor)  # type: ignore[no-untyped-call]  # psycopg2 leaves it bare
        if borough_id:
            cursor.execute("SELECT set_config('app.borough_id', %s, true)", (str(borough_id),))
        yield cursor
    connection.close()


def count(hall: Hall, service: str, table: str, borough_id: UUID | None) -> int:
    """Return how many rows of a table the service's role sees."""
    with as_app(hall, service, borough_id) as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def lived_through(hall: Hall) -> dict[str, Any]:
    """Put a row into every table of both services."""
    group, family = hall.group(), hall.family()
    hall.accept(family)
    hall.start(family, group)
    session = hall.session(group)
    hall.ask(
        outreach.ARRANGE_COLLECTION, session_id=session["id"], session_starts_at=moment(FIRST, 10), group_name=group["name"],
        family_id=family["family_id"], pick_up_at=time(9, 35), driver_name="Sam Okoro",
    )  # fmt: skip
    hall.ask(outreach.LOG_CONTACT, family_id=family["family_id"], channel="text", outcome="reached")
    hall.close(group, {family["family_id"]: "did_not_come"})
    return {"group": group, "family": family}


@pytest.mark.parametrize("service", SERVICES)
def test_the_catalogue_has_no_fault(southwark: Hall, service: str) -> None:
    engine = create_engine(southwark.desk.installed.env[f"{service.upper()}_DATABASE_URL"])
    with engine.connect() as connection:
        assert faults(connection, store(service)) == []
    engine.dispose()


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_and_models_agree(southwark: Hall, service: str) -> None:
    assert check_migrations(store(service), southwark.desk.installed.env[f"{service.upper()}_OWNER_DATABASE_URL"]) == []


def test_each_borough_sees_its_own_rows_and_without_a_borough_there_are_none(southwark: Hall, lambeth: Hall) -> None:
    lived_through(southwark)
    for service, table in OWN:
        assert count(southwark, service, table, southwark.borough_id) > 0, (service, table)
        assert count(southwark, service, table, lambeth.borough_id) == 0, (service, table)
        assert count(southwark, service, table, None) == 0, (service, table)


def test_a_row_of_another_borough_is_neither_changed_nor_written(southwark: Hall, lambeth: Hall) -> None:
    lived_through(southwark)
    for service, table in OWN:
        with as_app(southwark, service, lambeth.borough_id) as cursor:
            cursor.execute(f"UPDATE {table} SET changed_at = now()")
            assert cursor.rowcount == 0, (service, table)
            cursor.execute(f"DELETE FROM {table}")
            assert cursor.rowcount == 0, (service, table)
    with pytest.raises(errors.InsufficientPrivilege), as_app(southwark, "outreach", lambeth.borough_id) as cursor:
        cursor.execute(
            "INSERT INTO standings (borough_id, id, sequence, missed, created_at, changed_at) VALUES (%s, %s, 0, 0, now(), now())",
            (southwark.borough_id, uuid4()),
        )


def test_a_row_cannot_point_into_another_borough(southwark: Hall, lambeth: Hall) -> None:
    venue_id = southwark.group()["venue_id"]
    lambeth.group()
    with pytest.raises(errors.ForeignKeyViolation), as_app(southwark, "sessions", lambeth.borough_id) as cursor:
        cursor.execute("UPDATE groups SET venue_id = %s", (venue_id,))


def test_a_practice_borough_that_is_erased_leaves_no_row(halls: Hall) -> None:
    hall, other = halls.of(uuid4()), halls.of(halls.desk.know(uuid4()))
    facts = {"slug": "practice", "name": "Practice", "programme_name": "Stay & Play", "practice": True, "suspended": False, "policy": {}}
    hall.post.deliver(hall.borough_id, BOROUGH_ONBOARDED(hall.borough_id, 1, **facts))
    lived_through(hall)
    lived_through(other)
    hall.post.send(envelope_of(hall.borough_id, BOROUGH_ERASED(hall.borough_id, 2, borough_id=hall.borough_id)))
    until(lambda: not any(count(hall, service, table, hall.borough_id) for service, table in OWN))
    for service, table in OWN:
        assert count(hall, service, table, other.borough_id) > 0, (service, table)


def test_two_boroughs_live_the_same_weeks_at_the_same_time_and_never_meet(southwark: Hall, lambeth: Hall) -> None:
    import eventlet

    threads = [eventlet.spawn(lived_through, hall) for hall in (southwark, lambeth)]
    for hall, lived in zip((southwark, lambeth), [thread.wait() for thread in threads], strict=True):
        family_id = lived["family"]["family_id"]
        assert [place["family_id"] for place in hall.ask(sessions.LIST_PLACES)["items"]] == [family_id]
        assert [line["family_id"] for line in hall.register(lived["group"])["lines"]] == [family_id]
        assert {case["family_id"] for case in hall.cases()} == {family_id}
