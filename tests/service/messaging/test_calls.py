"""Calls and answers, on both brokers."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any
from uuid import uuid4

import eventlet
import pytest

from chassis import context, signing
from chassis.context import Context
from chassis.errors import (
    Forbidden,
    IdempotencyMismatch,
    Invalid,
    InvalidTransition,
    KeyNeeded,
    NotFound,
    NotSignedIn,
    SomethingWrong,
    TimedOut,
    Unavailable,
)
from chassis.rpc import UnknownOperation, gather
from tests.service.messaging.conftest import Echo, until
from tests.support.echo import (
    ADMINISTER,
    BROKEN,
    COUNT,
    ECHO,
    MISSING,
    MOVED,
    NOBODY,
    SECRET,
    SLOW,
    UNKNOWN,
    WHO,
    token,
)


def test_typed_values_come_back_as_they_went(echo: Echo) -> None:
    values: dict[str, Any] = {
        "text": "Sinéad & Finn ☂",
        "identifier": uuid4(),
        "day": date(2026, 2, 28),
        "moment": datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC),
        "amount": Decimal("12.50"),
        "number": 7,
    }
    assert echo.client.call(ECHO, token(), **values) == values


def test_the_answer_can_be_had_as_the_json_that_crossed(echo: Echo) -> None:
    identifier = uuid4()
    answer = json.loads(echo.client.call_body(ECHO, token(), identifier=identifier, amount=Decimal("1.5")))
    assert (answer["identifier"], answer["amount"]) == (str(identifier), "1.50")


def test_a_long_text_crosses(echo: Echo) -> None:
    text = "é" * 300_000
    assert echo.client.call(ECHO, token(), text=text)["text"] == text


def test_a_value_that_the_operation_does_not_take_never_leaves(echo: Echo) -> None:
    with pytest.raises(TypeError, match=r"echo\.echo takes no colour"):
        echo.client.call(ECHO, token(), colour="red")


def test_a_value_that_does_not_fit_is_named(echo: Echo) -> None:
    with pytest.raises(Invalid) as refused:
        echo.client.call(ECHO, token(), number=-1)
    assert list(refused.value.faults) == ["number"]


def test_a_typed_error_comes_back_as_itself(echo: Echo) -> None:
    with pytest.raises(NotFound):
        echo.client.call(MISSING, token())


def test_a_typed_error_brings_its_message_and_facts(echo: Echo) -> None:
    with pytest.raises(InvalidTransition, match="It was closed already") as refused:
        echo.client.call(MOVED, token())
    assert refused.value.facts == {"status": "closed"}


def test_the_text_of_an_unexpected_exception_does_not_cross(echo: Echo) -> None:
    with pytest.raises(SomethingWrong) as failed:
        echo.client.call(BROKEN, token())
    crossed = json.dumps(failed.value.to_wire())
    assert SECRET not in crossed
    assert "RuntimeError" not in crossed


def test_the_reference_of_an_unexpected_exception_is_in_the_log_without_its_text(echo: Echo, lines: StringIO) -> None:
    with pytest.raises(SomethingWrong) as failed:
        echo.client.call(BROKEN, token())
    logged = lines.getvalue()
    assert failed.value.facts["reference"] in logged
    assert "RuntimeError" in logged
    assert SECRET not in logged


def test_an_unknown_operation_is_said_to_be_unknown(echo: Echo) -> None:
    with pytest.raises(UnknownOperation):
        echo.client.call(UNKNOWN, token())


def test_an_unknown_service_is_unavailable_at_once(echo: Echo) -> None:
    with eventlet.Timeout(2), pytest.raises(Unavailable):
        echo.client.call(NOBODY, token())


def test_nothing_waits_on_after_calls_to_an_unknown_service(echo: Echo) -> None:
    for _ in range(20):
        with pytest.raises(Unavailable):
            echo.client.call(NOBODY, token())
    assert echo.client.waiting == 0


def test_without_the_permission_a_call_is_refused(echo: Echo) -> None:
    with pytest.raises(Forbidden):
        echo.client.call(ADMINISTER, token("echo.use"))


@pytest.mark.parametrize(
    "unfit",
    [
        pytest.param(lambda: "", id="absent"),
        pytest.param(lambda: "not.a.token", id="malformed"),
        pytest.param(lambda: token(seconds=-60), id="expired"),
        pytest.param(lambda: token(private=signing.new_pair().private), id="forged"),
    ],
)
def test_without_a_valid_caller_token_a_call_is_refused(echo: Echo, unfit: object) -> None:
    with pytest.raises(NotSignedIn):
        echo.client.call(ECHO, unfit())  # type: ignore[operator]  # each is a function
    assert echo.ledger.started == []


def test_only_the_token_sets_the_borough(echo: Echo) -> None:
    borough_id = uuid4()
    assert echo.client.call(WHO, token(borough_id=borough_id))["identifier"] == borough_id


def test_the_correlation_id_of_the_caller_travels_along(echo: Echo) -> None:
    with context.entered(Context(correlation_id="0a0b0c0d-0001")):
        assert echo.client.call(WHO, token())["text"] == "0a0b0c0d-0001"


def test_a_change_without_a_key_is_refused_before_it_leaves(echo: Echo) -> None:
    with pytest.raises(KeyNeeded):
        echo.client.call(COUNT, token())


def test_a_repeated_change_gets_the_first_answer_and_changes_nothing(echo: Echo) -> None:
    first = echo.client.call(COUNT, token(), idempotency_key="key-0001", text="a")
    again = echo.client.call(COUNT, token(), idempotency_key="key-0001", text="a")
    other = echo.client.call(COUNT, token(), idempotency_key="key-0002", text="a")
    assert first["number"] == again["number"] == 1
    assert other["number"] > first["number"]


def test_a_key_that_comes_with_other_values_is_refused(echo: Echo) -> None:
    echo.client.call(COUNT, token(), idempotency_key="key-0003", text="a")
    with pytest.raises(IdempotencyMismatch):
        echo.client.call(COUNT, token(), idempotency_key="key-0003", text="b")


def test_a_reply_that_does_not_come_is_not_waited_for_for_ever(echo: Echo) -> None:
    with eventlet.Timeout(2), pytest.raises(TimedOut):
        echo.client.call(SLOW, token(), timeout=0.2, number=Decimal(5))
    assert echo.client.waiting == 0


def test_work_whose_caller_has_given_up_is_cancelled_and_rolled_back(echo: Echo) -> None:
    with pytest.raises(TimedOut):
        echo.client.call(SLOW, token(), timeout=0.2, number=Decimal(5))
    until(lambda: echo.ledger.rolled_back == ["echo.slow"], within=2)
    assert echo.ledger.committed == []


def test_a_call_whose_caller_has_given_up_is_not_started(echo: Echo) -> None:
    workers = echo.settings.max_workers
    busy = [echo.client.start(SLOW, token(), number=Decimal("0.5")) for _ in range(workers)]
    with pytest.raises(TimedOut):
        echo.client.call(ECHO, token(), timeout=0.1)
    gather(*busy)
    eventlet.sleep(0.1)
    assert "echo.echo" not in echo.ledger.started


def test_a_call_made_within_work_ends_with_that_work(echo: Echo) -> None:
    import time

    with context.entered(Context("outer-call-1", deadline=time.monotonic() + 0.2)), eventlet.Timeout(2), pytest.raises(TimedOut):
        echo.client.call(SLOW, token(), timeout=9, number=Decimal(5))


def test_no_call_leaves_when_the_time_is_up_already(echo: Echo) -> None:
    import time

    with context.entered(Context("outer-call-2", deadline=time.monotonic() - 1)), pytest.raises(TimedOut):
        echo.client.call(ECHO, token())
    assert echo.ledger.started == []


def test_several_calls_run_at_once(echo: Echo) -> None:
    with eventlet.Timeout(3):
        calls = [echo.client.start(SLOW, token(), number=Decimal("0.5"), text=str(n)) for n in range(8)]
        assert [answer["text"] for answer in gather(*calls)] == [str(n) for n in range(8)]


def test_more_callers_at_once_than_any_pool_holds_get_their_own_answers(echo: Echo) -> None:
    threads = [eventlet.spawn(echo.client.call, ECHO, token(), text=str(n)) for n in range(200)]
    assert [thread.wait()["text"] for thread in threads] == [str(n) for n in range(200)]
    assert echo.client.waiting == 0


def test_whoever_waits_is_told_when_the_client_closes(echo: Echo) -> None:
    waiting = echo.client.start(SLOW, token(), number=Decimal("0.5"))
    echo.client.close()
    with pytest.raises(Unavailable):
        waiting.result()


def test_a_closed_client_says_that_it_is_unavailable(echo: Echo) -> None:
    echo.client.close()
    with pytest.raises(Unavailable):
        echo.client.call(ECHO, token())
    assert echo.client.waiting == 0


def test_one_that_fails_leaves_no_other_waiting(echo: Echo) -> None:
    calls = [echo.client.start(MISSING, token()), echo.client.start(SLOW, token(), number=Decimal("0.3"))]
    with pytest.raises(NotFound):
        gather(*calls)
    assert echo.client.waiting == 0
