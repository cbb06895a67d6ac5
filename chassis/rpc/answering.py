"""From a call to its answer: who asks, in time, for what, once."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from chassis import context, metrics
from chassis.caller import Caller, TokenVerifier
from chassis.context import Context
from chassis.contract import Operation
from chassis.database.answers import fingerprint
from chassis.errors import KeyNeeded, StayPlayError, TimedOut
from chassis.failures import something_wrong
from chassis.rpc import wire
from chassis.rpc.deadline import Deadline, DeadlinePassed
from chassis.rpc.wire import Call

log = structlog.get_logger(__name__)


class Opens(Protocol):
    """What a service's ``work`` does: see `chassis.database.provider.WorkProvider`."""

    def open(self, caller: Caller, permission: str, *, operation: str) -> AbstractContextManager[Any]:
        """Open a unit of work."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back: JSON, and whether it is an error."""

    body: Any
    outcome: str = "ok"

    @property
    def is_error(self) -> bool:
        """Whether it is an error."""
        return self.outcome != "ok"

    @classmethod
    def error(cls, error: StayPlayError) -> "Reply":
        """Return the reply that says ``error``."""
        return cls(error.to_wire(), error.code)


class Answering:
    """Answers calls of one operation with one method of a service."""

    def __init__(self, operation: Operation, handler: Callable[..., Any]) -> None:
        self.operation = operation
        self._handler = handler

    def answer(self, service: Any, call: Call, verifier: TokenVerifier) -> Reply:
        """Return the reply to ``call``. Never raises an Exception: whatever goes wrong becomes a typed error."""
        started = time.monotonic()
        circumstances = Context(call.correlation_id, service.name, deadline=call.deadline)
        with context.entered(circumstances):
            reply = self._guarded(service, call, verifier)
        metrics.rpc_answered(self.operation.full_name, reply.outcome, time.monotonic() - started)
        return reply

    def _guarded(self, service: Any, call: Call, verifier: TokenVerifier) -> Reply:
        try:
            with Deadline(call.deadline) as deadline:
                return Reply(self._answer(service.work, service, call, verifier, deadline))
        except StayPlayError as error:
            return Reply.error(error)
        except DeadlinePassed:
            log.warning("rpc.cancelled", operation=self.operation.full_name)
            return Reply.error(TimedOut())
        except Exception as error:
            return Reply.error(something_wrong(error, self.operation.full_name))

    def _answer(self, work: Opens, service: Any, call: Call, verifier: TokenVerifier, deadline: Deadline) -> Any:
        caller = verifier.verify(call.token)
        if self.operation.changes and not _well_formed(call.key):
            raise KeyNeeded
        with work.open(caller, self.operation.permission, operation=self.operation.full_name) as uow:
            answer = self._once(service, uow, call) if self.operation.changes else self._handle(service, uow, call)
            deadline.lift()  # a commit that has begun is not interrupted
            return answer

    def _once(self, service: Any, uow: Any, call: Call) -> Any:
        earlier = uow.answered(call.key, fingerprint(self.operation.full_name, call.values))
        if earlier is not None:
            return earlier.answer
        answer = self._handle(service, uow, call)
        uow.keep_answer(answer)
        return answer

    def _handle(self, service: Any, uow: Any, call: Call) -> Any:
        arguments = wire.arguments_from_json(self.operation, call.values)
        uow.trail.asked(self.operation, arguments)
        answer = wire.answer_to_json(self.operation, self._handler(service, uow, **arguments))
        if self.operation.lists:
            uow.trail.listed(self.operation, call.values, len(answer["items"]), answer.get("total"))
        return answer


def _well_formed(key: str | None) -> bool:
    return key is not None and 0 < len(key) <= wire.LONGEST_KEY and key.isprintable()
