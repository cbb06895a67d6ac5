"""The unit of work: one transaction, one borough, all or nothing."""

import threading
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg2
import pytest
from sqlalchemy import text, update

from chassis import context
from chassis.caller import Caller
from chassis.contract import Event, EventType
from chassis.database import Database, UnitOfWork, open_work
from chassis.database.answers import Answered
from chassis.errors import Conflict, Forbidden, NotFound, Stale, Unavailable
from tests.support.database import Prepared
from tests.support.people import member, note_keeper, working
from tests.support.sample_service import contract
from tests.support.sample_service.models import Note, Remark


def add_note(database: Database, caller: Caller, words: str = "Came with a friend", **values: Any) -> UUID:
    with working(database, caller, operation="sample.add_note") as work:
        note = work.notes.add(Note(words=words, **values))
        work.publish(note.added())
    return note.id


def terminated(sample: Prepared, pid: int) -> None:
    connection = psycopg2.connect(sample.admin_url)
    connection.cursor().execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
    connection.close()


def rows(database: Database, caller: Caller, table: str, order: str = "id") -> list[Any]:
    with database.session(caller.borough_id) as session:
        return list(session.connection().execute(text(f"SELECT * FROM {table} ORDER BY {order}")))


def test_what_is_added_can_be_read_back(database: Database, southwark: Caller) -> None:
    note_id = add_note(database, southwark, "Likes the water tray")
    with working(database, southwark, "sample.read") as work:
        note = work.notes.get(note_id)
    assert (note.words, note.version, note.borough_id) == ("Likes the water tray", 1, southwark.borough_id)


def test_a_new_row_has_a_time_ordered_id_before_it_is_written() -> None:
    first, second = Note(words="a"), Note(words="b")
    assert first.id.version == 7
    assert first.id < second.id


def test_an_exception_leaves_nothing_behind(database: Database, southwark: Caller) -> None:
    with pytest.raises(ZeroDivisionError), working(database, southwark) as work:
        note = work.notes.add(Note(words="Half done"))
        work.publish(note.added())
        work.saw(family_id=uuid4())
        work.session.flush()
        raise ZeroDivisionError
    assert rows(database, southwark, "notes") == []
    assert rows(database, southwark, "outbox") == []
    assert rows(database, southwark, "audit") == []


def test_a_caller_without_the_permission_gets_no_work(database: Database) -> None:
    reader = member("sample.read")
    with pytest.raises(Forbidden) as refusal, working(database, reader, "sample.write"):
        pytest.fail("the work was opened")
    assert refusal.value.facts == {"permission": "sample.write"}


def test_a_member_may_do_nothing_that_names_no_permission(database: Database) -> None:
    with pytest.raises(Forbidden), working(database, note_keeper(), ""):
        pytest.fail("the work was opened")


def test_background_work_acts_as_the_service(database: Database) -> None:
    caller = Caller.service("sample", uuid4())
    with working(database, caller, "") as work:
        work.notes.add(Note(words="Written by a timer"))
    assert len(rows(database, caller, "notes")) == 1


def test_an_unknown_row_is_not_found(database: Database, southwark: Caller) -> None:
    with pytest.raises(NotFound), working(database, southwark) as work:
        work.notes.get(uuid4())


def test_another_boroughs_row_is_not_found_in_just_the_same_way(database: Database, southwark: Caller, lambeth: Caller) -> None:
    note_id = add_note(database, southwark)
    refusals = []
    for wanted in (note_id, uuid4()):
        with pytest.raises(NotFound) as refusal, working(database, lambeth) as work:
            work.notes.get(wanted, for_update=True)
        refusals.append(refusal.value.to_wire())
    assert refusals[0] == refusals[1]


def test_a_row_cannot_be_given_to_another_borough(database: Database, southwark: Caller, lambeth: Caller) -> None:
    with pytest.raises(ValueError, match="another borough"), working(database, southwark) as work:
        work.session.add(Note(words="Smuggled", borough_id=lambeth.borough_id))
    assert rows(database, lambeth, "notes") == []


