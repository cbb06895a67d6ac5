"""Who asks is found as quickly among twenty thousand members of a thousand boroughs as among three."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, event

from gateway.people.models import IDLE, hashed, real_now
from gateway.people.repository import Identity
from gateway.people.repository.visitors import VISITOR
from gateway.people.systems.repository import SYSTEM
from tests.support.crowds import as_superuser, copy, looked_at, nodes
from tests.support.gateway import Gateway, gateway_at_work
from tests.support.installation import Templates
from tests.support.systems import made

BOROUGHS, MEMBERS = 1_000, 20
ROWS = 20
"""How many rows may be looked at all in all to answer one request."""

COPIES = {
    "profiles": "jsonb_build_object('borough_id', b.id, 'id', b.id, 'slug', 'b-' || b.number, 'onboarded_with', b.number::text)",
    "agencies": "jsonb_build_object('borough_id', b.id, 'id', gen_random_uuid(), 'name', 'Agency ' || b.number)",
}


@pytest.fixture(scope="module")
def crowded(postgres_url: str) -> Iterator[Gateway]:
    with gateway_at_work(Templates(postgres_url), f"inprocess://{uuid4().hex}") as gateway:
        borough = gateway.onboard()
        made(borough, borough.administrator())
        with as_superuser(postgres_url, gateway.database) as cursor:
            fill(cursor)
        yield gateway


def fill(cursor: Any) -> None:
    """Copy what one borough has, its only member too, until there are a thousand; one person belongs to them all."""
    cursor.execute("CREATE TEMP TABLE b AS SELECT number, gen_random_uuid() AS id FROM generate_series(1, %s) AS number", (BOROUGHS,))
    cursor.execute(
        "CREATE TEMP TABLE m AS SELECT number, b.id AS borough_id, gen_random_uuid() AS person_id FROM b, generate_series(1, %s)",
        (MEMBERS,),
    )
    for table, changed in COPIES.items():
        copy(cursor, table, changed, "b")
    person = "jsonb_build_object('id', m.person_id, 'email', m.person_id || '@x.example')"
    copy(cursor, "identity.people", person, "m")
    session = "jsonb_build_object('id', gen_random_uuid(), 'person_id', m.person_id, 'token_hash', sha256(m.person_id::text::bytea))"
    copy(cursor, "identity.sign_ins", session, "m")
    member = "jsonb_build_object('borough_id', m.borough_id, 'id', gen_random_uuid(), 'person_id', m.person_id, 'agency_id', null)"
    copy(cursor, "members", member, "m")
    system = "jsonb_build_object('borough_id', m.borough_id, 'id', gen_random_uuid(), 'token_hash', sha256(m.person_id::text::bytea))"
    copy(cursor, "system_tokens", system, "m")
    everywhere = "jsonb_build_object('borough_id', b.id, 'id', gen_random_uuid(), 'agency_id', null)"
    copy(cursor, "members", everywhere, "b", "ORDER BY joined_at LIMIT 1")
    cursor.execute("ANALYZE")


@contextmanager
def of_sign_in(gateway: Gateway) -> Iterator[Any]:
    """Ask through the role of sign-in, as the gateway does."""
    with gateway.database.platform_connection() as pooled:
        connection: Any = pooled.driver_connection
        with connection.cursor() as cursor:
            yield cursor


@contextmanager
def sessions(gateway: Gateway) -> Iterator[Any]:
    """Ask as the gateway asks: with the statement prepared once."""
    with of_sign_in(gateway) as cursor:
        cursor.execute(VISITOR._replace(name="tried").preparing)
        yield cursor
        cursor.execute("DEALLOCATE tried")


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan", "auto"])
@pytest.mark.parametrize("who", ["one of twenty", "a person of every borough"])
def test_a_request_looks_at_a_handful_of_rows(crowded: Gateway, who: str, mode: str, postgres_url: str) -> None:
    with as_superuser(postgres_url, crowded.database) as cursor:
        cursor.execute(
            "SELECT s.token_hash, p.slug FROM identity.sign_ins s JOIN members m USING (person_id) JOIN profiles p USING (borough_id) "
            "WHERE p.slug = 'b-777' AND (SELECT count(*) FROM members o WHERE o.person_id = s.person_id) "
            f"{'> 900' if who.startswith('a person') else '= 1'} LIMIT 1"
        )
        token_hash, slug = cursor.fetchone()
    now = real_now()
    values = (slug, bytes(token_hash), now - timedelta(minutes=1), now - IDLE)
    asked = VISITOR._replace(name="tried").executing
    with sessions(crowded) as cursor:
        cursor.execute(f"SET plan_cache_mode = {mode}")
        for _ in range(7):
            cursor.execute(asked, values)
            assert cursor.fetchone() is not None
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {asked}", values)
        plan = cursor.fetchone()[0][0]["Plan"]
        cursor.execute("RESET plan_cache_mode")
    found = list(nodes(plan))
    read_whole = {node["Relation Name"] for node in found if node["Node Type"] == "Seq Scan" and looked_at(node) > 1}
    assert read_whole == set()
    assert sum(map(looked_at, found)) <= ROWS, json.dumps(plan, indent=1)[:3000]


def test_a_stranger_s_token_costs_no_more(crowded: Gateway) -> None:
    now = real_now()
    with sessions(crowded) as cursor:
        asked = VISITOR._replace(name="tried").executing
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {asked}", ("b-777", hashed("nobody's"), now, now - IDLE))
        plan = cursor.fetchone()[0][0]["Plan"]
    assert sum(map(looked_at, nodes(plan))) <= ROWS


def test_the_boroughs_of_a_person_are_found_by_the_person(crowded: Gateway, postgres_url: str) -> None:
    """Choosing a borough after signing in: the index on members that begins with the person."""
    with as_superuser(postgres_url, crowded.database) as cursor:
        cursor.execute("SELECT person_id FROM members GROUP BY person_id HAVING count(*) = 1 LIMIT 1")
        (person_id,) = cursor.fetchone()
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) SELECT * FROM members WHERE person_id = %s AND left_at IS NULL", (person_id,))
        plan = cursor.fetchone()[0][0]["Plan"]
    assert {node.get("Index Name") for node in nodes(plan)} & {"ix_members_person_id_borough_id"}
    assert sum(map(looked_at, nodes(plan))) <= 2


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize("whose", ["its own borough's address", "another borough's", "nobody's token"])
def test_a_system_is_found_among_twenty_thousand_by_its_token(crowded: Gateway, postgres_url: str, whose: str, mode: str) -> None:
    with as_superuser(postgres_url, crowded.database) as cursor:
        cursor.execute("SELECT t.token_hash, p.slug FROM system_tokens t JOIN profiles p USING (borough_id) WHERE p.slug = 'b-777' LIMIT 1")
        token_hash, slug = cursor.fetchone()
    values = (
        "b-778" if whose.startswith("another") else slug,
        hashed("nobody") if whose.startswith("nobody") else bytes(token_hash),
        real_now(),
    )
    with of_sign_in(crowded) as cursor:
        cursor.execute(SYSTEM._replace(name="tried").preparing)
        cursor.execute(f"SET plan_cache_mode = {mode}")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {SYSTEM._replace(name='tried').executing}", values)
        plan = cursor.fetchone()[0][0]["Plan"]
        cursor.execute("RESET plan_cache_mode")
        cursor.execute("DEALLOCATE tried")
    assert plan["Actual Rows"] == (1 if whose.startswith("its own") else 0)
    assert sum(map(looked_at, nodes(plan))) <= 3, json.dumps(plan, indent=1)[:3000]


ACROSS: dict[str, tuple[Callable[[Identity, UUID], object], int]] = {
    "the sessions of a person": (lambda identity, person_id: identity.sessions_of(person_id), 2),
    "the boroughs of a person": (lambda identity, person_id: identity.boroughs_of(person_id), 6),
    "a person by mail address": (lambda identity, person_id: identity.person(f"{person_id}@x.example"), 2),
    "where a policy is due": (lambda identity, _: identity.with_policy_due(date(2020, 1, 1)), 5),
    "a page of boroughs": (lambda identity, _: identity.boroughs(None, 25), 26),
}
"""Questions that are asked across boroughs, and how many rows may be looked at for each."""


@pytest.mark.parametrize("name", ACROSS)
def test_a_question_across_boroughs_looks_at_no_more_than_it_needs(crowded: Gateway, postgres_url: str, name: str) -> None:
    ask, most = ACROSS[name]
    with as_superuser(postgres_url, crowded.database) as cursor:
        cursor.execute("SELECT person_id FROM members GROUP BY person_id HAVING count(*) = 1 LIMIT 1")
        person_id = UUID(str(cursor.fetchone()[0]))
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        asked.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        ask(Identity(crowded.database), person_id)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    statements = [(statement, values) for statement, values in asked if " FROM " in statement.replace("\n", " ")]
    assert statements
    with of_sign_in(crowded) as cursor:
        for statement, values in statements:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values)
            plan = cursor.fetchone()[0][0]["Plan"]
            assert sum(map(looked_at, nodes(plan))) <= most, json.dumps(plan, indent=1)[:3000]
