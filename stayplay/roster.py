"""Who there is: every service, its class and its database. The one list of them all."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from chassis.database.store import Store

if TYPE_CHECKING:
    from chassis.runner import Hosted
    from chassis.settings import Settings

PACKAGES = {
    "referrals": "services.referrals",
    "assessments": "services.assessments",
    "sessions": "services.sessions",
    "outreach": "services.outreach",
    "gateway": "gateway",
}

SERVICES = ("referrals", "assessments", "sessions", "outreach")
"""Who answers calls over the broker; the gateway's own operations are carried out in its own process."""

LISTENERS = (*SERVICES, "gateway")
"""Who handles events."""

ROLE = click.Choice(list(PACKAGES))


def store(role: str) -> Store:
    """Return what the database of ``role`` is called and where its models and migrations are."""
    return Store(role, PACKAGES[role], identity=role == "gateway")


def hosted(role: str, settings: "Settings") -> "Hosted":
    """Return what `chassis.runner` needs to run ``role``."""
    from chassis.runner import Hosted

    return Hosted(service_class(role), settings, store(role), heard_by_anybody())


def heard_by_anybody() -> frozenset[str]:
    """Return the types of event that some service listens to."""
    from chassis.events import listeners_of

    listeners = [listener for role in LISTENERS for listener in listeners_of(service_class(role))]
    return frozenset(name for listener in listeners for name in listener.types)


def service_class(role: str) -> type[Any]:
    """Return the nameko service of ``role``; importing it takes a moment."""
    found: type[Any] = getattr(import_module(f"{PACKAGES[role]}.service"), f"{role.capitalize()}Service")
    return found
