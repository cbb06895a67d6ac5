"""The parts of the database code that need no database."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.database import Base, BoroughRow, metadata_of, tables, within_borough
from chassis.database.base import home_of
from chassis.database.paging import cursor_of, place_of
from chassis.database.store import Store
from chassis.errors import Invalid, Stale
from tests.support.sample_service import STORE
from tests.support.sample_service.models import Note, Remark

SORTABLE = st.one_of(
    st.datetimes(timezones=st.just(UTC)),
    st.dates(),
    st.integers(),
    st.text(),
    st.uuids(),
    st.decimals(allow_nan=False, allow_infinity=False),
)


@pytest.mark.parametrize(
    ("module", "home"),
    [
        ("services.referrals.models", "services.referrals"),
        ("services.referrals.models.family", "services.referrals"),
        ("services.referrals.repository", "services.referrals"),
        ("gateway.people.models", "gateway"),
        ("gateway.models", "gateway"),
        ("tests.support.sample_service.models", "tests.support.sample_service"),
    ],
)
def test_a_model_lives_in_the_database_of_its_package(module: str, home: str) -> None:
    assert home_of(module) == home


def test_two_services_may_have_tables_and_models_of_one_name() -> None:
    made: list[Any] = [
        type("Family", (BoroughRow, Base), {"__tablename__": "families", "__module__": f"services.{name}.models"})
        for name in ("one", "two")
    ]
    assert [model.metadata for model in made] == [metadata_of("services.one"), metadata_of("services.two")]
    assert made[0].metadata is not made[1].metadata


@pytest.mark.parametrize("table", tables.metadata.sorted_tables, ids=lambda table: table.name)
def test_every_table_of_the_chassis_is_keyed_by_borough_first(table: Any) -> None:
    assert next(iter(table.primary_key.columns)).name == "borough_id"


def test_a_row_is_keyed_by_borough_then_id() -> None:
    assert [column.name for column in Note.__table__.primary_key.columns] == ["borough_id", "id"]  # type: ignore[attr-defined]  # a Table


def test_a_foreign_key_carries_the_borough() -> None:
    (key,) = Remark.__table__.foreign_key_constraints  # type: ignore[attr-defined]  # a Table
    assert [element.target_fullname for element in key.elements] == ["notes.borough_id", "notes.id"]
    assert key.name == "fk_remarks_borough_id_note_id_notes"


def test_a_foreign_key_may_have_more_columns() -> None:
    key = within_borough(("visit_id", "number"), "visits", ("id", "number"))
    assert [element.target_fullname for element in key.elements] == ["visits.borough_id", "visits.id", "visits.number"]


def test_a_new_row_may_be_given_its_id() -> None:
    identity = uuid4()
    assert Note(id=identity, words="x").id == identity


def test_a_change_on_the_present_version_passes() -> None:
    note = Note(words="Old", version=3)
    note.change(3, "New")
    assert note.words == "New"


@pytest.mark.parametrize("version", [0, 2, 4])
def test_a_change_on_any_other_version_shows_both(version: int) -> None:
    note = Note(words="Theirs", version=3)
    with pytest.raises(Stale) as refusal:
        note.change(version, "Mine")
    assert refusal.value.facts == {"yours": {"version": version, "words": "Mine"}, "theirs": {"version": 3, "words": "Theirs"}}
    assert note.words == "Theirs"


def test_a_store_says_its_names() -> None:
    store = Store("referrals", "services.referrals")
    assert store.database == "stayplay_referrals"
    assert store.roles == ("referrals_owner", "referrals_app", "referrals_operator")
    assert Store("gateway", "gateway", identity=True).roles[-1] == "gateway_identity"


def test_a_store_finds_its_models_and_migrations() -> None:
    own, chassis = STORE.metadata()
    assert set(own.tables) == {"notes", "remarks"}
    assert set(chassis.tables) == {"outbox", "inbox", "answers", "audit", "audit_seals", "boroughs", "record_marks", "restrictions"}
    assert (STORE.migrations / "versions" / "0001_notes.py").exists()


@given(SORTABLE, st.uuids())
def test_a_cursor_leads_back_to_its_place(value: Any, identity: UUID) -> None:
    kind = type(value)
    assert place_of(cursor_of(value, identity), kind) == (value, identity)


def test_a_cursor_is_safe_in_an_address() -> None:
    cursor = cursor_of("Zoë & ünïcode / +?", uuid4())
    assert cursor.replace("-", "").replace("_", "").isalnum()


@given(st.text(max_size=60))
def test_any_nonsense_is_refused_as_a_cursor(nonsense: str) -> None:
    for kind in (datetime, date, int, UUID, Decimal):
        with pytest.raises(Invalid):
            place_of(nonsense, kind)
