"""A fresh set of secrets for one installation, as `stayplay keys` prints it."""

from secrets import token_urlsafe

from chassis import signing
from chassis.settings import SERVICES

_ROLES = ("OWNER", "APP", "OPERATOR")


def fresh_secrets() -> dict[str, str]:
    """Return every secret that an installation needs, by the name of its setting: keys, passwords, the operators' token."""
    secrets = {name: token_urlsafe(24) for name in ("POSTGRES_PASSWORD", "RABBITMQ_PASSWORD")}
    secrets["OPERATOR_TOKEN"] = token_urlsafe(32)
    for service in SERVICES:
        secrets |= _service_secrets(service.upper())
    secrets["GATEWAY_IDENTITY_PASSWORD"] = token_urlsafe(24)
    return secrets


def _service_secrets(service: str) -> dict[str, str]:
    pair = signing.new_pair()
    passwords = {f"{service}_{role}_PASSWORD": token_urlsafe(24) for role in (*_ROLES, "BROKER")}
    return {f"{service}_SIGNING_KEY": pair.private, f"{service}_PUBLIC_KEY": pair.public, **passwords}
