"""What an archive holds: every table is decided upon, and so is every column that may hold a secret."""

from collections.abc import Iterator

import pytest
from sqlalchemy import LargeBinary

from chassis.archive.contents import EVIDENCE, LEFT_BEHIND
from chassis.database.store import Store
from chassis.database.tenants import keyed_by_borough
from stayplay.leaving.contents import NO_SECRET, NOT_KEYED, PARTS, STAYS, WITHHELD, Part, expected_files, left_behind
from stayplay.roster import PACKAGES, store


def with_a_borough(service: str) -> set[str]:
    """Return every table of a service in which a borough is named, apart from the platform's own schema."""
    return {
        table.name
        for metadata in store(service).metadata()
        for table in metadata.sorted_tables
        if table.schema is None and "borough_id" in table.columns
    }


@pytest.mark.parametrize("service", list(PACKAGES))
def test_every_table_that_names_a_borough_is_carried_or_stays_with_a_reason(service: str) -> None:
    carried = {one.name for one in Part(service).tables}
    stays = LEFT_BEHIND.keys() | STAYS.get(service, {}).keys() | NOT_KEYED.get(service, {}).keys()
    assert carried | stays >= with_a_borough(service)
    assert not carried & stays


def suspicious(store: Store) -> Iterator[tuple[str, str]]:
    """Yield table and column of whatever may hold a secret, by its name or because it holds bytes."""
    for metadata in store.metadata():
        for table in metadata.sorted_tables:
            for column in table.columns:
                named = any(word in column.name for word in ("hash", "secret", "token", "password", "key", "salt", "seal"))
                if keyed_by_borough(table) and (named or isinstance(column.type, LargeBinary)):
                    yield table.name, column.name


@pytest.mark.parametrize("service", list(PACKAGES))
def test_every_column_that_may_hold_a_secret_was_looked_at(service: str) -> None:
    """Fails for a new column called hash, secret, token, key ... or holding bytes: say in `stayplay.leaving.contents` what it is."""
    undecided = {
        f"{table}.{column}"
        for table, column in suspicious(store(service))
        if column not in WITHHELD.get(service, {}).get(table, {})
        and table not in STAYS.get(service, {})
        and table not in LEFT_BEHIND
        and f"{table}.{column}" not in NO_SECRET
    }
    assert undecided == set()


def test_what_is_withheld_is_there() -> None:
    for service, tables in WITHHELD.items():
        known = {table.name: table for metadata in store(service).metadata() for table in metadata.sorted_tables}
        for table, columns in tables.items():
            assert columns.keys() <= set(known[table].columns.keys()), table


def test_every_decision_is_about_a_table_that_is_there() -> None:
    for service, tables in [*STAYS.items(), *NOT_KEYED.items()]:
        assert tables.keys() <= with_a_borough(service)


def test_what_stays_behind_is_in_every_manifest_with_its_reason() -> None:
    said = {one["what"]: one["why"] for one in left_behind()}
    assert all(said.values())
    assert {
        "answers of every service",
        "gateway/system_tokens",
        "gateway/invitations, column token_hash",
        "referrals/questions, column digest",
        "people's secrets",
    } <= said.keys()


def test_rows_are_written_after_the_rows_that_they_point_to() -> None:
    for part in PARTS:
        places = {one.name: number for number, one in enumerate(part.tables)}
        for one in part.tables:
            for key in one.table.foreign_key_constraints:
                assert places[key.referred_table.name] <= places[one.name], one.name


def test_the_gateway_comes_last_for_it_lets_people_in() -> None:
    assert [part.service for part in PARTS][-1] == "gateway"


def test_the_audit_trail_is_read_in_the_order_of_its_chain() -> None:
    audit = next(one for one in Part("referrals").tables if one.name == "audit")
    assert [column.name for column in audit.order] == ["borough_id", "number"]


def test_a_referral_that_duplicates_another_is_linked_at_the_end() -> None:
    referrals = next(one for one in Part("referrals").tables if one.name == "referrals")
    assert referrals.points_to_itself == ("duplicate_of",)


def test_seals_are_in_the_archive_and_are_not_taken_in() -> None:
    for part in PARTS:
        assert {one.name for one in part.tables} - {one.name for one in part.taken_in} == EVIDENCE.keys()


def test_every_carried_table_is_a_boroughs_own() -> None:
    assert all(keyed_by_borough(one.table) for part in PARTS for one in part.every)


def test_every_file_has_a_name_that_the_manifest_allows() -> None:
    import re

    from chassis.archive.manifest import PLACE

    assert all(re.fullmatch(PLACE, name) for name in expected_files())
