"""The boroughs that a service knows, and the end of a practice borough."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from chassis.caller import Caller
from chassis.database import Database
from chassis.database.tenants import Borough, erase_borough, keep_borough, known_boroughs, this_borough
from chassis.errors import NotReady
from tests.support.people import note_keeper, working
from tests.support.sample_service.models import Note, Remark


def borough(borough_id: UUID, **values: object) -> Borough:
    told = Borough(borough_id, f"b-{borough_id}", "Southwark", "Little Steps", policy={"missed_before_outreach": 2}, sequence=1)
    return replace(told, **values)  # type: ignore[arg-type]  # replace() checks the names


def counts(database: Database, caller: Caller) -> dict[str, int]:
    with database.session(caller.borough_id) as session:
        return {
            table: session.connection().execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in ("notes", "remarks", "outbox", "answers", "boroughs", "audit")
        }


def test_a_service_knows_the_borough_it_was_told_of(database: Database, southwark: Caller) -> None:
    told = borough(southwark.borough_id)
    with working(database, southwark) as work:
        assert keep_borough(work, told)
    with working(database, southwark) as work:
        assert this_borough(work) == told


def test_an_unknown_borough_is_not_ready(database: Database, southwark: Caller) -> None:
    with pytest.raises(NotReady), working(database, southwark) as work:
        this_borough(work)


@pytest.mark.parametrize("sequence", [1, 2])
def test_old_news_of_a_borough_changes_nothing(database: Database, southwark: Caller, sequence: int) -> None:
    with working(database, southwark) as work:
        keep_borough(work, borough(southwark.borough_id, name="New", sequence=2))
        assert not keep_borough(work, borough(southwark.borough_id, name="Old", sequence=sequence))
        assert this_borough(work).name == "New"


def test_newer_news_replaces_all_of_it(database: Database, southwark: Caller) -> None:
    with working(database, southwark) as work:
        keep_borough(work, borough(southwark.borough_id))
        newer = borough(southwark.borough_id, policy={"missed_before_outreach": 3}, suspended=True, sequence=2)
        assert keep_borough(work, newer)
        assert this_borough(work) == newer


def test_the_operators_role_lists_every_borough(database: Database, southwark: Caller, lambeth: Caller) -> None:
    for caller in (southwark, lambeth):
        with working(database, caller) as work:
            keep_borough(work, borough(caller.borough_id))
    with database.operating() as connection:
        known = {each.borough_id for each in known_boroughs(connection)}
    assert {southwark.borough_id, lambeth.borough_id} <= known


def filled(database: Database, *, practice: bool) -> Caller:
    caller = note_keeper()
    with working(database, caller) as work:
        keep_borough(work, borough(caller.borough_id, practice=practice))
        work.answered("key-12345678", "print")
        note = work.notes.add(Note(words="Words", family_id=uuid4()))
        work.session.flush()
        work.remarks.add(Remark(note_id=note.id, words="Beside it"))
        work.publish(note.added())
    return caller


def test_a_practice_borough_is_erased_whole_but_for_its_audit_trail_and_a_mark(database: Database) -> None:
    practice, neighbour = filled(database, practice=True), filled(database, practice=True)
    with working(database, Caller.service("sample", practice.borough_id), "") as work:
        erase_borough(work)
    left = counts(database, practice)
    assert (left.pop("audit"), left.pop("boroughs")) == (1, 1)
    assert set(left.values()) == {0}
    assert set(counts(database, neighbour).values()) == {1}


def test_a_real_borough_is_never_erased(database: Database) -> None:
    real = filled(database, practice=False)
    with pytest.raises(ValueError, match="only a practice borough"), working(database, real) as work:
        erase_borough(work)
    assert set(counts(database, real).values()) == {1}


def test_erasing_a_borough_that_is_gone_does_nothing(database: Database, southwark: Caller) -> None:
    with working(database, southwark) as work:
        erase_borough(work)
