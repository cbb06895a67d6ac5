"""What crosses in a call: names of queues and headers, and JSON through the contract's schemas."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError

from chassis.broker import Delivery
from chassis.context import correlation_id_from
from chassis.contract import Operation
from chassis.errors import Invalid, StayPlayError, Unreadable, from_wire
from chassis.schemas import instance_of, whatever_day_it_is

DEAD_QUEUE = "rpc.dead"
REPLY_QUEUE = "amq.rabbitmq.reply-to"
CONTENT_TYPE = "application/json"
ANSWER, ERROR = "answer", "error"
TOKEN, DEADLINE, KEY, CORRELATION = "token", "deadline", "key", "correlation"
LONGEST_KEY = 128

_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def queue_of(service: str) -> str:
    """Return the name of the queue that a service's calls wait in."""
    return f"rpc.{service}"


class NotACall(Exception):
    """The message is not a call that could be answered: no ``reply_to``, or its body is not a JSON object."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it arrived. Headers other than these four are not even looked at.

    Attributes:
        name: the operation asked for, without its service.
        values: the arguments, as JSON.
        deadline: monotonic seconds after which nobody waits for the answer; None when the caller set none.
        token, key: as they came, not yet verified.
    """

    name: str
    values: dict[str, Any]
    reply_to: str
    reply_id: str
    correlation_id: str
    token: str | None
    key: str | None
    deadline: float | None

    @property
    def is_late(self) -> bool:
        """Whether its caller has given up."""
        return self.deadline is not None and time.monotonic() >= self.deadline


def call_from(delivery: Delivery) -> Call:
    """Read a call.

    Raises:
        NotACall: it can't be answered or its body can't be read.
    """
    properties, headers = delivery.properties, delivery.headers
    reply_to = properties.get("reply_to")
    if not reply_to:
        raise NotACall("no reply_to")
    return Call(
        name=str(properties.get("type", "")),
        values=_object(delivery.body),
        reply_to=reply_to,
        reply_id=str(properties.get("correlation_id", "")),
        correlation_id=correlation_id_from(headers.get(CORRELATION)),
        token=_text(headers.get(TOKEN)),
        key=_text(headers.get(KEY)),
        deadline=_monotonic(headers.get(DEADLINE)),
    )


def _object(body: bytes) -> dict[str, Any]:
    try:
        values = decoded(body)
    except Unreadable:
        raise NotACall("the body is not JSON") from None
    if not isinstance(values, dict):
        raise NotACall("the body is not an object")
    return values


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _monotonic(deadline: object) -> float | None:
    if not isinstance(deadline, int) or isinstance(deadline, bool):
        return None
    return time.monotonic() + deadline / 1000 - time.time()


def headers_for(token: str, seconds: float, key: str | None, correlation_id: str) -> dict[str, str | int]:
    """Return the headers of a call that its caller waits ``seconds`` for."""
    headers: dict[str, str | int] = {
        TOKEN: token,
        DEADLINE: int((time.time() + seconds) * 1000),
        CORRELATION: correlation_id,
    }
    if key is not None:
        headers[KEY] = key
    return headers


def encoded(value: Any) -> bytes:
    """Return JSON-ready ``value`` as bytes."""
    return _encode(value).encode()


def decoded(body: bytes) -> Any:
    """Return what a JSON body says.

    Raises:
        Unreadable: it is not JSON in UTF-8.
    """
    try:
        return json.loads(body.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError):
        # the cause quotes the body: it stays here
        raise Unreadable from None


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def arguments_to_json(operation: Operation, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return typed arguments as JSON.

    Raises:
        TypeError: the operation has no such argument.
    """
    schema = instance_of(operation.request)
    unknown = values.keys() - schema.fields.keys()
    if unknown:
        raise TypeError(f"{operation.full_name} takes no {', '.join(sorted(unknown))}")
    arguments: dict[str, Any] = schema.dump(values)
    return arguments


def arguments_from_json(operation: Operation, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the typed arguments of a call.

    Raises:
        Invalid: they do not fit the contract; the faults are named by field.
    """
    try:
        arguments: dict[str, Any] = instance_of(operation.request).load(values)
    except ValidationError as fault:
        faults: dict[str, Any] = fault.normalized_messages()  # type: ignore[no-untyped-call]  # marshmallow leaves it bare
        raise Invalid(faults=faults) from None
    return arguments


def answer_to_json(operation: Operation, answer: object) -> Any:
    """Return what a handler returned as JSON: it may be a model, a dictionary or None."""
    return instance_of(operation.reply).dump({} if answer is None else answer)


def answer_from_json(operation: Operation, answer: Any) -> dict[str, Any]:
    """Return a typed answer."""
    with whatever_day_it_is():
        loaded: dict[str, Any] = instance_of(operation.reply).load(answer)
    return loaded


def error_from_reply(body: bytes) -> StayPlayError:
    """Return the typed error that a reply holds."""
    return from_wire(decoded(body))
