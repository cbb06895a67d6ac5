"""Operations that the gateway carries out itself, in the same way as a service: one transaction, answered once."""

from collections.abc import Callable, Mapping
from typing import Any

from chassis import clock
from chassis.caller import Caller
from chassis.contract import Operation
from chassis.database import Database, open_work
from chassis.database.answers import fingerprint
from chassis.errors import KeyNeeded
from chassis.rpc import wire
from gateway.repository import Work

Handler = Callable[..., Any]
Finish = Callable[[dict[str, Any]], dict[str, Any]]


class Local:
    """Carries out the gateway's own operations.

    Args:
        database: the gateway's.
        handlers: by name of the operation; each takes the unit of work and the arguments.
        finishes: by name of the operation: adds to an answer what must not be kept with it, such as a token.
    """

    def __init__(self, database: Database, handlers: Mapping[str, Handler], finishes: Mapping[str, Finish]) -> None:
        self._database = database
        self._handlers = handlers
        self._finishes = finishes

    def answer(self, operation: Operation, caller: Caller, key: str | None, values: Mapping[str, Any]) -> Any:
        """Return the answer as JSON; the one given before where ``key`` was used for the very same request.

        Raises:
            KeyNeeded: a change without a key.
            IdempotencyMismatch: the key was used for something else.
            StayPlayError: Forbidden, or what the operation raises.
        """
        if operation.changes and not key:
            raise KeyNeeded
        with clock.acting_at(caller.at):
            asked = wire.arguments_to_json(operation, values)
            with open_work(Work, self._database, caller, operation.permission, operation=operation.full_name) as work:
                answer = self._once(operation, work, key, asked) if key and operation.changes else self._handled(operation, work, asked)
        finish = self._finishes.get(operation.name)
        return finish(answer) if finish else answer

    def _once(self, operation: Operation, work: Work, key: str, asked: dict[str, Any]) -> Any:
        work.key, work.fingerprint = key, fingerprint(operation.full_name, asked)
        earlier = work.answered(key, work.fingerprint)
        if earlier is not None:
            return earlier.answer
        answer = self._handled(operation, work, asked)
        work.keep_answer(answer)
        return answer

    def _handled(self, operation: Operation, work: Work, asked: dict[str, Any]) -> Any:
        arguments = wire.arguments_from_json(operation, asked)
        work.trail.asked(operation, arguments)
        result = self._handlers[operation.name](work, **arguments)
        work.session.flush()
        answer = wire.answer_to_json(operation, result)
        if operation.lists:
            work.trail.listed(operation, asked, len(answer["items"]))
        return answer
