"""The asking side of a call."""

import time
from collections.abc import Callable
from itertools import count
from typing import Any

import structlog
from eventlet.event import Event

from chassis import context, metrics
from chassis.broker import Address, BrokerAway, BrokerUnavailable, Link
from chassis.broker.link import ignore
from chassis.broker.message import TRANSIENT
from chassis.contract import Operation
from chassis.errors import KeyNeeded, StayPlayError, TimedOut, Unavailable
from chassis.rpc import wire

log = structlog.get_logger(__name__)

DEFAULT_TIMEOUT = 10.0


class RpcClient:
    """Calls services. One a process is enough: any number of green threads may use it at once.

    Requests and replies share a connection that is used for nothing else. Replies come by direct reply-to: there
    is no queue that anybody else could listen to, and none to clean up.
    """

    def __init__(
        self,
        address: Address,
        *,
        timeout: float = DEFAULT_TIMEOUT,
        on_away: Callable[[BrokerAway], None] = ignore,
    ) -> None:
        """Describe the client; `open` connects it.

        Args:
            address: where the broker is.
            timeout: seconds that a call may take where the call does not say.
            on_away: called once when the broker has been away for ``address.give_up_after``.
        """
        self._timeout = timeout
        self._waiting: dict[str, Pending] = {}
        self._numbers = count(1)
        self._link = Link(address, "rpc.client", prepare=self._prepare, on_lost=self._lose, on_away=on_away)

    @property
    def usable(self) -> bool:
        """Whether a call could be made now."""
        return self._link.usable

    @property
    def waiting(self) -> int:
        """How many calls wait for their reply."""
        return len(self._waiting)

    def open(self, within: float | None = None) -> None:
        """Connect. Raises BrokerUnavailable when not up ``within`` so many seconds (it keeps trying)."""
        self._link.open(within)

    def close(self) -> None:
        """Close the connection; whoever waits for a reply gets `Unavailable`."""
        self._link.close()
        self._lose()

    def call(
        self,
        operation: Operation,
        token: str,
        /,
        *,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        **values: Any,
    ) -> dict[str, Any]:
        """Call an operation and return its typed answer.

        Args:
            operation: from the contract of the service.
            token: the caller token.
            idempotency_key: for a change: the same key gets the same answer and changes nothing again.
            timeout: seconds to wait.
            values: the arguments, typed as in the contract.

        Raises:
            TimedOut: no reply in time; the work is cancelled, but a change may have been made just before.
            Unavailable: no such service, or no broker.
            KeyNeeded: a change without a key.
            StayPlayError: what the service answered.
        """
        return self.start(operation, token, idempotency_key=idempotency_key, timeout=timeout, **values).result()

    def call_body(
        self,
        operation: Operation,
        token: str,
        /,
        *,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        **values: Any,
    ) -> bytes:
        """Call as `call` does, and return the answer as it came, JSON in UTF-8: to be handed on unread."""
        return self.start(operation, token, idempotency_key=idempotency_key, timeout=timeout, **values).body()

    def start(
        self,
        operation: Operation,
        token: str,
        /,
        *,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        **values: Any,
    ) -> "Pending":
        """Send a call and return at once; `Pending.result` waits. Raises what `call` raises before it waits."""
        if operation.changes and not idempotency_key:
            raise KeyNeeded
        seconds = _allowed(self._timeout if timeout is None else timeout)
        body = wire.encoded(wire.arguments_to_json(operation, values))
        headers = wire.headers_for(token, seconds, idempotency_key, context.current().correlation_id)
        pending = Pending(self, operation, str(next(self._numbers)), seconds)
        self._send(pending, body, headers)
        return pending

    def _send(self, pending: "Pending", body: bytes, headers: dict[str, str | int]) -> None:
        self._waiting[pending.reply_id] = pending
        try:
            self._link.write(lambda channel: _publish(channel, pending, body, headers))
        except BrokerUnavailable as fault:
            log.warning("rpc.unsent", operation=pending.operation.full_name, fault=str(fault))
            pending.settle(Unavailable())

    def forget(self, reply_id: str) -> None:
        """Wait for a reply no longer."""
        self._waiting.pop(reply_id, None)

    def _prepare(self, channel: Any) -> None:
        channel.basic_consume(wire.REPLY_QUEUE, no_ack=True, callback=self._receive)
        channel.events["basic_return"].add(self._return)

    def _receive(self, raw: Any) -> None:
        pending = self._waiting.get(raw.properties.get("correlation_id", ""))
        if pending is not None:
            pending.settle(raw)

    def _return(self, _fault: Exception, _exchange: str, routing_key: str, raw: Any) -> None:
        log.warning("rpc.unroutable", queue=routing_key)
        pending = self._waiting.get(raw.properties.get("correlation_id", ""))
        if pending is not None:
            pending.settle(Unavailable())

    def _lose(self) -> None:
        for pending in list(self._waiting.values()):
            pending.settle(Unavailable())


