"""Parts of merges that need no database: what is put back, and ids in the order of time."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Date, DateTime, String, Uuid

from chassis import clock
from chassis.database.merges import Columns, first_id_of
from chassis.ids import new_id

TYPES = {"due_on": Date, "seen_at": DateTime, "owner_id": Uuid}


@dataclass
class Row:
    """Something with columns of several kinds."""

    words: str | None = "before"
    due_on: date | None = date(2026, 3, 3)
    seen_at: datetime | None = datetime(2026, 3, 3, 9, tzinfo=UTC)
    owner_id: UUID | None = None
    points: list[str] = field(default_factory=list)

    @property
    def __table__(self) -> Any:
        return SimpleNamespace(columns={name: Column(name, TYPES.get(name, String)) for name in vars(self)})


@pytest.mark.parametrize(
    ("name", "value"),
    [("words", "after"), ("words", None), ("due_on", date(2026, 4, 1)), ("seen_at", None), ("owner_id", new_id()), ("points", ["new"])],
)
def test_what_was_changed_is_put_back_as_what_it_was(name: str, value: Any) -> None:
    row = Row()
    columns, was = Columns(row, *vars(row)), vars(row).copy()
    before = columns.kept()
    setattr(row, name, value)
    columns.put_back(before, columns.kept())
    assert vars(row) == was


def test_what_was_written_since_stays() -> None:
    row = Row()
    columns = Columns(row, "words", "due_on")
    before = columns.kept()
    row.words, row.due_on = "after", date(2026, 4, 1)
    after = columns.kept()
    row.words = "since"
    columns.put_back(before, after)
    assert (row.words, row.due_on) == ("since", date(2026, 3, 3))


def test_what_was_never_changed_by_the_merge_is_nobodys_to_put_back() -> None:
    row = Row()
    columns = Columns(row, "words")
    before = after = columns.kept()
    row.words = "since"
    columns.put_back(before, after)
    assert row.words == "since"


LISTS = st.lists(st.sampled_from("abcdef"), unique=True)


@given(LISTS, LISTS, LISTS)
def test_of_a_list_everything_that_was_there_comes_back_and_what_was_written_since_stays(
    before: list[str], added: list[str], since: list[str]
) -> None:
    row = Row(points=list(before))
    columns = Columns(row, "points")
    kept = columns.kept()
    row.points = [*before, *(one for one in added if one not in before)]
    after = columns.kept()
    row.points = [*row.points, *(one for one in since if one not in row.points)]
    columns.put_back(kept, after)
    assert set(before) <= set(row.points)
    assert set(row.points) - set(before) == set(since) - set(before) - set(added)


def test_ids_are_in_the_order_of_time() -> None:
    now = clock.real_now()
    assert first_id_of(now - timedelta(seconds=1)) < new_id() < first_id_of(clock.real_now() + timedelta(seconds=1))
