"""Ten thousand families, two hundred of them restricted: what a member asks costs what it shows, and no more."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from chassis import clock
from chassis.caller import Caller
from chassis.ids import new_id
from services.referrals import contract
from services.referrals.repository import Work
from tests import factories
from tests.support.crowds import as_superuser, copy, lived, looked_at, nodes
from tests.support.desk import Desk

FAMILIES, RESTRICTED = 10_000, 200
LIMIT = 25


@pytest.fixture
def crowded(referrals: Desk, clinician: Caller, postgres_url: str) -> UUID:
    """A borough of so many families; return the id of one that can be seen."""
    received = referrals.ask(contract.REFER, clinician, **factories.referral_details())
    referrals.ask(contract.ACCEPT, clinician, referral_id=received["id"], version=1, reason="Fits")
    family_id = UUID(str(received["family_id"]))
    borough = f"WHERE borough_id = '{clinician.borough_id}' LIMIT 1"
    with as_superuser(postgres_url, referrals.databases["referrals"]) as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("CREATE TEMP TABLE f AS SELECT n, gen_random_uuid() AS id FROM generate_series(1, %s) AS n", (FAMILIES,))
        copy(cursor, "families", "jsonb_build_object('id', f.id, 'sort_name', 'name ' || to_char(f.n, 'FM00000'))", "f", borough)
        moved = "'received_at', now() - f.n * interval '1 minute', 'family_id', f.id, 'id', gen_random_uuid(), 'reference', f.n::text"
        copy(cursor, "referrals", f"jsonb_build_object({moved})", "f", borough)
        cursor.execute(
            "INSERT INTO restrictions (borough_id, family_id, sequence, in_force, access) "
            "SELECT %s, id, 1, true, '{}' FROM f WHERE n <= %s",
            (str(clinician.borough_id), RESTRICTED),
        )
        cursor.execute("ANALYZE")
    return family_id


BOARD = {"status": ["accepted"], "whose": None, "urgent": None, "late": None, "answered_late": None, "sort": "turn"}
QUERIES: dict[str, tuple[Callable[[Work, UUID], object], int]] = {
    "a page of the triage board": (lambda work, _: work.board.shown(BOARD, clock.now(), None, LIMIT), LIMIT + 1 + RESTRICTED),
    "a page of the triage board, of two statuses": (
        lambda work, _: work.board.shown({**BOARD, "status": ["accepted", "declined"]}, clock.now(), None, LIMIT),
        LIMIT + 1 + RESTRICTED,
    ),
    "a page of referrals": (
        lambda work, _: work.referrals.search(status=["accepted"], mine=None, sort="newest", after=None, limit=LIMIT),
        LIMIT + 1 + RESTRICTED,
    ),
    "a family": (lambda work, family_id: work.families.find(family_id), 10),
    "the referrals of a family": (lambda work, family_id: work.referrals.of_family(family_id), 10),
    "a family that nobody has": (lambda work, _: work.families.find(new_id()), 1),
}


def test_what_a_member_asks_looks_at_what_it_shows_and_at_what_is_hidden(referrals: Desk, clinician: Caller, crowded: UUID) -> None:
    for name, (ask, most) in QUERIES.items():
        member = replace(clinician, permissions=frozenset({""}))
        page, *_ = lived(referrals.databases["referrals"], Work, member, lambda work, ask=ask: ask(work, crowded))  # type: ignore[misc]  # a lambda has no words for its types
        found = list(nodes(page))
        assert sum(map(looked_at, found)) <= most, name
        assert {node["Actual Loops"] for node in found if node.get("Function Name") == "hidden_families"} <= {1}, "asked once a query"
        assert all(node["Node Type"] != "Seq Scan" for node in found), name


def test_none_that_is_hidden_is_counted(referrals: Desk, clinician: Caller, crowded: UUID) -> None:
    listed = referrals.ask(contract.LIST_FAMILIES, clinician, limit=LIMIT)
    assert listed["total"] == FAMILIES + 1 - RESTRICTED
    assert len(listed["items"]) == LIMIT
