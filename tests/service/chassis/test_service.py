"""A whole service on a real broker and a real database: who asks, in which borough, once, and what is left behind."""

from collections.abc import Iterator
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import eventlet
import pytest
import structlog
from sqlalchemy import text

from chassis import logging, signing
from chassis.broker import Address
from chassis.caller import Caller, TokenSigner
from chassis.container import Container
from chassis.database import Database
from chassis.errors import Forbidden, IdempotencyMismatch, Invalid, NotFound, NotSignedIn, Stale
from chassis.rpc import RpcClient
from chassis.settings import Settings
from tests.support.database import Prepared
from tests.support.people import member, note_keeper
from tests.support.sample_service import contract
from tests.support.sample_service.service import SampleService

GATEWAY, SAMPLE, STRANGER = (signing.new_pair() for _ in range(3))
SIGNER = TokenSigner(GATEWAY.private)


@pytest.fixture(scope="module")
def client(sample: Prepared, broker: str) -> Iterator[RpcClient]:
    """A client of a running sample service."""
    settings = Settings(
        "sample",
        broker,
        sample.urls["app"],
        sample.urls["operator"],
        signing_key=SAMPLE.private,
        public_keys={"gateway": GATEWAY.public, "sample": SAMPLE.public},
    )
    container = Container(SampleService, {"settings": settings, "AMQP_URI": broker, "max_workers": settings.max_workers})
    container.start()
    made = RpcClient(Address(broker), timeout=20)
    made.open(20)
    yield made
    made.close()
    container.stop()


def add(client: RpcClient, caller: Caller, words: str, *, key: str = "", **values: Any) -> dict[str, Any]:
    return client.call(contract.ADD_NOTE, SIGNER.sign(caller), idempotency_key=key or uuid4().hex, words=words, **values)


def rows(database: Database, caller: Caller, table: str) -> list[Any]:
    with database.session(caller.borough_id) as session:
        return list(session.connection().execute(text(f"SELECT * FROM {table} ORDER BY id")))


def test_a_note_is_written_and_read_back(client: RpcClient, southwark: Caller) -> None:
    note = add(client, southwark, "Likes the water tray")
    again = client.call(contract.GET_NOTE, SIGNER.sign(southwark), note_id=note["id"])
    assert again == note
    assert isinstance(again["id"], UUID)


def test_a_change_leaves_row_event_answer_and_audit_entry_together(client: RpcClient, database: Database, southwark: Caller) -> None:
    family = uuid4()
    note = add(client, southwark, "Words", family_id=family)
    (event,) = rows(database, southwark, "outbox")
    (entry,) = rows(database, southwark, "audit")
    assert (event.type, event.subject) == ("sample.note.added", note["id"])
    assert (entry.operation, entry.kind, entry.family_id, entry.person_id) == ("sample.add_note", "change", family, southwark.person_id)
    assert event.correlation_id == entry.correlation_id


def test_a_repeated_call_gets_the_first_answer_and_changes_nothing(client: RpcClient, database: Database, southwark: Caller) -> None:
    answers = [add(client, southwark, "Once", key="key-00000001") for _ in range(3)]
    assert answers == [answers[0]] * 3
    assert len(rows(database, southwark, "notes")) == len(rows(database, southwark, "outbox")) == 1


def test_many_repetitions_at_once_make_one_change(client: RpcClient, database: Database, southwark: Caller) -> None:
    pool = eventlet.GreenPool()
    answers = list(pool.imap(lambda _: add(client, southwark, "Once", key="key-00000002"), range(8)))
    assert answers == [answers[0]] * 8
    assert len(rows(database, southwark, "notes")) == 1


def test_the_same_key_with_other_words_is_refused(client: RpcClient, database: Database, southwark: Caller) -> None:
    add(client, southwark, "Once", key="key-00000003")
    with pytest.raises(IdempotencyMismatch):
        add(client, southwark, "Twice", key="key-00000003")
    assert len(rows(database, southwark, "notes")) == 1


def test_a_stale_save_comes_back_with_both_versions(client: RpcClient, southwark: Caller) -> None:
    note = add(client, southwark, "Original")
    change = {"note_id": note["id"], "version": 1}
    client.call(contract.CHANGE_NOTE, SIGNER.sign(southwark), idempotency_key=uuid4().hex, words="Theirs", **change)
    with pytest.raises(Stale) as refusal:
        client.call(contract.CHANGE_NOTE, SIGNER.sign(southwark), idempotency_key=uuid4().hex, words="Mine", **change)
    assert refusal.value.facts == {"yours": {"version": 1, "words": "Mine"}, "theirs": {"version": 2, "words": "Theirs"}}


def test_another_boroughs_note_answers_exactly_as_an_unknown_one(client: RpcClient, southwark: Caller, lambeth: Caller) -> None:
    note = add(client, southwark, "Ours")
    answers = []
    for note_id in (note["id"], uuid4()):
        with pytest.raises(NotFound) as refusal:
            client.call(contract.GET_NOTE, SIGNER.sign(lambeth), note_id=note_id)
        answers.append(refusal.value.to_wire())
    assert answers[0] == answers[1]


def test_pages_cross(client: RpcClient, southwark: Caller) -> None:
    for number in range(5):
        add(client, southwark, f"note {number}")
    first = client.call(contract.LIST_NOTES, SIGNER.sign(southwark), limit=3)
    second = client.call(contract.LIST_NOTES, SIGNER.sign(southwark), limit=3, after=first["next"])
    assert [note["words"] for note in first["items"] + second["items"]] == [f"note {number}" for number in (4, 3, 2, 1, 0)]
    assert second["next"] is None


def test_a_caller_without_the_permission_is_refused(client: RpcClient) -> None:
    with pytest.raises(Forbidden):
        add(client, member("sample.read"), "Not mine to write")


@pytest.mark.parametrize("token", ["", "nonsense", TokenSigner(STRANGER.private).sign(note_keeper())])
def test_a_call_without_a_valid_token_is_refused(client: RpcClient, token: str) -> None:
    with pytest.raises(NotSignedIn):
        client.call(contract.ECHO, token)


def test_a_bad_argument_is_named_and_nothing_is_written(client: RpcClient, database: Database, southwark: Caller) -> None:
    with pytest.raises(Invalid) as refusal:
        add(client, southwark, "x" * 501)
    assert list(refusal.value.faults) == ["words"]
    assert rows(database, southwark, "notes") == []


def test_nothing_personal_is_logged_whatever_happens(client: RpcClient, southwark: Caller) -> None:
    stream = StringIO()
    logging.configure("json", service="sample", stream=stream)
    try:
        note = add(client, southwark, "Sinead Doyle, 07700 900123")
        with pytest.raises(NotFound):
            client.call(contract.GET_NOTE, SIGNER.sign(southwark), note_id=uuid4())
        with pytest.raises(Stale):
            client.call(
                contract.CHANGE_NOTE,
                SIGNER.sign(southwark),
                idempotency_key=uuid4().hex,
                note_id=note["id"],
                version=7,
                words="Sinead Doyle, again",
            )
    finally:
        structlog.reset_defaults()
    shown = stream.getvalue()
    assert not [personal for personal in ("Sinead", "Doyle", "07700", "Grace", "Adeyemi") if personal in shown]
