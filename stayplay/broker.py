"""The broker's users: one a service, each with just the rights that its calls and events need.

Done through RabbitMQ's management interface, and safe to repeat.
"""

import os
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from chassis.events import listeners_of
from chassis.events.topology import DEAD_EXCHANGE, EXCHANGE
from chassis.rpc.wire import DEAD_QUEUE, queue_of
from stayplay.roster import PACKAGES, service_class

DEFAULT_EXCHANGE = "amq.default"
"""What RabbitMQ calls the exchange without a name when it checks rights; calls and replies go through it."""


def rights(service: str) -> dict[str, Any]:
    """Return what the user of ``service`` may configure, write and read, as the management interface takes it."""
    own = [re.escape(queue_of(service)), re.escape(DEAD_QUEUE), rf"events\.{service}\..*"]
    exchanges = [re.escape(EXCHANGE), re.escape(DEAD_EXCHANGE)]
    return {
        "configure": _any_of([*own, *exchanges]),
        "write": _any_of([*own, *exchanges, re.escape(DEFAULT_EXCHANGE)]),
        "read": _any_of([*own, *exchanges]),
    }


def event_rights(service: str) -> dict[str, str]:
    """Return which types of event ``service`` may publish, and which its queues may be bound to."""
    heard = {name for listener in listeners_of(service_class(service)) for name in listener.types}
    return {"exchange": EXCHANGE, "write": rf"^{service}\..*$", "read": _any_of(map(re.escape, sorted(heard)))}


def _any_of(patterns: Iterable[str]) -> str:
    # an empty alternative would match only the empty name, which is what somebody without rights gets
    return f"^({'|'.join(patterns)})$"


def make_users(management_url: str, passwords: dict[str, str], virtual_host: str = "/") -> None:
    """Make or correct the user of each service.

    Args:
        management_url: address of the management interface, with an administrator's name and password in it.
        passwords: of each service's user.
        virtual_host: where the platform's queues are.

    Raises:
        httpx.HTTPError: the broker refused or can't be reached.
    """
    address = urlsplit(management_url)
    base = f"{address.scheme}://{address.hostname}:{address.port}/api"
    host = quote(virtual_host, safe="")
    with httpx.Client(auth=(address.username or "", address.password or ""), timeout=10) as management:
        for service, password in passwords.items():
            changes = {
                f"users/{service}": {"password": password, "tags": ""},
                f"permissions/{host}/{service}": rights(service),
                f"topic-permissions/{host}/{service}": event_rights(service),
            }
            for path, body in changes.items():
                management.put(f"{base}/{path}", json=body).raise_for_status()


def passwords_from(environment: dict[str, str] | None = None) -> dict[str, str]:
    """Return the password of each service's user, from settings such as REFERRALS_BROKER_PASSWORD.

    Raises:
        KeyError: one is missing.
    """
    values = os.environ if environment is None else environment
    return {service: values[f"{service.upper()}_BROKER_PASSWORD"] for service in PACKAGES}
