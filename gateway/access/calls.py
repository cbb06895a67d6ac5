"""Calls made for a person: of the services over the broker, of the gateway itself in this process."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from chassis.contract import Operation
from chassis.errors import StayPlayError
from chassis.rpc import RpcClient, wire
from gateway.access.local import Local
from gateway.access.tokens import Asker

Reply = dict[str, Any] | StayPlayError


class Question(NamedTuple):
    """One call to make."""

    operation: Operation
    values: dict[str, Any]


class Calls:
    """Asks whoever answers an operation."""

    def __init__(self, client: RpcClient, local: Local) -> None:
        self._client = client
        self._local = local

    def call(self, asker: Asker, question: Question, key: str | None) -> dict[str, Any]:
        """Return the typed reply."""
        operation, values = question
        if operation.service == "gateway":
            return wire.answer_from_json(operation, self._local.answer(operation, asker.caller, key, values))
        return self._client.call(operation, asker.token, idempotency_key=key, **values)

    def call_body(self, asker: Asker, question: Question, key: str | None) -> bytes:
        """Return the reply as JSON in UTF-8; what a service said is handed on unread."""
        operation, values = question
        if operation.service == "gateway":
            return wire.encoded(self._local.answer(operation, asker.caller, key, values))
        return self._client.call_body(operation, asker.token, idempotency_key=key, **values)

    def gather(self, asker: Asker, questions: Sequence[Question]) -> list[Reply]:
        """Ask everybody at once; an error stands in the place of the reply that it replaces."""
        answers = [self._asked(asker, question) for question in questions]
        return [_answered(answer) for answer in answers]

    def _asked(self, asker: Asker, question: Question) -> Callable[[], dict[str, Any]]:
        """Send the question and return what waits for its reply; the gateway's own work is done when that is called."""
        operation, values = question
        if operation.service == "gateway":
            return lambda: self.call(asker, question, None)
        try:
            return self._client.start(operation, asker.token, **values).result
        except StayPlayError as error:
            return _raising(error)


def _raising(error: StayPlayError) -> Callable[[], dict[str, Any]]:
    def fail() -> dict[str, Any]:
        raise error

    return fail


def _answered(answer: Callable[[], dict[str, Any]]) -> Reply:
    try:
        return answer()
    except StayPlayError as error:
        return error
