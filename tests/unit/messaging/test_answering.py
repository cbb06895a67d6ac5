"""From a call to its answer, without a broker."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import eventlet
import pytest

from chassis import context
from chassis.caller import Caller, TokenVerifier
from chassis.contract import Operation
from chassis.errors import Conflict
from chassis.rpc.answering import Answering, Reply
from chassis.rpc.wire import Call
from tests.support.echo import COUNT, ECHO, GATEWAY, SECRET, EchoWork, Ledger, token

VERIFIER = TokenVerifier(GATEWAY.public)


class Works:
    """Opens units of work that note how they ended."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.permissions: list[str] = []

    @contextmanager
    def open(self, caller: Caller, permission: str, *, operation: str) -> Iterator[EchoWork]:
        self.permissions.append(permission)
        try:
            yield EchoWork(caller, operation, self.ledger)
        except BaseException:
            self.ledger.rolled_back.append(operation)
            raise
        self.ledger.committed.append(operation)


class Service:
    name = "echo"

    def __init__(self) -> None:
        self.work = Works()


def call(values: dict[str, Any] | None = None, **changes: Any) -> Call:
    given: dict[str, Any] = {
        "name": "echo",
        "values": values or {},
        "reply_to": "r",
        "reply_id": "1",
        "correlation_id": "correlation-1",
        "token": token(),
        "key": None,
        "deadline": None,
    }
    return Call(**{**given, **changes})


def answer(handler: Any, asked: Call, operation: Operation = ECHO, service: Service | None = None) -> Reply:
    return Answering(operation, handler).answer(service or Service(), asked, VERIFIER)


def test_the_handler_gets_the_work_and_typed_arguments() -> None:
    identifier = uuid4()

    def handler(service: Service, uow: EchoWork, identifier: Any, **_: Any) -> dict[str, Any]:
        assert isinstance(service, Service)
        assert isinstance(uow, EchoWork)
        return {"identifier": identifier, "text": type(identifier).__name__}

    reply = answer(handler, call({"identifier": str(identifier)}))
    assert reply.body["identifier"] == str(identifier)
    assert reply.body["text"] == "UUID"


def test_the_operations_permission_is_asked_for_where_the_work_opens() -> None:
    service = Service()
    answer(lambda *_, **__: {}, call(), service=service)
    assert service.work.permissions == ["echo.use"]


def test_the_circumstances_are_known_to_the_work() -> None:
    seen: list[context.Context] = []
    deadline = time.monotonic() + 5
    answer(lambda *_, **__: seen.append(context.current()), call(deadline=deadline))
    assert (seen[0].correlation_id, seen[0].service, seen[0].deadline) == ("correlation-1", "echo", deadline)


def test_the_circumstances_end_with_the_work() -> None:
    before = context.current()
    answer(lambda *_, **__: {}, call())
    assert context.current() is before


def test_a_typed_error_rolls_back_and_is_told() -> None:
    service = Service()

    def handler(*_: Any, **__: Any) -> None:
        raise Conflict

    assert answer(handler, call(), service=service).outcome == "conflict"
    assert (service.work.ledger.rolled_back, service.work.ledger.committed) == (["echo.echo"], [])


def test_an_unexpected_exception_rolls_back_and_tells_nothing_of_itself() -> None:
    service = Service()

    def handler(*_: Any, **__: Any) -> None:
        raise KeyError(SECRET)

    reply = answer(handler, call(), service=service)
    assert reply.outcome == "something_wrong"
    assert SECRET not in str(reply.body)
    assert service.work.ledger.rolled_back == ["echo.echo"]


def test_work_past_its_deadline_is_rolled_back() -> None:
    service = Service()
    reply = answer(lambda *_, **__: eventlet.sleep(5), call(deadline=time.monotonic() + 0.05), service=service)
    assert reply.outcome == "timed_out"
    assert service.work.ledger.rolled_back == ["echo.echo"]


def test_a_call_that_is_late_opens_nothing() -> None:
    service = Service()
    assert answer(lambda *_, **__: {}, call(deadline=time.monotonic() - 1), service=service).outcome == "timed_out"
    assert service.work.permissions == []


def test_without_a_token_nothing_is_opened() -> None:
    service = Service()
    assert answer(lambda *_, **__: {}, call(token=None), service=service).outcome == "not_signed_in"
    assert service.work.permissions == []


def test_arguments_that_do_not_fit_are_refused_before_the_handler() -> None:
    assert answer(lambda *_, **__: pytest.fail("it ran"), call({"number": "many"})).outcome == "invalid"


@pytest.mark.parametrize("key", [None, "", "x" * 129, "two\nlines"])
def test_a_change_needs_a_key_that_is_well_formed(key: str | None) -> None:
    assert answer(lambda *_, **__: {}, call(key=key), COUNT).outcome == "key_needed"


def test_the_answer_to_a_change_is_kept_and_given_again() -> None:
    service, runs = Service(), []

    def handler(*_: Any, **values: Any) -> dict[str, int]:
        runs.append(values)
        return {"number": len(runs)}

    replies = [answer(handler, call({"text": "a"}, key="key-1"), COUNT, service).body["number"] for _ in range(3)]
    assert (replies, len(runs)) == ([1, 1, 1], 1)


def test_a_change_that_failed_keeps_no_answer() -> None:
    service = Service()

    def handler(*_: Any, **__: Any) -> None:
        raise Conflict

    answer(handler, call(key="key-1"), COUNT, service)
    assert service.work.ledger.answers == {}


def test_a_used_key_with_other_values_is_refused() -> None:
    service = Service()
    answer(lambda *_, **__: {}, call({"text": "a"}, key="key-1"), COUNT, service)
    assert answer(lambda *_, **__: {}, call({"text": "b"}, key="key-1"), COUNT, service).outcome == "idempotency_mismatch"