def test_events_lie_in_the_outbox_with_the_change(database: Database, southwark: Caller) -> None:
    with context.entered(context.Context(correlation_id="corr-12345678")):
        note_id = add_note(database, southwark, "First session")
    (event,) = rows(database, southwark, "outbox")
    assert (event.type, event.subject, event.sequence) == ("sample.note.added", note_id, 1)
    assert event.data == {"words": "First session"}
    assert event.correlation_id == "corr-12345678"
    assert event.id.version == 7
    assert event.acting is False
    assert event.sent_at is None
    assert event.created_at is not None


def test_several_events_keep_their_order(database: Database, southwark: Caller) -> None:
    with working(database, southwark) as work:
        note = work.notes.add(Note(words="Words"))
        work.publish(*(contract.NOTE_ADDED(note.id, number, words=f"{number} % of 'em") for number in range(1, 6)))
    assert [event.sequence for event in rows(database, southwark, "outbox")] == [1, 2, 3, 4, 5]
    assert rows(database, southwark, "outbox")[0].data == {"words": "1 % of 'em"}


def test_an_event_that_does_not_fit_its_contract_stops_the_change(database: Database, southwark: Caller) -> None:
    fault = r"sample\.note\.added does not fit its contract: \['words'\]"
    with pytest.raises(ValueError, match=fault), working(database, southwark) as work:
        note = work.notes.add(Note(words="Words"))
        work.publish(contract.NOTE_ADDED(note.id, 1))
    assert rows(database, southwark, "notes") == []


def test_an_event_may_not_carry_what_its_contract_does_not_name(database: Database, southwark: Caller) -> None:
    with pytest.raises(ValueError, match="secret"), working(database, southwark) as work:
        work.publish(contract.NOTE_ADDED(uuid4(), 1, words="Words", secret="x"))


def test_the_relay_is_woken_after_the_commit_and_only_for_events(database: Database, southwark: Caller) -> None:
    seen: list[int] = []
    database.on_published(lambda: seen.append(len(rows(database, southwark, "outbox"))))
    with working(database, southwark) as work:
        work.notes.add(Note(words="No event"))
    assert seen == []
    add_note(database, southwark)
    assert seen == [1]


def test_work_in_a_practice_borough_is_dated_at_the_acting_moment(database: Database) -> None:
    moment = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    caller = note_keeper(at=moment)
    note_id = add_note(database, caller)
    (event,) = rows(database, caller, "outbox")
    assert (event.time, event.acting) == (moment, True)
    assert event.created_at > moment
    with working(database, caller) as work:
        assert work.now == moment
        assert work.notes.get(note_id).created_at == moment


def test_the_borough_is_in_the_context_while_the_work_is_open(database: Database, southwark: Caller) -> None:
    with working(database, southwark):
        assert context.current().borough_id == southwark.borough_id
    assert context.current().borough_id is None


# --- versions ---------------------------------------------------------------------------------------------------------


def test_a_change_counts_the_version_up(database: Database, southwark: Caller) -> None:
    note_id = add_note(database, southwark)
    with working(database, southwark) as work:
        work.notes.get(note_id).change(1, "Other words")
    (note,) = rows(database, southwark, "notes")
    assert (note.version, note.words) == (2, "Other words")


def test_a_stale_save_is_refused_with_both_versions_and_overwrites_nothing(database: Database, southwark: Caller) -> None:
    note_id = add_note(database, southwark, "Original")
    with working(database, southwark) as work:
        work.notes.get(note_id).change(1, "Theirs")
    with pytest.raises(Stale) as refusal, working(database, southwark) as work:
        work.notes.get(note_id).change(1, "Mine")
    assert refusal.value.facts == {"yours": {"version": 1, "words": "Mine"}, "theirs": {"version": 2, "words": "Theirs"}}
    assert rows(database, southwark, "notes")[0].words == "Theirs"