class Pending:
    """A call that is under way."""

    __slots__ = ("_arrived", "_client", "_seconds", "_started", "operation", "reply_id")

    def __init__(self, client: RpcClient, operation: Operation, reply_id: str, seconds: float) -> None:
        self.operation = operation
        self.reply_id = reply_id
        self._client = client
        self._seconds = seconds
        self._started = time.monotonic()
        self._arrived = Event()

    @property
    def properties(self) -> dict[str, Any]:
        """The AMQP properties of the request. The broker drops it when nobody took it by its deadline."""
        return {
            "type": self.operation.name,
            "correlation_id": self.reply_id,
            "reply_to": wire.REPLY_QUEUE,
            "delivery_mode": TRANSIENT,
            "expiration": str(int(self._seconds * 1000)),
        }

    def settle(self, outcome: Any) -> None:
        """Take the reply, or the error that stands for it. Only the first one counts."""
        self._client.forget(self.reply_id)
        if not self._arrived.ready():
            self._arrived.send(outcome)

    def result(self) -> dict[str, Any]:
        """Wait for the typed answer. Raises what `RpcClient.call` raises."""
        return wire.answer_from_json(self.operation, wire.decoded(self.body()))

    def body(self) -> bytes:
        """Wait for the answer as it came. Raises what `RpcClient.call` raises."""
        outcome = self._wait()
        error = outcome if isinstance(outcome, StayPlayError) else _error_in(outcome)
        took = time.monotonic() - self._started
        metrics.rpc_called(self.operation.full_name, error.code if error else "ok", took)
        if error is not None:
            raise error
        return bytes(outcome.body)

    def abandon(self) -> None:
        """Wait no longer. The work goes on until it is done or its deadline comes."""
        self._client.forget(self.reply_id)

    def _wait(self) -> Any:
        left = self._started + self._seconds - time.monotonic()
        try:
            if not self._arrived.ready():
                self._arrived.wait(max(left, 0.001))
        finally:
            self._client.forget(self.reply_id)
        return self._arrived.wait() if self._arrived.ready() else TimedOut()


def gather(*calls: Pending) -> list[dict[str, Any]]:
    """Wait for several calls that are under way at once; raise the first error, in the order given."""
    try:
        return [call.result() for call in calls]
    finally:
        for call in calls:
            call.abandon()


def _allowed(timeout: float) -> float:
    """Return how long a call may take: never past the deadline of the work that makes it."""
    deadline = context.current().deadline
    if deadline is None:
        return timeout
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimedOut
    return min(timeout, left)


def _publish(channel: Any, pending: Pending, body: bytes, headers: dict[str, str | int]) -> None:
    message = channel.prepare_message(
        body,
        content_type=wire.CONTENT_TYPE,
        headers=headers,
        properties=pending.properties,
    )
    channel.basic_publish(message, routing_key=wire.queue_of(pending.operation.service), mandatory=True)


def _error_in(raw: Any) -> StayPlayError | None:
    return wire.error_from_reply(raw.body) if raw.properties.get("type") == wire.ERROR else None
