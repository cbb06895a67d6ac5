"""Repositories: pages that neither repeat nor skip, whatever happens meanwhile."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from chassis.caller import Caller
from chassis.database import Database
from chassis.database.paging import cursor_of
from chassis.errors import Invalid
from tests.support.people import note_keeper, working
from tests.support.sample_service.models import Note

START = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)


@pytest.fixture
def ten_notes(database: Database, southwark: Caller) -> list[str]:
    """Ten notes, the oldest first, three of them of the same moment; another borough has some too."""
    words = [f"note {number}" for number in range(10)]
    with working(database, southwark) as work:
        for number, word in enumerate(words):
            work.notes.add(Note(words=word, created_at=START + timedelta(minutes=max(number, 3))))
    with working(database, note_keeper()) as work:
        work.notes.add(Note(words="elsewhere", created_at=START))
    return words


def pages(database: Database, caller: Caller, limit: int, *, newest: bool = True) -> list[list[str]]:
    found: list[list[str]] = []
    after = None
    while True:
        with working(database, caller) as work:
            page = work.notes.newest(after, limit) if newest else work.notes.by_words(after, limit)
        found.append([note.words for note in page.items])
        after = page.next
        if after is None:
            return found


@pytest.mark.parametrize("limit", [1, 3, 4, 10, 25])
def test_the_pages_together_are_the_whole_list_once(database: Database, southwark: Caller, ten_notes: list[str], limit: int) -> None:
    found = pages(database, southwark, limit)
    assert [len(page) <= limit for page in found] == [True] * len(found)
    assert [words for page in found for words in page] == ten_notes[::-1]


def test_a_list_sorts_by_words_too(database: Database, southwark: Caller, ten_notes: list[str]) -> None:
    assert [words for page in pages(database, southwark, 4, newest=False) for words in page] == sorted(ten_notes)


def test_the_last_page_has_no_next(database: Database, southwark: Caller, ten_notes: list[str]) -> None:
    with working(database, southwark) as work:
        assert work.notes.newest(None, 10).next is None
        assert work.notes.newest(None, 9).next is not None


def test_a_page_may_say_how_many_there_are_in_all(database: Database, southwark: Caller, ten_notes: list[str]) -> None:
    with working(database, southwark) as work:
        assert work.notes.by_words(None, 2).total == 10
        assert work.notes.newest(None, 2).total is None


def test_what_is_added_meanwhile_moves_no_page(database: Database, southwark: Caller, ten_notes: list[str]) -> None:
    with working(database, southwark) as work:
        first = work.notes.newest(None, 5)
    with working(database, southwark) as work:
        work.notes.add(Note(words="late", created_at=START + timedelta(days=1)))
    with working(database, southwark) as work:
        second = work.notes.newest(first.next, 5)
    assert [note.words for note in [*first.items, *second.items]] == ten_notes[::-1]


def test_an_empty_list_is_one_empty_page(database: Database, southwark: Caller) -> None:
    assert pages(database, southwark, 25) == [[]]


@pytest.mark.parametrize("cursor", ["nonsense", "!!!", "e30", "WzEsMl0", "é", "a" * 500, cursor_of("not a moment", uuid4())])
def test_a_cursor_that_is_none_is_refused_in_plain_words(database: Database, southwark: Caller, cursor: str) -> None:
    with pytest.raises(Invalid) as refusal, working(database, southwark) as work:
        work.notes.newest(cursor, 5)
    assert refusal.value.faults == {"after": ["This is not a place in this list. Start from the first page."]}


def test_another_boroughs_cursor_shows_nothing_of_it(database: Database, southwark: Caller, ten_notes: list[str]) -> None:
    with working(database, southwark) as work:
        cursor = work.notes.newest(None, 5).next
    with working(database, note_keeper()) as work:
        assert work.notes.newest(cursor, 5).items == []


def test_rows_are_found_counted_and_removed(database: Database, southwark: Caller, ten_notes: list[str]) -> None:
    with working(database, southwark) as work:
        assert work.notes.count(work.notes.rows().order_by(Note.words)) == 10
        first = work.notes.first(work.notes.rows().order_by(Note.words))
        assert first is not None
        work.notes.remove(first)
    with working(database, southwark) as work:
        assert work.notes.find(first.id) is None
        assert work.notes.count(work.notes.rows()) == 9


def test_a_unit_of_work_finds_the_same_row_once(database: Database, southwark: Caller, ten_notes: list[str]) -> None:
    with working(database, southwark) as work:
        row = work.notes.all(work.notes.rows())[0]
        assert work.notes.get(row.id) is row
