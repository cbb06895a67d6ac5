"""What one unit of work leaves in the audit trail: before and after, why, as what, from where, and which list."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, update

from chassis.auditing.contract import AuditRequest, FamilyAuditRequest, PageOfEntries
from chassis.caller import Caller
from chassis.contract import Operation
from chassis.database import Database
from chassis.database.changes import LONGEST
from chassis.database.trail import OF_FAMILIES
from chassis.schemas import Contract, Nothing, choice, identifier, text
from tests.support.people import note_keeper, working
from tests.support.sample_service.models import Note, Remark


@pytest.fixture
def southwark() -> Caller:
    return note_keeper(roles=("practitioner", "administrator"), address="192.0.2.7")


def entries(database: Database, caller: Caller) -> list[Any]:
    with database.session(caller.borough_id) as session:
        return list(session.connection().exec_driver_sql("SELECT * FROM audit ORDER BY number"))


def last(database: Database, caller: Caller) -> Any:
    return entries(database, caller)[-1]


def added(database: Database, caller: Caller, words: str = "Said little", **about: Any) -> Note:
    with working(database, caller, operation="sample.add_note") as work:
        return work.notes.add(Note(words=words, family_id=about.get("family_id", uuid4())))


# --- who and from where -----------------------------------------------------------------------------------------------


def test_an_entry_says_as_what_and_from_where(database: Database, southwark: Caller) -> None:
    added(database, southwark)
    assert (last(database, southwark).roles, last(database, southwark).address) == ("practitioner administrator", "192.0.2.7")


@pytest.mark.parametrize("kind", ["system", "service"])
def test_what_is_no_person_acts_as_what_it_is(database: Database, kind: str) -> None:
    caller = note_keeper(kind=kind)
    added(database, caller)
    assert last(database, caller).roles == kind


# --- before and after -------------------------------------------------------------------------------------------------


def test_of_a_new_row_there_is_what_it_holds(database: Database, southwark: Caller) -> None:
    note = added(database, southwark)
    told = {"words": "Said little", "family_id": str(note.family_id)}
    assert last(database, southwark).changes == [{"table": "notes", "id": str(note.id), "before": None, "after": told}]


def test_of_a_changed_row_there_is_what_changed_before_and_after_and_nothing_else(database: Database, southwark: Caller) -> None:
    note = added(database, southwark)
    with working(database, southwark) as work:
        work.notes.get(note.id).change(1, "Said more")
    told = {"table": "notes", "id": str(note.id), "before": {"words": "Said little"}, "after": {"words": "Said more"}}
    assert last(database, southwark).changes == [told]


def test_of_a_deleted_row_there_is_what_it_held(database: Database, southwark: Caller) -> None:
    note = added(database, southwark)
    with working(database, southwark) as work:
        work.notes.remove(work.notes.get(note.id))
    (change,) = last(database, southwark).changes
    assert (change["before"]["words"], change["after"]) == ("Said little", None)


def test_a_row_written_twice_in_one_work_is_told_once_as_it_was_first_and_is_last(database: Database, southwark: Caller) -> None:
    note = added(database, southwark, "First")
    with working(database, southwark) as work:
        mine = work.notes.get(note.id)
        mine.change(1, "Second")
        work.session.flush()
        mine.change(2, "Third")
    assert [(one["before"], one["after"]) for one in last(database, southwark).changes] == [({"words": "First"}, {"words": "Third"})]


def test_a_new_row_that_is_changed_at_once_has_no_before(database: Database, southwark: Caller) -> None:
    with working(database, southwark) as work:
        note = work.notes.add(Note(words="First", family_id=uuid4()))
        work.session.flush()
        note.words = "Second"
    (change,) = last(database, southwark).changes
    assert (change["before"], change["after"]["words"]) == (None, "Second")


def test_a_row_that_was_touched_and_stayed_as_it_was_leaves_no_change(database: Database, southwark: Caller) -> None:
    note = added(database, southwark)
    with working(database, southwark) as work:
        work.notes.get(note.id).words = "Said little"
    assert (last(database, southwark).kind, last(database, southwark).changes) == ("read", None)


def test_each_family_has_its_own_changes_and_rows_of_nobody_stand_apart_from_both(database: Database, southwark: Caller) -> None:
    one, other = added(database, southwark), added(database, southwark)
    with working(database, southwark) as work:
        for note in (one, other):
            work.notes.get(note.id).change(1, f"About {note.family_id}")
        work.remarks.add(Remark(note_id=one.id, words="Beside it"))
    shares = {entry.family_id: entry.changes for entry in entries(database, southwark)[2:]}
    assert [change["after"]["words"] for change in shares[one.family_id]] == [f"About {one.family_id}"]
    assert [change["after"]["words"] for change in shares[other.family_id]] == [f"About {other.family_id}"]
    assert [change["table"] for change in shares[None]] == ["remarks"]


def test_rows_of_nobody_stand_with_the_one_family_that_the_work_was_about(database: Database, southwark: Caller) -> None:
    note = added(database, southwark)
    with working(database, southwark) as work:
        work.notes.get(note.id).change(1, "Said more")
        work.remarks.add(Remark(note_id=note.id, words="Beside it"))
    (entry,) = entries(database, southwark)[1:]
    assert (entry.family_id, {change["table"] for change in entry.changes}) == (note.family_id, {"notes", "remarks"})


def test_statements_past_the_rows_are_told_by_table_and_number(database: Database, southwark: Caller) -> None:
    family = uuid4()
    for _ in range(3):
        added(database, southwark, family_id=family)
    mine = Note.borough_id == southwark.borough_id
    with working(database, southwark) as work:
        work.session.execute(update(Note).where(mine).values(words="WORDS"))
        work.session.execute(delete(Remark).where(Remark.borough_id == southwark.borough_id))
    assert last(database, southwark).changes == [{"table": "notes", "rows": 3}]


def test_of_a_very_long_text_there_is_how_long_it_is(database: Database, southwark: Caller) -> None:
    added(database, southwark, "x" * LONGEST)
    (change,) = last(database, southwark).changes
    assert change["after"]["words"] == {"characters": LONGEST + 2}


def test_what_a_model_leaves_out_stays_out(database: Database, southwark: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Note, "unaudited", frozenset({"words"}))
    note = added(database, southwark, "A secret")
    assert "words" not in last(database, southwark).changes[0]["after"]
    with working(database, southwark) as work:
        work.notes.get(note.id).change(1, "Another secret")
    assert "secret" not in str(entries(database, southwark))


def test_of_rows_that_are_erased_there_is_which_and_nothing_of_what_they_held(database: Database, southwark: Caller) -> None:
    gone, blanked = added(database, southwark, "Held once"), added(database, southwark, "Named somebody")
    with working(database, southwark) as work:
        work.session.changes.keep_no_values()
        work.session.delete(work.notes.get(gone.id))
        work.notes.get(blanked.id).words = "[erased]"
        work.session.flush()
    told = [change for entry in entries(database, southwark)[2:] for change in entry.changes]
    by_id = {change["id"]: (change["before"], change["after"]) for change in told}
    assert by_id == {str(gone.id): ({}, None), str(blanked.id): ({}, {})}


def test_a_model_that_leaves_out_everything_is_not_told_of_at_all(
    database: Database, southwark: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Note, "unaudited", frozenset({"*"}))
    added(database, southwark, "A secret")
    assert (last(database, southwark).kind, last(database, southwark).changes) == ("change", None)


def test_work_that_fails_leaves_nothing(database: Database, southwark: Caller) -> None:
    with pytest.raises(ZeroDivisionError), working(database, southwark) as work:
        work.notes.add(Note(words="Half done", family_id=uuid4()))
        work.session.flush()
        raise ZeroDivisionError
    assert entries(database, southwark) == []


def test_nothing_of_it_reaches_a_log(database: Database, southwark: Caller, capfd: pytest.CaptureFixture[str]) -> None:
    with working(database, southwark) as work:
        work.notes.add(Note(words="Sinead Doyle", family_id=uuid4()))
        work.because("Sinead Doyle asked")
    out, err = capfd.readouterr()
    assert "Doyle" not in out + err


# --- why --------------------------------------------------------------------------------------------------------------


class _Decline(Contract):
    note_id = identifier("Note")
    reason = text("Why", sensitivity="clinical")


class _Close(Contract):
    because = choice("Why", {"back": "The family is back"})
    words = text("Words", required=False)


DECLINE = Operation("sample", "decline", "sample.write", _Decline, Nothing, changes=True)
CLOSE = Operation("sample", "close", "sample.write", _Close, Nothing, changes=True)


def test_the_reason_that_a_change_was_given_is_kept_with_how_far_it_may_travel(database: Database, southwark: Caller) -> None:
    with working(database, southwark) as work:
        work.trail.asked(DECLINE, {"note_id": uuid4(), "reason": "  Lives too far away "})
        work.saw(family_id=uuid4())
    entry = last(database, southwark)
    assert (entry.reason, entry.facts) == ("Lives too far away", {"reason_is": "clinical"})


@pytest.mark.parametrize(
    ("words", "reason"), [("they rang", "The family is back: they rang"), (None, "The family is back"), ("  ", "The family is back")]
)
def test_a_reason_that_was_chosen_is_kept_in_words(database: Database, southwark: Caller, words: str | None, reason: str) -> None:
    with working(database, southwark) as work:
        work.trail.asked(CLOSE, {"because": "back", "words": words})
        work.saw(family_id=uuid4())
    assert last(database, southwark).reason == reason


def test_a_read_needs_no_reason_and_a_change_without_one_has_none(database: Database, southwark: Caller) -> None:
    search = Operation("sample", "search", "sample.read", _Decline, Nothing)
    with working(database, southwark) as work:
        work.trail.asked(search, {"reason": "not asked for"})
        work.trail.asked(DECLINE, {"reason": ""})
        work.saw(family_id=uuid4())
    assert last(database, southwark).reason is None


def test_a_reason_given_by_hand_is_on_every_entry_of_the_work(database: Database, southwark: Caller) -> None:
    with working(database, southwark) as work:
        work.saw(family_id=uuid4())
        work.saw(family_id=uuid4())
        work.because("A child is at risk")
    assert {entry.reason for entry in entries(database, southwark)} == {"A child is at risk"}


def test_what_is_about_no_one_family_is_tied_to_those_that_the_work_was_about(database: Database, southwark: Caller) -> None:
    one, other = sorted([uuid4(), uuid4()], key=str)
    with working(database, southwark) as work:
        work.saw(family_id=other)
        work.saw(family_id=one)
        work.session.execute(update(Remark).where(Remark.borough_id == southwark.borough_id).values(words="Moved"))
        work.session.changes.add_statement("remarks", 2)
        work.because("They are one family", "personal")
    tied = {entry.family_id and str(entry.family_id): entry.facts for entry in entries(database, southwark)}
    told = {"reason_is": "personal"}
    assert tied == {str(one): told, str(other): told, None: {**told, OF_FAMILIES: [str(one), str(other)]}}


def test_a_thing_that_is_no_family_is_tied_too_where_a_reason_was_given(database: Database, southwark: Caller) -> None:
    family = uuid4()
    with working(database, southwark) as work:
        work.saw(subject_id=uuid4(), code="x")
        work.saw(family_id=family)
        work.because("She asked")
    entry = next(entry for entry in entries(database, southwark) if entry.family_id is None)
    assert entry.facts == {"code": "x", OF_FAMILIES: [str(family)]}


def test_what_says_nothing_is_tied_to_nobody(database: Database, southwark: Caller) -> None:
    with working(database, southwark) as work:
        work.saw(subject_id=uuid4())
        work.saw(family_id=uuid4())
    assert [entry.facts for entry in entries(database, southwark)] == [{}, {}]


def test_what_is_about_no_family_at_all_is_tied_to_nobody(database: Database, southwark: Caller) -> None:
    with working(database, southwark) as work:
        work.saw(subject_id=uuid4())
        work.because("It is full")
    assert last(database, southwark).facts == {}


# --- lists ------------------------------------------------------------------------------------------------------------

LIST = Operation("sample", "list_audit", "sample.read", AuditRequest, PageOfEntries)


def test_a_list_leaves_its_query_and_its_count_also_where_nothing_was_found(database: Database, southwark: Caller) -> None:
    with working(database, southwark, "sample.read", "sample.list_audit") as work:
        work.trail.listed(LIST, {"kind": "read", "since": "2026-01-01", "limit": 25, "after": None, "reason": None}, 0)
    entry = last(database, southwark)
    assert (entry.kind, entry.family_id, entry.changes) == ("read", None, None)
    assert entry.facts == {"query": {"kind": "read", "since": "2026-01-01"}, "count": 0}


def test_what_somebody_typed_is_kept_where_it_can_be_erased(database: Database, southwark: Caller) -> None:
    with working(database, southwark, "sample.read", "sample.list_audit") as work:
        work.trail.listed(LIST, {"reason": "Doyle", "kind": "read"}, 2)
    entry = last(database, southwark)
    assert entry.facts == {"query": {"kind": "read"}, "count": 2}
    assert entry.changes == [{"asked": {"reason": "Doyle"}}]


def test_a_further_page_is_told_apart_from_the_first_without_its_cursor(database: Database, southwark: Caller) -> None:
    with working(database, southwark, "sample.read", "sample.list_audit") as work:
        work.trail.listed(LIST, {"after": "WyJhIl0"}, 3)
    assert last(database, southwark).facts == {"query": {}, "count": 3, "further_page": True}


def test_how_many_there_were_in_all_is_kept_where_it_was_counted(database: Database, southwark: Caller) -> None:
    with working(database, southwark, "sample.read", "sample.list_audit") as work:
        work.trail.listed(LIST, {}, 25, 120)
    assert last(database, southwark).facts == {"query": {}, "count": 25, "total": 120}


def test_the_families_that_a_list_showed_stand_beside_its_own_entry(database: Database, southwark: Caller) -> None:
    families = {added(database, southwark).family_id for _ in range(3)}
    with working(database, southwark, "sample.read", "sample.list_notes") as work:
        page = work.notes.newest(None, 25)
        work.trail.listed(LIST, {}, len(page.items))
    listed, *seen = entries(database, southwark)[3:]
    assert (listed.family_id, listed.facts["count"]) == (None, 3)
    assert {entry.family_id for entry in seen} == families


def test_what_answers_with_a_page_is_a_list_and_a_change_never_is() -> None:
    assert LIST.lists
    assert not Operation("sample", "change", "sample.write", FamilyAuditRequest, PageOfEntries, changes=True).lists
    assert not DECLINE.lists


# --- access -----------------------------------------------------------------------------------------------------------


def test_what_is_about_access_itself_is_told_apart(database: Database, southwark: Caller) -> None:
    with working(database, southwark, operation="sample.sign_in") as work:
        work.note_security()
        work.saw(method="password")
    assert (last(database, southwark).kind, last(database, southwark).facts) == ("security", {"method": "password"})
