"""What crosses in a call."""

import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from amqp.basic_message import Message

from chassis import clock
from chassis.broker import Delivery
from chassis.contract import Operation
from chassis.errors import Invalid, NotFound, SomethingWrong, Unreadable
from chassis.rpc import wire
from chassis.schemas import Contract, day, moment
from tests.support.echo import ECHO, MISSING


def delivered(body: bytes = b"{}", **properties: Any) -> Delivery:
    headers = properties.pop("headers", {})
    message = Message(body, application_headers=headers, **{"type": "echo", "reply_to": "r", "correlation_id": "1", **properties})
    return Delivery(message, None)


def test_a_call_is_read_as_it_was_written() -> None:
    headers = wire.headers_for("the-token", 10, "key-1", "c0ffee00-0001")
    call = wire.call_from(delivered(b'{"text": "a"}', headers=headers))
    assert (call.name, call.values) == ("echo", {"text": "a"})
    assert (call.token, call.key, call.correlation_id) == ("the-token", "key-1", "c0ffee00-0001")
    assert call.deadline is not None
    assert call.deadline - time.monotonic() == pytest.approx(10, abs=0.2)
    assert not call.is_late


def test_a_call_without_a_deadline_is_never_late() -> None:
    assert not wire.call_from(delivered()).is_late


def test_a_call_is_late_when_its_caller_has_given_up() -> None:
    headers = wire.headers_for("t", -1, None, "c0ffee00-0001")
    assert wire.call_from(delivered(headers=headers)).is_late


def test_a_read_has_no_key_at_all() -> None:
    assert wire.KEY not in wire.headers_for("t", 1, None, "c0ffee00-0001")


@pytest.mark.parametrize("correlation", ["", "short", "x" * 65, "a b c d e f", "new\nline-in-the-log", "Wojciechowska", 7, None])
def test_a_correlation_id_that_is_not_well_formed_is_replaced(correlation: object) -> None:
    call = wire.call_from(delivered(headers={"correlation": correlation}))
    assert call.correlation_id != correlation
    assert len(call.correlation_id) == 36


def test_without_an_address_for_the_answer_it_is_no_call() -> None:
    with pytest.raises(wire.NotACall, match="no reply_to"):
        wire.call_from(delivered(reply_to=""))


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]", b'"text"', b"NaN", b'{"a": Infinity}', b"[" * 100_000, b"{}{}"])
def test_a_body_that_is_not_an_object_is_no_call(body: bytes) -> None:
    with pytest.raises(wire.NotACall) as refused:
        wire.call_from(delivered(body))
    assert body.decode(errors="replace") not in str(refused.value) or not body


def test_what_is_unreadable_does_not_quote_itself() -> None:
    with pytest.raises(Unreadable) as refused:
        wire.decoded(b"Sinead Doyle")
    assert refused.value.__suppress_context__
    assert "Sinead" not in str(refused.value)


def test_numbers_that_json_does_not_have_are_not_written() -> None:
    with pytest.raises(ValueError, match="Out of range"):
        wire.encoded({"a": float("nan")})


def test_text_crosses_as_itself() -> None:
    assert wire.decoded(wire.encoded({"name": "Sinéad ☂"})) == {"name": "Sinéad ☂"}


def test_typed_values_become_json_and_come_back() -> None:
    values = {"identifier": uuid4(), "amount": Decimal("1.50"), "moment": datetime(2026, 1, 1, tzinfo=UTC)}
    crossed = wire.decoded(wire.encoded(wire.arguments_to_json(ECHO, values)))
    assert wire.arguments_from_json(ECHO, crossed).items() >= values.items()


def test_an_argument_that_is_not_in_the_contract_is_refused_on_both_sides() -> None:
    with pytest.raises(TypeError, match="colour"):
        wire.arguments_to_json(ECHO, {"colour": "red"})
    with pytest.raises(Invalid) as refused:
        wire.arguments_from_json(ECHO, {"colour": "red"})
    assert list(refused.value.faults) == ["colour"]


def test_no_answer_is_an_empty_answer() -> None:
    assert wire.answer_to_json(MISSING, None) == {}


class Dated(Contract):
    """Something that happened."""

    at = moment("When")
    born = day("Born", not_future=True)


DATED = Operation("echo", "dated", "echo.use", Dated, Dated)
KEPT = {"at": "2026-11-23T13:32:38+00:00", "born": "2024-07-16"}


@pytest.mark.parametrize("year", [1999, 2017, 2099])
def test_what_was_kept_can_be_told_whatever_day_it_is_for_the_caller(year: int) -> None:
    with clock.acting_at(datetime(year, 6, 1, tzinfo=UTC)):
        assert wire.answer_from_json(DATED, KEPT)["at"].year == 2026


@pytest.mark.parametrize(("year", "faulty"), [(1999, {"at", "born"}), (2017, {"at", "born"})])
def test_what_is_sent_goes_by_the_day_that_it_is_for_the_caller(year: int, faulty: set[str]) -> None:
    with clock.acting_at(datetime(year, 6, 1, tzinfo=UTC)), pytest.raises(Invalid) as refused:
        wire.arguments_from_json(DATED, KEPT)
    assert set(refused.value.faults) == faulty


def test_an_answer_may_be_an_object() -> None:
    class Thing:
        number = 7

    assert wire.answer_to_json(ECHO, Thing())["number"] == 7


def test_an_error_crosses_as_itself() -> None:
    error = wire.error_from_reply(wire.encoded(NotFound("Not there.", a=1).to_wire()))
    assert (type(error), error.message, error.facts) == (NotFound, "Not there.", {"a": 1})


def test_an_error_that_nobody_here_knows_is_something_wrong() -> None:
    error = wire.error_from_reply(b'{"code": "of_another_release", "message": "?", "facts": {}}')
    assert isinstance(error, SomethingWrong)


def test_each_service_has_a_queue() -> None:
    assert wire.queue_of("referrals") == "rpc.referrals"
