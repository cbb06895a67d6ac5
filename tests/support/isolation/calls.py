"""The operations of the services' contracts, asked over the broker as the gateway asks them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from chassis.broker import Address
from chassis.caller import Caller, TokenSigner
from chassis.contract import Operation
from chassis.errors import StayPlayError
from chassis.rpc import RpcClient
from gateway.api.document import plugin, teach_words
from stayplay.roster import PACKAGES, SERVICES
from tests.support.installation import SECRETS
from tests.support.isolation.answers import Answer

CONTRACTS: tuple[Operation, ...] = tuple(
    operation for service in SERVICES for operation in import_module(f"{PACKAGES[service]}.contract").OPERATIONS
)


def schemas() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schemas of every request in JSON Schema: all by name, and each operation's own by its full name."""
    components, asked = read([one.request for one in CONTRACTS])
    return components, dict(zip((one.full_name for one in CONTRACTS), asked, strict=True))


def read(contracts: Sequence[type[Schema]]) -> tuple[dict[str, Any], list[Any]]:
    """Return schemas in JSON Schema: what they speak of by name, and each."""
    reader: MarshmallowPlugin = plugin()
    spec = APISpec(title="contracts", version="1", openapi_version="3.1.0", plugins=[reader])
    teach_words(reader.converter)
    assert reader.resolver is not None
    resolve = reader.resolver.resolve_schema_dict
    found = [resolve(one) for one in contracts]  # type: ignore[no-untyped-call]  # apispec's own words of it
    return spec.to_dict()["components"].get("schemas", {}), found


class Calling:
    """Somebody whose calls carry a token that the gateway signed."""

    def __init__(self, client: RpcClient, caller: Caller) -> None:
        self._client, self._caller = client, caller

    def ask(self, operation: Operation, body: Mapping[str, Any], *, key: str = "") -> Answer:
        """Make one call with JSON, and return the reply or the error as it crosses."""
        expires_at = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=5)
        token = TokenSigner(SECRETS["GATEWAY_SIGNING_KEY"]).sign(replace(self._caller, expires_at=expires_at))
        values = operation.request().load(dict(body))
        try:
            reply = self._client.call_body(operation, token, idempotency_key=key or uuid4().hex, **values)
        except StayPlayError as error:
            return Answer(error.status, (), json.dumps(error.to_wire(), default=str))
        return Answer(200, (), reply.decode())


@contextmanager
def calling(broker: str, caller: Caller) -> Iterator[Calling]:
    """Call services as ``caller`` for the length of a ``with`` block."""
    client = RpcClient(Address(broker), timeout=20)
    client.open(10)
    yield Calling(client, caller)
    client.close()
