"""What every way into the platform needs: addresses, operations, events, timers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR, Entrypoint

from chassis.broker import Address
from chassis.contract import Operation
from chassis.events.entrypoint import EventHandler
from chassis.keys import fresh_secrets
from chassis.rpc import Rpc, RpcClient
from chassis.settings import Settings
from gateway.access import guard
from gateway.app import create_app
from gateway.runtime import Runtime
from stayplay.roster import PACKAGES, service_class

_NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, order=True)
class Way:
    """One address.

    Attributes:
        need: a permission, or one of the words of `gateway.access.guard`; None where nobody said.
        asks_again: it needs a password or a factor that was given a moment ago.
    """

    address: str
    method: str
    endpoint: str
    need: str | None
    asks_again: bool = False


@dataclass(frozen=True)
class Entry:
    """One way into a service beside HTTP.

    Attributes:
        kind: rpc, event, timer or website.
        needs: permission of an operation; for an event the services whose signature it must carry; None where nobody said.
    """

    service: str
    method: str
    kind: str
    needs: str | None
    what: str = ""


@cache
def ways() -> tuple[Way, ...]:
    """Return every address of the application, which is made once to be looked at."""
    app = create_app(_runtime())
    needed = guard.needs_by_endpoint(app)
    found = [
        Way(rule.rule, method, rule.endpoint, needed[rule.endpoint], bool(getattr(app.view_functions[rule.endpoint], guard.ASKS, False)))
        for rule in app.url_map.iter_rules()
        for method in _METHODS
        if method in (rule.methods or ())
    ]
    return tuple(sorted(found, key=lambda way: (way.address, way.method)))


def _runtime() -> Runtime:
    """Return what the application stands on, with nothing behind it: nothing is asked."""
    urls = ("GATEWAY_DATABASE_URL", "GATEWAY_OPERATOR_DATABASE_URL", "GATEWAY_IDENTITY_DATABASE_URL")
    public = {"PORT": "8000", "PUBLIC_URL": "http://localhost:8000", "AMQP_URI": "inprocess://nothing"}
    settings = Settings.read("gateway", {**fresh_secrets(), **dict.fromkeys(urls, _NOWHERE), **public})
    return Runtime.of(settings, settings.database(), RpcClient(Address(settings.amqp_uri)))


def operations() -> list[Operation]:
    """Return every operation of every contract, the gateway's own too."""
    return [operation for package in PACKAGES.values() for operation in import_module(f"{package}.contract").OPERATIONS]


def entries() -> Iterator[Entry]:
    """Yield every entrypoint of every service, whatever it is."""
    for service in PACKAGES:
        made = service_class(service)
        for name in sorted(dir(made)):
            for entrypoint in getattr(getattr(made, name), ENTRYPOINT_EXTENSIONS_ATTR, ()):
                yield _entry(service, name, entrypoint)


def _entry(service: str, method: str, entrypoint: Entrypoint) -> Entry:
    if isinstance(entrypoint, Rpc):
        return Entry(service, method, "rpc", entrypoint.operation.permission or None, entrypoint.operation.name)
    if isinstance(entrypoint, EventHandler):
        types: Mapping[str, Any] = entrypoint.types
        signers = sorted({event_type.service for event_type in types.values()})
        return Entry(service, method, "event", " ".join(signers) or None, " ".join(types))
    return Entry(service, method, _OTHERS.get(type(entrypoint).__name__, type(entrypoint).__name__), None)


_OTHERS = {"Every": "timer", "Steadily": "timer", "Website": "website"}
