"""The consumer of a service's calls, shared by all its entrypoints."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import SharedExtension

from chassis.broker import Address, BrokerUnavailable, Consumer, Delivery, Link, Outgoing, Subscription, Topology
from chassis.broker.address import PATIENCE
from chassis.broker.message import TRANSIENT, to_wire
from chassis.caller import TokenVerifier
from chassis.rpc import wire
from chassis.rpc.answering import Reply
from chassis.rpc.faults import UnknownOperation
from chassis.rpc.wire import Call, NotACall

if TYPE_CHECKING:
    from chassis.rpc.entrypoint import Rpc

log = structlog.get_logger(__name__)

LONGEST_QUEUE = 10_000
DEAD_KEPT = 1_000
DEAD_KEPT_MS = 7 * 24 * 3600 * 1000


class RpcServer(SharedExtension):
    """Takes a service's calls from its queue, spawns a worker for each and sends the replies.

    Calls come on one connection and replies leave on another: an alarm at the broker, which stops those who
    publish, does not stop the acknowledgements.
    """

    def __init__(self) -> None:
        self._entrypoints: dict[str, Rpc] = {}
        self._consumer: Consumer | None = None
        self._replies: Link | None = None
        self._verifier: TokenVerifier | None = None

    @property
    def usable(self) -> bool:
        """Whether calls can be taken and answered now."""
        return bool(self._consumer and self._consumer.usable and self._replies and self._replies.usable)

    def answer_for(self, entrypoint: "Rpc") -> None:
        """Send the calls of an operation to ``entrypoint``."""
        self._entrypoints[entrypoint.operation.name] = entrypoint

    def start(self) -> None:
        """Connect, declare the queues and start taking calls.

        Raises:
            BrokerUnavailable: the broker can't be reached within its address's patience.
        """
        config = self.container.config
        settings = config["settings"]
        address = Address(settings.amqp_uri, give_up_after=config.get("broker_patience", PATIENCE))
        queue = wire.queue_of(self.container.service_name)
        self._verifier = TokenVerifier(settings.public_keys["gateway"])
        self._replies = Link(address, f"{queue}.replies", on_away=self._give_up)
        self._replies.open(address.give_up_after)
        self._consumer = Consumer(
            address,
            queue,
            [Subscription(queue, self._take)],
            prefetch=settings.max_workers,
            declare=partial(_declare, queue=queue),
            on_away=self._give_up,
        )
        self._consumer.open(address.give_up_after)

    def stop_consuming(self) -> None:
        """Take no more calls; those in hand are finished and answered."""
        if self._consumer is not None:
            self._consumer.stop_consuming()

    def stop(self) -> None:
        """Close the connections; the container has waited for the workers by now."""
        for part in (self._consumer, self._replies):
            if part is not None:
                part.close()

    kill = stop

    def _give_up(self, away: Exception) -> None:
        self.container.kill((type(away), away, None))

    def _take(self, delivery: Delivery) -> None:
        try:
            self._spawn(wire.call_from(delivery), delivery)
        except NotACall as reason:
            log.warning("rpc.refused", error=str(reason))
            self._bury(delivery, str(reason))
        except ContainerBeingKilled:
            delivery.reject(requeue=True)

    def _spawn(self, call: Call, delivery: Delivery) -> None:
        entrypoint = self._entrypoints.get(call.name)
        if call.is_late:
            log.info("rpc.late", operation=entrypoint.operation.full_name if entrypoint else "")
            delivery.ack()
        elif entrypoint is None:
            self._finish(call, delivery, Reply.error(UnknownOperation()))
        else:
            self.container.spawn_worker(entrypoint, (call, self._verifier), {}, handle_result=partial(self._worker_done, call, delivery))

    def _bury(self, delivery: Delivery, reason: str) -> None:
        """Move what is not a call to the dead-letter queue, without its headers: they may hold a token.

        The queue's own dead-lettering would bring every call there that nobody took in time.
        """
        grave = Outgoing(delivery.body, wire.DEAD_QUEUE, headers={"reason": reason}, content_type="application/octet-stream")
        self._write(lambda channel: channel.basic_publish(to_wire(channel, grave), routing_key=grave.routing_key))
        delivery.ack()

    def _worker_done(self, call: Call, delivery: Delivery, worker: Any, result: Any, failure: Any) -> tuple[Any, Any]:
        del worker
        self._finish(call, delivery, result)
        return result, failure

    def _finish(self, call: Call, delivery: Delivery, reply: Reply) -> None:
        self._write(partial(_publish, call=call, reply=reply))
        delivery.ack_soon()

    def _write(self, how: Callable[[Any], None]) -> None:
        try:
            if self._replies is not None:
                self._replies.write(how)
        except BrokerUnavailable as fault:
            log.warning("rpc.unanswered", fault=str(fault))


def _declare(topology: Topology, *, queue: str) -> None:
    topology.queue(wire.DEAD_QUEUE, x_max_length=DEAD_KEPT, x_message_ttl=DEAD_KEPT_MS)
    topology.queue(queue, x_max_length=LONGEST_QUEUE, x_overflow="reject-publish")


def _publish(channel: Any, *, call: Call, reply: Reply) -> None:
    message = channel.prepare_message(
        wire.encoded(reply.body),
        content_type=wire.CONTENT_TYPE,
        properties={
            "type": wire.ERROR if reply.is_error else wire.ANSWER,
            "correlation_id": call.reply_id,
            "delivery_mode": TRANSIENT,
        },
    )
    channel.basic_publish(message, routing_key=call.reply_to)
