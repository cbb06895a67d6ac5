"""Every table of every service is hidden, follows one that is, or says here why it shows also what is restricted."""

from typing import Any

import psycopg2
import pytest

from stayplay.roster import store
from tests.support.database import Prepared, prepared

BY_FAMILY = "(family_id <> ALL (ARRAY( SELECT hidden_families() AS hidden_families)))"
BY_ID = "(id <> ALL (ARRAY( SELECT hidden_families() AS hidden_families)))"


def both(one: str, other: str) -> str:
    shown = "<> ALL (ARRAY( SELECT hidden_families() AS hidden_families))"
    return f"(({one} {shown}) AND ({other} {shown}))"


def follows(parent: str, table: str, column: str) -> str:
    return f"(EXISTS ( SELECT FROM {parent} WHERE (({parent}.borough_id = {table}.borough_id) AND ({parent}.id = {table}.{column}))))"


HIDDEN = {
    "referrals": {
        "families": BY_ID,
        "parents": BY_FAMILY,
        "children": BY_FAMILY,
        "referrals": BY_FAMILY,
        "person_keys": BY_FAMILY,
        "consents": BY_FAMILY,
        "sharing_decisions": BY_FAMILY,
        "questions": follows("referrals", "questions", "referral_id"),
        **dict.fromkeys(("subject_requests", "controls", "retention_clocks", "erasures"), BY_FAMILY),
        "family_matches": both("one_id", "other_id"),
        "family_merges": both("into_id", "merged_id"),
        "packs": follows("subject_requests", "packs", "id"),
        "pack_items": follows("subject_requests", "pack_items", "pack_id"),
    },
    "assessments": {
        "families": BY_ID,
        "assessments": BY_FAMILY,
        "visits": BY_FAMILY,
        **{table: follows("assessments", table, "assessment_id") for table in ("assessment_versions", "signatures", "disagreements")},
    },
    "sessions": {"families": BY_ID},
    "outreach": {
        "families": BY_ID,
        "standings": BY_ID,
        **dict.fromkeys(("cases", "contacts", "steps", "stops"), BY_FAMILY),
    },
    "gateway": {},
}
_REGISTER = "every expected family has a mark, and every taken place counts (domain rule 5): who it is stays hidden in families"
_IDS = "which families became one, and ids of what was moved: asked before anything of either is shown"
SHOWN = {
    "referrals": {
        "family_restrictions": "says who may see a family, and is asked before anything of it is shown",
        "name_words": "words of all names of the borough together, shown to nobody: what is found by them is hidden",
        "drafts": "belongs to whoever writes it, and to no family yet: nobody else can open it, by any operation",
        "imports": "which files came, and how far they are: of no family",
        "import_rows": "rows under review are of no family yet; families that seem to be the same are masked where they are shown",
        "key_rounds": "how far a borough's families are keyed",
    },
    "assessments": {"referrals": "how far a referral has come; it names no family", "family_merges": _IDS},
    "sessions": {
        **dict.fromkeys(("places", "spells", "marks", "steps"), _REGISTER),
        **dict.fromkeys(("venues", "groups", "sessions"), "of no family"),
        "family_merges": _IDS,
        "collection_runs": "which family is collected when, for the register; no name and no address",
    },
    "outreach": {"collection_runs": "of no family: its stops are", "family_merges": _IDS},
    "gateway": {"notices": "says to the administrators who broke the glass; it names no family"},
}
CHASSIS = {"alembic_version", "answers", "audit", "audit_seals", "boroughs", "inbox", "outbox", "record_marks", "restrictions"}

_TABLES = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
_POLICIES = "SELECT tablename, qual, with_check, cmd, roles::text[] FROM pg_policies WHERE permissive = 'RESTRICTIVE' ORDER BY 1"
_OF_FAMILIES = "SELECT table_name FROM information_schema.columns WHERE column_name = 'family_id' AND table_schema = 'public'"


@pytest.fixture(scope="module", params=list(HIDDEN))
def made(request: pytest.FixtureRequest, postgres_url: str) -> Prepared:
    return prepared(store(request.param), postgres_url)


def asked(made: Prepared, statement: str) -> list[tuple[Any, ...]]:
    with psycopg2.connect(made.admin_url) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_every_table_of_a_service_is_hidden_or_says_why_not(made: Prepared) -> None:
    service = made.store.service
    told = {*HIDDEN[service], *SHOWN[service], *CHASSIS}
    tables = {name for (name,) in asked(made, _TABLES if service != "gateway" else _OF_FAMILIES)}
    assert tables - told == set()
    assert {*HIDDEN[service], *SHOWN[service]} - tables == set()


def test_what_is_hidden_is_hidden_from_reading_and_from_writing(made: Prepared) -> None:
    found = {table: (" ".join(qual.split()), " ".join(check.split()), *more) for table, qual, check, *more in asked(made, _POLICIES)}
    app = [f"{made.store.service}_app"]
    assert found == {table: (condition, condition, "ALL", app) for table, condition in HIDDEN[made.store.service].items()}


def test_the_function_that_names_hidden_families_runs_as_whoever_asks(made: Prepared) -> None:
    ((definer, stability, owner),) = asked(
        made, "SELECT prosecdef, provolatile, pg_get_userbyid(proowner) FROM pg_proc WHERE proname = 'hidden_families'"
    )
    assert (definer, stability, owner) == (False, "s", made.store.roles[0])