def test_two_saves_at_the_same_moment_let_one_through(database: Database, southwark: Caller) -> None:
    note_id = add_note(database, southwark, "Original")
    with pytest.raises(Stale) as refusal, working(database, southwark) as work:
        mine = work.notes.get(note_id)
        with working(database, southwark) as other:
            other.notes.get(note_id).change(1, "Theirs")
        mine.change(1, "Mine")
        work.publish(mine.added())
    assert refusal.value.facts == {"yours": {"version": 1}, "theirs": {"version": 2}}
    assert rows(database, southwark, "notes")[0].words == "Theirs"
    assert len(rows(database, southwark, "outbox")) == 1


# --- what the database refuses ----------------------------------------------------------------------------------------


def test_a_second_row_with_the_same_key_is_a_conflict(database: Database, southwark: Caller) -> None:
    note_id = add_note(database, southwark, "Jane's number is 020 7946 0000")
    with pytest.raises(Conflict) as refusal, working(database, southwark) as work:
        work.notes.add(Note(id=note_id, words="Again"))
    assert refusal.value.__cause__ is None
    assert str(note_id) not in str(refusal.value)


def test_pointing_at_another_boroughs_row_is_not_found(database: Database, southwark: Caller, lambeth: Caller) -> None:
    note_id = add_note(database, southwark)
    with pytest.raises(NotFound), working(database, lambeth) as work:
        work.remarks.add(Remark(note_id=note_id, words="Pointing across"))
    assert rows(database, lambeth, "remarks") == []


def test_a_failure_at_the_commit_rolls_everything_back(database: Database, southwark: Caller) -> None:
    broken = EventType("sample.note.added", contract.NoteAdded)
    with pytest.raises(Exception, match=r"bigint|integer|range"), working(database, southwark) as work:
        work.notes.add(Note(words="Words"))
        work.publish(Event(broken, uuid4(), 2**70, {"words": "Too far"}))
    assert rows(database, southwark, "notes") == []
    assert len(rows(database, southwark, "outbox")) == 0


def test_errors_of_the_database_hide_the_values(database: Database, southwark: Caller) -> None:
    with pytest.raises(Exception) as failure, working(database, southwark) as work:
        work.session.connection().execute(text("SELECT CAST(:name AS integer)"), {"name": "Sinead Doyle"}).all()
    assert "SQL parameters hidden" in str(failure.value)


