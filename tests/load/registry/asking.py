"""Asking the referrals service over the broker, in a process of its own: ``python -m tests.load.registry.asking FILE``.

The file holds what is asked; the figures are printed as one line.
"""

from tests.support import green

green.patch()

import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import UUID

import eventlet

from chassis.broker import Address
from chassis.caller import TokenSigner
from chassis.rpc import RpcClient
from services.referrals import contract
from tests import factories
from tests.load.bench.figures import timed

OPERATIONS = {
    "search": contract.SEARCH_FAMILIES,
    "duplicates": contract.FIND_MATCHES,
    "board": contract.TRIAGE_BOARD,
    "read": contract.GET_FAMILY,
}
EVERYTHING = frozenset(operation.permission for operation in contract.OPERATIONS) | {"referrals.read_clinical"}


def main(path: str) -> None:
    """Ask, and print the figures."""
    asked: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    client = RpcClient(Address(asked["amqp"]), timeout=60)
    client.open(10)
    signer = TokenSigner(os.environ["GATEWAY_SIGNING_KEY"])
    expires = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=30)
    boroughs = {one["borough"] for one in asked["questions"]}
    callers = {borough: replace(factories.caller(UUID(borough), permissions=EVERYTHING), expires_at=expires) for borough in boroughs}
    tokens = {borough: signer.sign(caller) for borough, caller in callers.items()}
    questions = cycle([(tokens[one["borough"]], _typed(one["values"])) for one in asked["questions"]])
    calls = [_call(client, OPERATIONS[asked["kind"]], questions)] * asked["callers"]
    print(timed(calls, asked["seconds"], lambda run: eventlet.spawn(run).wait, asked["warm_up"]).as_json(), flush=True)


def _call(client: RpcClient, operation: Any, questions: Iterable[tuple[str, dict[str, Any]]]) -> Callable[[], None]:
    following = iter(questions)

    def call() -> None:
        token, values = next(following)
        client.call(operation, token, **values)

    return call


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    return {name: UUID(value) if name.endswith("_id") else value for name, value in values.items()}


if __name__ == "__main__":
    main(sys.argv[1])
