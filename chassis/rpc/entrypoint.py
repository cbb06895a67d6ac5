"""The answering side of a call: ``@rpc(contract.ACCEPT)`` on a method of a service."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from nameko.extensions import Entrypoint, register_entrypoint

from chassis.contract import Operation
from chassis.rpc.answering import Answering
from chassis.rpc.server import RpcServer
from chassis.rpc.wire import Call

Handler = TypeVar("Handler", bound=Callable[..., Any])


class Rpc(Entrypoint):
    """Answers one operation. Calls of all operations of a service wait in one queue."""

    server = RpcServer()

    def __init__(self, operation: Operation, **kwargs: Any) -> None:
        self.operation = operation
        super().__init__(**kwargs)

    def setup(self) -> None:
        """Join the service's consumer."""
        self.server.answer_for(self)

    def stop(self) -> None:
        """Take no more calls; those in hand go on."""
        self.server.stop_consuming()


def rpc(operation: Operation) -> Callable[[Handler], Handler]:
    """Let a method answer ``operation``.

    The method gets an open unit of work, bound to the borough of the verified caller who holds the operation's
    permission, and the arguments as the contract's schema loaded them. What it returns goes back through the
    reply schema; for a change it is kept with the idempotency key in the same transaction.
    """

    def decorate(handler: Handler) -> Handler:
        answering = Answering(operation, handler)

        @wraps(handler)
        def answer(service: Any, first: Any, *args: Any, **kwargs: Any) -> Any:
            if isinstance(first, Call):
                return answering.answer(service, first, *args)
            return handler(service, first, *args, **kwargs)

        register_entrypoint(answer, Rpc(operation))
        return answer  # type: ignore[return-value]  # it takes what the handler takes, and calls as they arrive

    return decorate