def test_no_connection_to_spare_is_unavailable(sample: Prepared, southwark: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.database.engine.WAIT_FOR_CONNECTION_SECONDS", 0.2)
    crowded = sample.open(pool_size=1)
    with working(crowded, southwark) as work:
        work.notes.find(uuid4())
        with pytest.raises(Unavailable), working(crowded, southwark) as another:
            another.notes.find(uuid4())
    crowded.close()


def test_no_server_is_unavailable(southwark: Caller) -> None:
    nowhere = Database("postgresql://nobody:secret@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable), open_work(UnitOfWork, nowhere, southwark, "sample.read") as work:
        work.session.connection()


def test_a_server_that_goes_away_in_the_middle_is_unavailable_and_nothing_is_half_written(
    sample: Prepared, database: Database, southwark: Caller
) -> None:
    with pytest.raises(Unavailable), working(database, southwark) as work:
        work.notes.add(Note(words="Half done"))
        work.session.flush()
        pid = work.session.connection().execute(text("SELECT pg_backend_pid()")).scalar_one()
        terminated(sample, pid)
        work.notes.find(uuid4())
    assert rows(database, southwark, "notes") == []


def test_a_server_that_goes_away_at_the_commit_is_unavailable_too(sample: Prepared, database: Database, southwark: Caller) -> None:
    with pytest.raises(Unavailable), working(database, southwark) as work:
        work.saw(family_id=uuid4())
        pid = work.session.connection().execute(text("SELECT pg_backend_pid()")).scalar_one()
        terminated(sample, pid)
    assert rows(database, southwark, "audit") == []


# --- the audit trail --------------------------------------------------------------------------------------------------


def test_a_read_of_a_familys_row_is_in_the_audit_trail_without_asking(database: Database, southwark: Caller) -> None:
    family = uuid4()
    note_id = add_note(database, southwark, family_id=family)
    with working(database, southwark, "sample.read", "sample.get_note") as work:
        work.notes.get(note_id)
    change, read = rows(database, southwark, "audit")
    assert (change.kind, change.operation, change.family_id) == ("change", "sample.add_note", family)
    assert (read.kind, read.operation, read.family_id) == ("read", "sample.get_note", family)
    assert (read.person_id, read.person_name, read.agency) == (southwark.person_id, "Grace Adeyemi", "Southwark CAMHS")


def test_each_family_that_was_seen_has_an_entry_of_its_own(database: Database, southwark: Caller) -> None:
    families = [uuid4(), uuid4()]
    for family in [*families, families[0]]:
        add_note(database, southwark, family_id=family)
    with working(database, southwark, "sample.read", "sample.list_notes") as work:
        work.notes.newest(None, 25)
    reads = [entry.family_id for entry in rows(database, southwark, "audit") if entry.kind == "read"]
    assert sorted(reads, key=str) == sorted(families, key=str)


def test_what_the_work_says_it_saw_is_recorded_with_its_facts(database: Database, southwark: Caller) -> None:
    family, subject = uuid4(), uuid4()
    with working(database, southwark) as work:
        work.saw(family_id=family, subject_id=subject, reason_code="moved_away", count=3)
    (entry,) = rows(database, southwark, "audit")
    assert (entry.family_id, entry.subject_id, entry.kind) == (family, subject, "read")
    assert entry.facts == {"reason_code": "moved_away", "count": 3}


def test_a_change_of_nobodys_row_is_recorded_too(database: Database, southwark: Caller) -> None:
    add_note(database, southwark)
    (entry,) = rows(database, southwark, "audit")
    assert (entry.family_id, entry.kind) == (None, "change")


def test_a_read_of_nobodys_row_leaves_no_entry(database: Database, southwark: Caller) -> None:
    note_id = add_note(database, southwark)
    with working(database, southwark, "sample.read") as work:
        work.notes.get(note_id)
    assert [entry.kind for entry in rows(database, southwark, "audit")] == ["change"]


def test_a_statement_past_the_mapped_rows_is_a_change_too(database: Database, southwark: Caller) -> None:
    add_note(database, southwark)
    with working(database, southwark, operation="sample.shout") as work:
        work.session.execute(update(Note).where(Note.borough_id == work.borough_id).values(words="WORDS"))
    assert [(entry.operation, entry.kind) for entry in rows(database, southwark, "audit")][1:] == [("sample.shout", "change")]


def test_an_answer_given_again_is_no_change(database: Database, southwark: Caller) -> None:
    with working(database, southwark) as work:
        assert work.answered("key-12345678", "print") is None
        work.keep_answer({"printed": 1})
    noted = len(rows(database, southwark, "audit"))
    with working(database, southwark) as work:
        assert work.answered("key-12345678", "print") == Answered({"printed": 1})
    assert len(rows(database, southwark, "audit")) == noted


def test_background_work_is_recorded_where_it_changes_a_family(database: Database, southwark: Caller) -> None:
    family = uuid4()
    note_id = add_note(database, southwark, family_id=family)
    background = Caller.service("sample", southwark.borough_id)
    with working(database, background, operation="sample.sweep") as work:
        work.notes.get(note_id)
    with working(database, background, operation="sample.tidy") as work:
        work.notes.get(note_id).change(1, "Tidied")
    entries = [(entry.operation, entry.person_name) for entry in rows(database, southwark, "audit")]
    assert entries == [("sample.add_note", "Grace Adeyemi"), ("sample.tidy", "Stay & Play (sample)")]


# --- concurrency ------------------------------------------------------------------------------------------------------


def test_a_locked_row_makes_the_next_one_wait(database: Database, southwark: Caller) -> None:
    note_id = add_note(database, southwark, "0")
    failures: list[BaseException] = []

    def count_up() -> None:
        try:
            with working(database, southwark) as work:
                note = work.notes.get(note_id, for_update=True)
                note.words = str(int(note.words) + 1)
        except BaseException as failure:
            failures.append(failure)

    workers = [threading.Thread(target=count_up) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(10)
    assert failures == []
    assert rows(database, southwark, "notes")[0].words == "8"
