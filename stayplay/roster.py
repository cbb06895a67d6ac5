"""Who there is: every service, its class and its database. The one list of them all."""

from importlib import import_module
from typing import Any

import click

from chassis.database.store import Store

PACKAGES = {
    "referrals": "services.referrals",
    "assessments": "services.assessments",
    "sessions": "services.sessions",
    "outreach": "services.outreach",
    "gateway": "gateway",
}

ROLE = click.Choice(list(PACKAGES))


def store(role: str) -> Store:
    """Return what the database of ``role`` is called and where its models and migrations are."""
    return Store(role, PACKAGES[role], identity=role == "gateway")


def service_class(role: str) -> type[Any]:
    """Return the nameko service of ``role``; importing it takes a moment."""
    found: type[Any] = getattr(import_module(f"{PACKAGES[role]}.service"), f"{role.capitalize()}Service")
    return found
