"""A long trail is paged through without gap or repeat, and each way to narrow it down goes by an index."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg2
import pytest

from chassis.auditing.repository import Entries
from chassis.caller import Caller
from chassis.database import Database
from tests.support.database import Prepared
from tests.support.people import note_keeper, working

MANY = 20_000
FILL = """
    INSERT INTO audit (borough_id, id, at, person_id, person_name, agency, operation, kind, family_id, subject_id, facts, correlation_id,
                       number, hash, reason)
    SELECT %(borough)s, gen_random_uuid(), now() - n * interval '1 minute', md5((n %% 50)::text)::uuid, 'Ruth Osei', 'CAMHS',
           CASE WHEN n %% 5000 = 0 THEN 'sample.rare' ELSE 'sample.get_note' END, CASE WHEN n %% 10 = 0 THEN 'change' ELSE 'read' END,
           md5((n %% 400)::text)::uuid, CASE WHEN n %% 100 = 0 THEN md5((n %% 400)::text)::uuid END, '{}', 'x', n, '',
           CASE WHEN n %% 500 = 0 THEN 'They asked' END
    FROM generate_series(1, %(many)s) n
"""
ONE = UUID("c4ca4238-a0b9-2382-0dcc-509a6f75849b")
"""Of the person, the family and the thing that number 1 stands for."""


@pytest.fixture(scope="module")
def long(sample: Prepared) -> Caller:
    """Somebody of a borough with a long trail, written past the trigger: this is not about the chain."""
    caller = note_keeper()
    with psycopg2.connect(sample.admin_url) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(FILL, {"borough": str(caller.borough_id), "many": MANY})
        cursor.execute("ANALYZE audit")
    connection.close()
    return caller


def pages(database: Database, caller: Caller, limit: int, **wanted: Any) -> Iterator[list[int]]:
    """Yield the numbers of the entries on each page."""
    after = None
    while True:
        with working(database, caller) as work:
            page = Entries(work).page(after, limit, **wanted)
        yield [entry.number for entry in page.items]
        after = page.next
        if after is None:
            return


def test_every_entry_is_on_one_page(database: Database, long: Caller) -> None:
    numbers = [number for page in pages(database, long, 500) for number in page]
    assert numbers[-MANY:] == list(range(1, MANY + 1))


def test_what_is_rare_is_found_from_end_to_end(database: Database, long: Caller) -> None:
    assert [number for page in pages(database, long, 2, operation="sample.rare") for number in page] == [5000, 10000, 15000, 20000]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ({}, "ix_audit_at"),
        ({"kind": "change"}, "ix_audit_at"),
        ({"person_id": ONE}, "ix_audit_person"),
        ({"family_id": ONE}, "ix_audit_family"),
        ({"subject_id": ONE}, "ix_audit_subject"),
        ({"operation": "sample.rare"}, "ix_audit_operation"),
        ({"kind": "security"}, "ix_audit_security"),
        ({"reason": "nobody wrote this"}, "ix_audit_reason"),
        ({"reason": "nobody wrote this", "hidden_reasons": True, "untold": ["clinical"]}, "ix_audit_reason"),
    ],
    ids=str,
)
@pytest.mark.parametrize("further", [False, True], ids=["first page", "a further page"])
def test_each_way_to_narrow_it_down_goes_by_its_index(
    database: Database, long: Caller, wanted: dict[str, Any], index: str, *, further: bool
) -> None:
    with working(database, long) as work:
        after = Entries(work).page(None, 100).next if further else None
        statement = Entries(work).statement(after, 25, **wanted).compile(compile_kwargs={"literal_binds": True})
        plan = "\n".join(line for (line,) in work.session.connection().exec_driver_sql(f"EXPLAIN {statement}".replace("%", "%%")))
    assert index in plan, plan
    assert "Seq Scan" not in plan, plan
    assert "Sort" not in plan, plan
