"""A change that is asked for twice is made once, and answered twice."""

import threading
import time
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from chassis.caller import Caller
from chassis.database import Database, answers
from chassis.database.answers import fingerprint
from chassis.errors import IdempotencyMismatch
from tests.support.people import note_keeper, working
from tests.support.sample_service.models import Note


def add_once(database: Database, caller: Caller, key: str, words: str, *, slowly: float = 0.0) -> Any:
    """Add a note as the entrypoint of a changing call does."""
    with working(database, caller, operation="sample.add_note") as work:
        earlier = work.answered(key, fingerprint("sample.add_note", {"words": words}))
        if earlier is not None:
            return earlier.answer
        time.sleep(slowly)
        note = work.notes.add(Note(words=words))
        answer = {"id": str(note.id), "words": words}
        work.keep_answer(answer)
    return answer


def notes(database: Database, caller: Caller) -> list[str]:
    with working(database, caller) as work:
        return [note.words for note in work.notes.all(work.notes.rows())]


def test_the_same_request_again_gets_the_same_answer_and_changes_nothing(database: Database, southwark: Caller) -> None:
    first = add_once(database, southwark, "key-00000001", "Once")
    assert add_once(database, southwark, "key-00000001", "Once") == first
    assert notes(database, southwark) == ["Once"]


def test_the_same_key_for_other_words_is_refused(database: Database, southwark: Caller) -> None:
    add_once(database, southwark, "key-00000002", "Once")
    with pytest.raises(IdempotencyMismatch):
        add_once(database, southwark, "key-00000002", "Twice")
    assert notes(database, southwark) == ["Once"]


def test_the_same_key_for_another_operation_is_refused(database: Database, southwark: Caller) -> None:
    add_once(database, southwark, "key-00000003", "Once")
    with pytest.raises(IdempotencyMismatch), working(database, southwark, operation="sample.change_note") as work:
        work.answered("key-00000003", fingerprint("sample.change_note", {"words": "Once"}))


def test_a_key_belongs_to_one_person_in_one_borough(database: Database, southwark: Caller, lambeth: Caller) -> None:
    colleague = note_keeper(borough_id=southwark.borough_id)
    made = [add_once(database, caller, "key-00000004", "Once")["id"] for caller in (southwark, colleague, lambeth)]
    assert len(set(made)) == 3


def test_a_request_that_failed_may_be_made_again_with_its_key(database: Database, southwark: Caller) -> None:
    with pytest.raises(ZeroDivisionError), working(database, southwark) as work:
        work.answered("key-00000005", fingerprint("sample.add_note", {}))
        raise ZeroDivisionError
    add_once(database, southwark, "key-00000005", "At last")
    assert notes(database, southwark) == ["At last"]


def test_two_at_the_same_moment_make_one_change_and_get_one_answer(database: Database, southwark: Caller) -> None:
    given: list[Any] = []

    def ask() -> None:
        given.append(add_once(database, southwark, "key-00000006", "Once", slowly=0.1))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(given) == 6
    assert all(answer == given[0] for answer in given)
    assert notes(database, southwark) == ["Once"]


def test_an_answer_of_nothing_is_an_answer(database: Database, southwark: Caller) -> None:
    with working(database, southwark, operation="sample.close") as work:
        assert work.answered("key-00000007", "print") is None
        work.keep_answer(None)
    with working(database, southwark, operation="sample.close") as work:
        earlier = work.answered("key-00000007", "print")
    assert earlier is not None
    assert earlier.answer is None


def test_old_answers_are_forgotten_by_and_by(database: Database, southwark: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        add_once(database, southwark, f"key-old-{number}", "Old")
    with working(database, southwark) as work:
        work.session.connection().execute(text("UPDATE answers SET at = now() - interval '8 days'"))
    monkeypatch.setattr(answers, "SWEEP_EVERY", 1)
    add_once(database, southwark, "key-new-1", "New")
    with working(database, southwark) as work:
        assert work.session.connection().execute(text("SELECT key FROM answers")).scalars().all() == ["key-new-1"]


def test_the_fingerprint_tells_values_apart_and_not_their_order() -> None:
    note = str(uuid4())
    assert fingerprint("a.b", {"x": 1, "note": note}) == fingerprint("a.b", {"note": note, "x": 1})
    assert fingerprint("a.b", {"x": 1}) != fingerprint("a.b", {"x": "1"})
    assert fingerprint("a.b", {"x": 1}) != fingerprint("a.c", {"x": 1})
