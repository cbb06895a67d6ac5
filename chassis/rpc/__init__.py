"""Calls between services: `rpc` on the answering side, `RpcClient` on the asking side.

A call crosses as JSON with the caller token, a deadline, and for a change an idempotency key. Answers and
typed errors come back the same way; anything unexpected comes back as `SomethingWrong` with a reference.
"""

from chassis.rpc.client import Pending, RpcClient, gather
from chassis.rpc.entrypoint import Rpc, rpc
from chassis.rpc.faults import UnknownOperation
from chassis.rpc.provider import RpcCalls
from chassis.rpc.server import RpcServer
from chassis.rpc.wire import DEAD_QUEUE, queue_of

__all__ = ["DEAD_QUEUE", "Pending", "Rpc", "RpcCalls", "RpcClient", "RpcServer", "UnknownOperation", "gather", "queue_of", "rpc"]
